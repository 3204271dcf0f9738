"""Addresses of lessons, outcomes and the end of a phase."""

from django.urls import path

from governance.views import lessons

urlpatterns = [
    path("projects/<slug:slug>/governance/lessons/", lessons.listing, name="lessons"),
]
