"""Addresses of audits, one module a part. Fixed names come before refs."""

from audits import urls_asking, urls_certification, urls_clauses, urls_internal, urls_packs, urls_review

urlpatterns = [
    *urls_clauses.urlpatterns,
    *urls_asking.urlpatterns,
    *urls_packs.urlpatterns,
    *urls_internal.urlpatterns,
    *urls_review.urlpatterns,
    *urls_certification.urlpatterns,
]
