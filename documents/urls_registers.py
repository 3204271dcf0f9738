"""Addresses of the living registers that documents draw on. Fixed names come before keys."""

from django.urls import URLPattern, path

from documents.views import interface, interfaces

INTERFACES = "projects/<slug:slug>/documents/interfaces/"

urlpatterns: list[URLPattern] = [
    path(INTERFACES, interfaces.interfaces, name="interfaces"),
    path(f"{INTERFACES}matrix/", interfaces.matrix, name="interfaces_matrix"),
    path(f"{INTERFACES}process/", interfaces.diagram, name="interfaces_diagram"),
    path(f"{INTERFACES}export/", interfaces.export, name="interfaces_export"),
    path(f"{INTERFACES}take/", interfaces.take, name="interfaces_take"),
    path(f"{INTERFACES}agree/", interfaces.agree, name="interfaces_agree"),
    path(f"{INTERFACES}new/", interface.new, name="interface_new"),
    path(f"{INTERFACES}<str:ref>/", interface.interface, name="interface"),
    path(f"{INTERFACES}<str:ref>/settle/", interface.settle, name="interface_settle"),
]
