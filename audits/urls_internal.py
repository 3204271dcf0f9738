"""Addresses of internal audits."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
