"""Addresses of top management's commitment."""

from django.urls import URLPattern, path

from governance.views import commitment

COMMITMENT = "projects/<slug:slug>/governance/commitment/"

urlpatterns: list[URLPattern] = [
    path(COMMITMENT, commitment.commitment, name="commitment"),
    path(f"{COMMITMENT}pdf/", commitment.make_pdf, name="commitment_pdf"),
]
