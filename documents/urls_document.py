"""Addresses of one document: its page, writing it, comments, evidence."""

from django.urls import path

from documents.views import compare, document, editing, facts, filling, proof, talk

DOCUMENTS = "projects/<slug:slug>/documents/"
DOCUMENT = f"{DOCUMENTS}<slug:key>/"
VERSION = f"{DOCUMENT}versions/<int:major>.<int:minor>/"
TALK = f"{DOCUMENT}talk/<slug:anchor>/"

urlpatterns = [
    path(DOCUMENT, document.document, name="document"),
    path(f"{DOCUMENT}edit/", editing.edit, name="document_edit"),
    path(f"{DOCUMENT}next/", document.begin_next, name="document_begin_version"),
    path(f"{DOCUMENT}drop/", document.drop, name="document_drop"),
    path(f"{DOCUMENT}fill/", filling.fill, name="document_fill"),
    path(f"{DOCUMENT}facts/", facts.facts, name="document_facts"),
    path(f"{DOCUMENT}compare/", compare.compare, name="document_compare"),
    path(f"{DOCUMENT}prove/", proof.prove, name="document_prove"),
    path(f"{DOCUMENT}unprove/", proof.unprove, name="document_unprove"),
    path(VERSION, document.version, name="document_version"),
    path(f"{VERSION}preview/", document.preview, name="document_preview"),
    path(TALK, talk.talk, name="document_talk"),
    path(f"{TALK}comments/", talk.comment, name="document_talk_comment"),
    path(f"{TALK}comments/read/", talk.read, name="document_talk_read"),
    path(f"{TALK}comments/<int:pk>/", talk.said, name="document_talk_said"),
]
