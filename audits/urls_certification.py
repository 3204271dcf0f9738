"""Addresses of the way to the certificate, the yearly round, and new and changed services."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
