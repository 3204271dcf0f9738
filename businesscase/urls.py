"""Addresses of the business case and the risk register. Fixed names come before keys."""

from django.urls import URLPattern, path

from businesscase.choices import CaseKind
from businesscase.views import points

CASE = "projects/<slug:slug>/business-case/"
SMALL = f"{CASE}gap-analysis/"
RISKS = "projects/<slug:slug>/risks/"
BIG_CASE = {"kind": CaseKind.IMPLEMENTATION.value}
SMALL_CASE = {"kind": CaseKind.GAP.value}

urlpatterns: list[URLPattern] = [
    path(f"{CASE}start/", points.start, BIG_CASE, name="case_start"),
    path(f"{CASE}points/", points.points, BIG_CASE, name="case_points"),
    path(f"{SMALL}start/", points.start, SMALL_CASE, name="small_start"),
    path(SMALL, points.points, SMALL_CASE, name="small_case"),
]
