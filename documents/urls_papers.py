"""Addresses of PDFs."""

from django.urls import path

from documents.views import papers

DOCUMENTS = "projects/<slug:slug>/documents/"

urlpatterns = [
    path(f"{DOCUMENTS}all/", papers.all_papers, name="documents_all"),
    path(f"{DOCUMENTS}<slug:key>/versions/<int:major>.<int:minor>/pdf/", papers.version_pdf, name="document_pdf"),
    path(f"{DOCUMENTS}<slug:key>/versions/<int:major>.<int:minor>/file/", papers.version_file, name="document_file"),
]
