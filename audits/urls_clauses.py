"""Addresses of the clause view and auditors from outside."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
