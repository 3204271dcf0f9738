"""Addresses of what happens to one document: review, publishing, reading, confirming, putting away."""

from django.urls import URLPattern, path

from documents.views import deciding, issuing, keeping, reading, review

ONE = "projects/<slug:slug>/documents/<slug:key>/"
VERSION = "<int:major>.<int:minor>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}submit/", review.submit, name="document_submit"),
    path(f"{ONE}decide/{VERSION}", deciding.decide, name="document_decide"),
    path(f"{ONE}decide/{VERSION}withdraw/", deciding.withdraw, name="document_withdraw"),
    path(f"{ONE}decide/{VERSION}replace/", deciding.replace, name="document_replace"),
    path(f"{ONE}publish/", issuing.publish, name="document_publish"),
    path(f"{ONE}call-off/", issuing.call_off_version, name="document_call_off"),
    path(f"{ONE}read/", reading.read, name="document_read"),
    path(f"{ONE}readers/", reading.readers, name="document_readers"),
    path(f"{ONE}readers/stop/", reading.stop, name="document_reader_stop"),
    path(f"{ONE}confirm/", keeping.confirm, name="document_confirm"),
    path(f"{ONE}archive/", keeping.archive, name="document_archive"),
    path(f"{ONE}bring-back/", keeping.bring, name="document_bring_back"),
]
