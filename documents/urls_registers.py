"""Addresses of the living registers that documents draw on. Fixed names come before keys."""

from django.urls import URLPattern, path

from documents.views import communication, communication_line, competence, interface, interfaces

INTERFACES = "projects/<slug:slug>/documents/interfaces/"
COMMUNICATION = "projects/<slug:slug>/documents/communication/"
COMPETENCE = "projects/<slug:slug>/documents/competence/"

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
    path(COMMUNICATION, communication.communication, name="communication"),
    path(f"{COMMUNICATION}export/", communication.export, name="communication_export"),
    path(f"{COMMUNICATION}take/", communication.take, name="communication_take"),
    path(f"{COMMUNICATION}new/", communication_line.new, name="communication_new"),
    path(f"{COMMUNICATION}<str:ref>/", communication_line.line, name="communication_line"),
    path(f"{COMMUNICATION}<str:ref>/done/", communication_line.done, name="communication_done"),
    path(f"{COMMUNICATION}<str:ref>/check/", communication_line.check, name="communication_check"),
    path(f"{COMMUNICATION}<str:ref>/settle/", communication_line.settle, name="communication_settle"),
    path(COMPETENCE, competence.competence, name="competence"),
    path(f"{COMPETENCE}export/", competence.export, name="competence_export"),
    path(f"{COMPETENCE}take/", competence.take, name="competence_take"),
    path(f"{COMPETENCE}new/", competence.new, name="competence_new"),
    path(f"{COMPETENCE}<slug:key>/", competence.one, name="competence_one"),
    path(f"{COMPETENCE}<slug:key>/need/", competence.need, name="competence_need"),
    path(f"{COMPETENCE}<slug:key>/<uuid:uuid>/", competence.person, name="competence_person"),
]
