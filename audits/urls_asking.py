"""Addresses of requests of auditors and the register of findings."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
