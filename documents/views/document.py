"""The page of a document: what is in force, what is on its way, and the next step."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.paper.pages import paper_context
from common.query import read_query, single_values
from documents.choices import DocumentState, Verdict, VersionState
from documents.models import Document, DocumentVersion
from documents.paper import paper_of
from documents.selectors import newest_text
from documents.selectors.page import DocumentPage, document_page
from documents.selectors.readers import own_reading
from documents.selectors.sources import way_to
from documents.services.begin import begin_version, drop_draft
from documents.services.guards import may_write
from documents.views.lookup import document_or_404, version_or_404, written_by
from projects.access import ProjectRequest, project_view, require_post_value
from projects.models import Project
from projects.services.guards import parse_version


@dataclass(frozen=True, slots=True)
class Act:
    """A next step: a link, or a button where `posts`."""

    label: str
    url: str
    icon: str
    primary: bool = False
    posts: bool = False


@project_view("documents.view")
def document(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """What is in force, else what is on its way."""
    read_query(request.GET)
    found = document_or_404(request, project, key)
    return show_document(request, project, found, newest_text(found))


@project_view("documents.view")
def version(request: ProjectRequest, project: Project, key: str, major: int, minor: int) -> HttpResponse:
    """One version, whatever became of it."""
    read_query(request.GET)
    found = document_or_404(request, project, key)
    return show_document(request, project, found, version_or_404(found, major, minor))


def show_document(
    request: ProjectRequest,
    project: Project,
    found: Document,
    shown: DocumentVersion | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page of `found` with the version `shown`; `more` is what was refused on it."""
    writes = may_write(found, request.access) and found.state == DocumentState.CURRENT
    page = document_page(project, request.access, found, shown, may_write=writes)
    context = {
        "project": project,
        "page": page,
        "document": found,
        "version": page.version,
        "may_write": writes,
        "may_link": bool(request.access.can("documents.write")) and found.state == DocumentState.CURRENT,
        "may_comment": bool(request.access.can("comments.write")),
        "acts": acts_of(request, project, page, writes=writes),
        "more_acts": more_acts_of(request, project, page, writes=writes),
        "nonce": uuid4(),
        "archive_nonce": uuid4(),
        **more,
    }
    return render(request, "documents/document.html", context, status=status)


def acts_of(request: ProjectRequest, project: Project, page: DocumentPage, *, writes: bool) -> list[Act]:
    """The next steps that this person can take, the one that leads on marked as such."""
    args = (project.slug, page.document.key)
    going = page.on_its_way
    found: list[Act] = []
    if page.in_force is not None and own_reading(page.in_force, request.user, waiting=True) is not None:
        found.append(Act(_("Read and confirm"), way_to("document_read", *args), "book", primary=True))
    if going is None:
        if writes:
            found.append(
                Act(_("Begin the next version"), way_to("document_begin_version", *args), "pencil", posts=True)
            )
        return [act for act in found if act.url]
    number = (going.major, going.minor)
    if going.state == VersionState.DRAFT and writes:
        open_places = page.standing is not None and any(gap.is_asked for gap in page.standing.gaps)
        if page.version is None or page.version.pk != going.pk:
            # What is left to do stands on the page of the draft.
            words = _("Go on with draft %(number)s") % {"number": going.number}
            found.append(Act(words, way_to("document_version", *args, *number), "pencil", primary=not found))
            return found
        if going.file_id is None:
            found.append(Act(_("Edit"), way_to("document_edit", *args), "pencil"))
            words = _("Fill in what is missing") if open_places else _("Fill in")
            found.append(Act(words, way_to("document_fill", *args), "ui-checks-grid", open_places))
        found.append(Act(_("Send for review"), way_to("document_submit", *args), "send", not open_places))
    elif going.state == VersionState.IN_REVIEW:
        asked = any(
            each.approver_id == request.user.pk and each.verdict == Verdict.WAITING
            for each in going.approvals.filter(round=going.round)
        )
        if asked:
            found.append(Act(_("Decide"), way_to("document_decide", *args, *number), "check2-square", primary=True))
        else:
            found.append(Act(_("See the review"), way_to("document_decide", *args, *number), "people"))
    elif going.state == VersionState.APPROVED and request.access.can("documents.publish"):
        found.append(Act(_("Publish"), way_to("document_publish", *args), "check-circle", primary=True))
    elif going.is_scheduled and own_reading(going, request.user, waiting=True) is not None and not found:
        found.append(Act(_("Read and confirm"), way_to("document_read", *args), "book", primary=True))
    return [act for act in found if act.url]


