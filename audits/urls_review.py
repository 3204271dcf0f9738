"""Addresses of management reviews, improvements and risks to the SMS."""

from django.urls import URLPattern, path

from audits.views import improvements, review, reviews, sms_risks

AUDITS = "projects/<slug:slug>/audits"
IMPROVEMENTS = f"{AUDITS}/improvements"
RISKS = f"{AUDITS}/risks"
REVIEWS = f"{AUDITS}/reviews"

urlpatterns: list[URLPattern] = [
    path(f"{IMPROVEMENTS}/", improvements.listing, name="improvements"),
    path(f"{IMPROVEMENTS}/export/", improvements.export, name="improvements_export"),
    path(f"{IMPROVEMENTS}/new/", improvements.new, name="improvement_new"),
    path(f"{IMPROVEMENTS}/<str:ref>/", improvements.page, name="improvement"),
    path(f"{IMPROVEMENTS}/<str:ref>/move/", improvements.move, name="improvement_move"),
    path(f"{IMPROVEMENTS}/<str:ref>/measure/", improvements.measure, name="improvement_measure"),
    path(f"{RISKS}/", sms_risks.listing, name="sms_risks"),
    path(f"{RISKS}/export/", sms_risks.export, name="sms_risks_export"),
    path(f"{RISKS}/new/", sms_risks.new, name="sms_risk_new"),
    path(f"{RISKS}/<str:ref>/", sms_risks.page, name="sms_risk"),
    path(f"{RISKS}/<str:ref>/accept/", sms_risks.accept, name="sms_risk_accept"),
    path(f"{RISKS}/<str:ref>/look/", sms_risks.look, name="sms_risk_look"),
    path(f"{RISKS}/<str:ref>/settle/", sms_risks.settle, name="sms_risk_settle"),
    path(f"{REVIEWS}/", reviews.listing, name="reviews"),
    path(f"{REVIEWS}/export/", reviews.export, name="reviews_export"),
    path(f"{REVIEWS}/new/", reviews.new, name="review_new"),
    path(f"{REVIEWS}/<str:ref>/", review.page, name="review"),
    path(f"{REVIEWS}/<str:ref>/change/", reviews.change, name="review_change"),
    path(f"{REVIEWS}/<str:ref>/gather/", review.gather, name="review_gather"),
    path(f"{REVIEWS}/<str:ref>/presence/", review.presence, name="review_presence"),
    path(f"{REVIEWS}/<str:ref>/inputs/<slug:key>/", review.treat, name="review_treat"),
    path(f"{REVIEWS}/<str:ref>/conclude/", review.conclude, name="review_conclude"),
    path(f"{REVIEWS}/<str:ref>/outcomes/", review.output, name="review_output"),
    path(f"{REVIEWS}/<str:ref>/outcomes/<int:pk>/", review.take_back, name="review_take_back"),
    path(f"{REVIEWS}/<str:ref>/cancel/", review.cancel, name="review_cancel"),
    path(f"{REVIEWS}/<str:ref>/approve/", review.approve, name="review_approve"),
    path(f"{REVIEWS}/<str:ref>/paper/", review.paper, name="review_paper"),
]
