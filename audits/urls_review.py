"""Addresses of management reviews, improvements and risks to the SMS."""

from django.urls import URLPattern, path

from audits.views import improvements, sms_risks

AUDITS = "projects/<slug:slug>/audits"
IMPROVEMENTS = f"{AUDITS}/improvements"
RISKS = f"{AUDITS}/risks"

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
]
