"""Addresses of files that become documents, of the house style and of an organization's own templates."""

from django.urls import path

from documents.views import house, imports, own_templates

_STYLE = "organizations/<slug:slug>/house-style/"
_OWN = "organizations/<slug:slug>/document-templates/"

urlpatterns = [
    path("projects/<slug:slug>/documents/<slug:key>/import/", imports.take_in, name="document_import"),
    path(_STYLE, house.house_style, name="house_style"),
    path(f"{_STYLE}logo/", house.logo, name="house_style_logo"),
    path(f"{_STYLE}sample/", house.sample, name="house_style_sample"),
    path(_OWN, own_templates.own_templates, name="own_templates"),
    path(f"{_OWN}new/", own_templates.new, name="own_template_new"),
    path(f"{_OWN}<slug:key>/", own_templates.own_template, name="own_template"),
]