def more_acts_of(request: ProjectRequest, project: Project, page: DocumentPage, *, writes: bool) -> list[Act]:
    """What else can be done, behind a menu."""
    args = (project.slug, page.document.key)
    found: list[Act] = []
    publishes = bool(request.access.can("documents.publish"))
    owner = page.document.owner.user_id if page.document.owner is not None else None
    if page.in_force is not None and (publishes or owner == request.user.pk):
        found.append(Act(_("Confirm that it still holds"), way_to("document_confirm", *args), "check2-square"))
    if publishes and (page.in_force is not None or (page.on_its_way is not None and page.on_its_way.is_scheduled)):
        found.append(Act(_("Ask people to read it"), way_to("document_readers", *args), "people"))
    if writes and page.on_its_way is not None and page.on_its_way.state == VersionState.DRAFT:
        found.append(Act(_("Take in a file"), way_to("document_import", *args), "upload"))
    if writes:
        found.append(Act(_("Facts and owner"), way_to("document_facts", *args), "sliders"))
    if publishes and page.on_its_way is not None and page.on_its_way.is_scheduled:
        words = _("Call %(number)s off") % {"number": page.on_its_way.number}
        found.append(Act(words, way_to("document_call_off", *args), "arrow-left"))
    if len(page.versions) > 1:
        found.append(Act(_("Compare two versions"), way_to("document_compare", *args), "layers"))
    if publishes:
        is_archived = page.document.state == DocumentState.ARCHIVED
        words = _("Bring back from the archive") if is_archived else _("Archive")
        found.append(Act(words, way_to("document_archive", *args), "archive"))
    return [act for act in found if act.url]


@project_view("documents.view")
def preview(request: ProjectRequest, project: Project, key: str, major: int, minor: int) -> HttpResponse:
    """A version in the layout of its PDF, as a page of its own."""
    read_query(request.GET)
    found = document_or_404(request, project, key)
    return show_paper(request, project, version_or_404(found, major, minor))


def show_paper(request: ProjectRequest, project: Project, shown: DocumentVersion, **more: Any) -> HttpResponse:
    """`shown` in the layout of its PDF. Raises RuleBroken for a text that cannot be set."""
    paper = paper_of(shown)
    # The logo is bytes that only the PDF carries; on a page the name stands in its place.
    plain = replace(paper, style=replace(paper.style, logo=b""))
    context = {
        "project": project,
        "document": shown.document,
        "version": shown,
        "on_screen": True,
        **paper_context(plain),
        **more,
    }
    return render(request, "documents/paper.html", context)


@project_view(post="documents.write")
def begin_next(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Begin the next version from the one in force."""
    written_by(request, project, key)
    try:
        draft = begin_version(acting_user=request.user, project=project, key=key)
    except RuleBroken as error:
        # A double click, or somebody was faster: the draft that is there is what was wanted.
        messages.info(request, str(error))
        return redirect("document", project.slug, key)
    messages.success(request, _("Draft %(number)s is begun.") % {"number": draft.number})
    return redirect("document_edit", project.slug, key)


@project_view(post="documents.write")
def drop(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Give a draft up, with a reason."""
    found = written_by(request, project, key)
    single_values(request.POST)
    why = require_post_value(request, "why")
    try:
        drop_draft(
            acting_user=request.user,
            project=project,
            key=key,
            version=parse_version(request.POST.get("version")),
            why=why,
        )
    except RuleBroken as error:
        return show_document(
            request, project, found, newest_text(found), status=422, drop_problem=str(error), typed_why=why
        )
    messages.success(request, _("The draft is dropped. What was in force stays."))
    return redirect("document", project.slug, key)
