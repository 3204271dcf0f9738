"""Addresses of documents. Fixed names come before keys."""

from django.urls import URLPattern

from documents import urls_registers

urlpatterns: list[URLPattern] = [*urls_registers.urlpatterns]
