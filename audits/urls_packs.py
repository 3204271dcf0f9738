"""Addresses of evidence packs."""

from django.urls import URLPattern, path

from audits.views import packs

PACKS = "projects/<slug:slug>/packs"

urlpatterns: list[URLPattern] = [
    path(f"{PACKS}/", packs.register, name="packs"),
    path(f"{PACKS}/new/", packs.new, name="pack_new"),
    path(f"{PACKS}/check/", packs.check, name="pack_check"),
    path(f"{PACKS}/verify_pack.py", packs.program, name="pack_program"),
    path(f"{PACKS}/<str:ref>/", packs.page, name="pack"),
    path(f"{PACKS}/<str:ref>/fetch/", packs.fetch, name="pack_fetch"),
    path(f"{PACKS}/<str:ref>/signature/", packs.signature, name="pack_signature"),
]
