"""Addresses of the gap analysis. Fixed names come before keys; `RESERVED_KEYS` in the selectors keeps keys off them."""

from django.urls import path

from gapanalysis.views import (
    assessments,
    overview,
)

GAP = "projects/<slug:slug>/gap/"
ONE = f"{GAP}<slug:key>/"

urlpatterns = [
    path(GAP, assessments.assessments, name="gap"),
    path(ONE, overview.overview, name="gap_assessment"),
]
