"""Addresses of all documents of a project: the register, what is covered, templates, beginning one."""

from django.urls import path

from documents.views import begin, master, register

DOCUMENTS = "projects/<slug:slug>/documents/"

urlpatterns = [
    path(DOCUMENTS, register.register, name="documents"),
    path(f"{DOCUMENTS}export/", register.export, name="documents_export"),
    path(f"{DOCUMENTS}coverage/", register.coverage, name="documents_coverage"),
    path(f"{DOCUMENTS}master-list/", master.make, name="documents_master"),
    path(f"{DOCUMENTS}templates/", begin.library, name="documents_library"),
    path(f"{DOCUMENTS}templates/<slug:key>/", begin.template, name="documents_template"),
    path(f"{DOCUMENTS}new/", begin.new, name="document_new"),
]
