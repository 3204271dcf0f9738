"""The comments on a section of a document."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.query import read_query
from documents.models import Document
from documents.selectors import newest_text, open_version
from documents.selectors.page import PageSection, sheet_of
from documents.selectors.talk import COMMENTED, WHOLE, comment_key
from documents.views.lookup import document_or_404
from notifications.models import Comment
from notifications.selectors.thread import thread_of
from notifications.views.thread import Place, act_on_comment, read_comments, write_comment
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("comments.view")
def talk(request: ProjectRequest, project: Project, key: str, anchor: str) -> HttpResponse:
    """A section with what was said about it."""
    read_query(request.GET)
    document, section = _found(request, project, key, anchor)
    return _page(request, project, document, anchor, section)


@project_view(post="comments.write")
def comment(request: ProjectRequest, project: Project, key: str, anchor: str) -> HttpResponse:
    """Write a comment, or ask somebody."""
    return write_comment(request, project, _place(request, project, key, anchor))


@project_view(post="comments.view")
def read(request: ProjectRequest, project: Project, key: str, anchor: str) -> HttpResponse:
    """Note that who looks has read where they are named here."""
    return read_comments(request, project, _place(request, project, key, anchor))


@project_view(post="comments.write")
def said(request: ProjectRequest, project: Project, key: str, anchor: str, pk: int) -> HttpResponse:
    """Do something with one comment."""
    return act_on_comment(request, project, _place(request, project, key, anchor), pk)


def _found(request: ProjectRequest, project: Project, key: str, anchor: str) -> tuple[Document, PageSection | None]:
    """The document and its section; a section that is gone is found while something was said about it."""
    document = document_or_404(request, project, key)
    # A section of the draft may not stand in what is in force, and the other way round.
    for version in filter(None, (newest_text(document), open_version(document))):
        version.document = document
        for section in sheet_of(version).sections:
            if section.anchor == anchor:
                return document, section
    thread = Comment.objects.filter(project=project, kind=COMMENTED, key=comment_key(document, anchor))
    if anchor != WHOLE and not thread.exists():
        raise Http404
    return document, None


def _page(
    request: ProjectRequest,
    project: Project,
    document: Document,
    anchor: str,
    section: PageSection | None,
    *,
    status: int = 200,
    **typed: Any,
) -> HttpResponse:
    context = {
        "project": project,
        "document": document,
        "section": section,
        "is_whole": anchor == WHOLE,
        "title": section.title if section is not None else anchor.replace("-", " ").capitalize(),
        **_thread(request, project, document, anchor),
        **typed,
    }
    return render(request, "documents/talk.html", context, status=status)


def _thread(request: ProjectRequest, project: Project, document: Document, anchor: str) -> dict[str, Any]:
    may_comment = request.access.can("comments.write")
    args = [project.slug, document.key, anchor]
    return {
        "thread": thread_of(project, request.access, request.user, COMMENTED, comment_key(document, anchor)),
        "comment_action": reverse("document_talk_comment", args=args),
        "read_action": reverse("document_talk_read", args=args),
        "nonce": uuid4(),
        "may_comment": bool(may_comment),
        "why_no_comment": may_comment.reason,
        "time_zone": project.time_zone,
        "nobody_said": _("Nobody has commented yet. What is said here stays with the section through all versions."),
    }


def _place(request: ProjectRequest, project: Project, key: str, anchor: str) -> Place:
    document, section = _found(request, project, key, anchor)

    def page(status: int = 200, **typed: Any) -> HttpResponse:
        return _page(request, project, document, anchor, section, status=status, **typed)

    def part(status: int = 200, **typed: Any) -> HttpResponse:
        context = {"project": project, **_thread(request, project, document, anchor), **typed}
        return render(request, "notifications/_comments.html", context, status=status)

    args = [project.slug, key, anchor]
    return Place(
        COMMENTED,
        comment_key(document, anchor),
        reverse("document_talk", args=args),
        reverse("document_talk_comment", args=args),
        page,
        part,
    )
