"""Addresses of the business case and the risk register. Fixed names come before keys."""

from django.urls import URLPattern

CASE = "projects/<slug:slug>/business-case/"
SMALL = f"{CASE}gap-analysis/"
RISKS = "projects/<slug:slug>/risks/"

urlpatterns: list[URLPattern] = []
