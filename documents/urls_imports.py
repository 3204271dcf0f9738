"""Addresses of files that become documents, of the house style and of an organization's own templates."""

from django.urls import path

from documents.views import imports

urlpatterns = [
    path("projects/<slug:slug>/documents/<slug:key>/import/", imports.take_in, name="document_import"),
]
