"""Addresses of this part of governance."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
