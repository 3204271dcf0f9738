"""Addresses of documents. Fixed names come before keys."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
