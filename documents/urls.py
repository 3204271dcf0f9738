"""Addresses of documents. Fixed names come before keys: what begins with a key stands last."""

from documents import (
    urls_control,
    urls_document,
    urls_imports,
    urls_papers,
    urls_policies,
    urls_register,
    urls_registers,
)

urlpatterns = [
    *urls_register.urlpatterns,
    *urls_registers.urlpatterns,
    *urls_policies.urlpatterns,
    *urls_papers.urlpatterns,
    *urls_imports.urlpatterns,
    *urls_document.urlpatterns,
    *urls_control.urlpatterns,
]
