"""Addresses of management reviews, improvements and risks to the SMS."""

from django.urls import URLPattern, path

from audits.views import improvements

AUDITS = "projects/<slug:slug>/audits"
IMPROVEMENTS = f"{AUDITS}/improvements"

urlpatterns: list[URLPattern] = [
    path(f"{IMPROVEMENTS}/", improvements.listing, name="improvements"),
    path(f"{IMPROVEMENTS}/export/", improvements.export, name="improvements_export"),
    path(f"{IMPROVEMENTS}/new/", improvements.new, name="improvement_new"),
    path(f"{IMPROVEMENTS}/<str:ref>/", improvements.page, name="improvement"),
    path(f"{IMPROVEMENTS}/<str:ref>/move/", improvements.move, name="improvement_move"),
    path(f"{IMPROVEMENTS}/<str:ref>/measure/", improvements.measure, name="improvement_measure"),
]
