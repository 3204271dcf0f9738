"""Addresses of management reviews, improvements and risks to the SMS."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
