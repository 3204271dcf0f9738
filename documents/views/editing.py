"""Writing a draft: the editor, what it keeps by itself, and how the text will look."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.query import read_query, single_values
from documents.choices import VersionState
from documents.domain.fill import INLINE
from documents.domain.sections import compare
from documents.models import Document, DocumentVersion
from documents.selectors import open_version
from documents.selectors.page import Sheet, sheet_of
from documents.selectors.standing import standing_of
from documents.services.bodies import MOST_CHARACTERS
from documents.services.drafts import save_draft
from documents.services.guards import scheduled_words
from documents.views.document import show_paper
from documents.views.lookup import written_by
from projects.access import ProjectRequest, project_view, require_post_value
from projects.models import Project
from projects.services.guards import parse_version


@project_view("documents.write", post="documents.write")
def edit(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """The editor. Its text is kept (by itself, or when somebody says so), or shown as it will look."""
    found = written_by(request, project, key)
    draft = open_version(found)
    why_not = _why_not(draft)
    if draft is None or why_not:
        if request.POST.get("do") == "autosave":
            return JsonResponse({"error": why_not}, status=422)
        if request.method == "POST" and draft is not None:
            # What was typed is shown once more, so that it can be copied.
            return _editor(request, project, draft, request.POST.get("body", ""), status=422, problem=why_not)
        messages.warning(request, why_not)
        return redirect("document", project.slug, key)
    if request.method != "POST":
        read_query(request.GET)
        return _editor(request, project, draft, draft.body)
    single_values(request.POST)
    body = require_post_value(request, "body").replace("\r\n", "\n")
    act = {"preview": _preview, "autosave": _autosave}.get(request.POST.get("do", ""), _save)
    return act(request, project, draft, body)


def _why_not(draft: DocumentVersion | None) -> str:
    """Why nothing can be written now; "" where it can."""
    if draft is None:
        return _("There is no draft. Begin the next version first.")
    if draft.state == VersionState.IN_REVIEW:
        return _("Version %(number)s lies with its approvers. Take it back first, or wait for what they decide.") % {
            "number": draft.number
        }
    if draft.is_scheduled:
        return scheduled_words(draft)
    if draft.state == VersionState.APPROVED:
        return _("Version %(number)s is approved and never changes. Publish it, then begin the next version.") % {
            "number": draft.number
        }
    if draft.file_id is not None:
        return _("This draft is a PDF that is kept as it is. Take in another file instead.")
    return ""


def _save(request: ProjectRequest, project: Project, draft: DocumentVersion, body: str) -> HttpResponse:
    key = draft.document.key
    try:
        save_draft(
            acting_user=request.user,
            project=project,
            key=key,
            version=parse_version(request.POST.get("version")),
            body=body,
        )
    except StaleWrite as error:
        return _changed_meanwhile(request, project, draft.document, body, error)
    except RuleBroken as error:
        return _editor(request, project, draft, body, status=422, problem=str(error))
    messages.success(request, _("Saved."))
    if request.POST.get("do") == "close":
        return redirect("document_version", project.slug, key, draft.major, draft.minor)
    return redirect("document_edit", project.slug, key)


def _autosave(request: ProjectRequest, project: Project, draft: DocumentVersion, body: str) -> HttpResponse:
    """The same for a script: what came of it, in words that it shows."""
    try:
        saved = save_draft(
            acting_user=request.user,
            project=project,
            key=draft.document.key,
            version=parse_version(request.POST.get("version")),
            body=body,
            autosave=True,
        )
    except StaleWrite:
        words = _("Somebody else saved this draft meanwhile. Press Save to see both texts.")
        return JsonResponse({"error": words}, status=409)
    except (RuleBroken, NotPermitted) as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse({"version": saved.version, "saved": _time(saved)})


def _preview(request: ProjectRequest, project: Project, draft: DocumentVersion, body: str) -> HttpResponse:
    """How the text that was sent will look; nothing is saved."""
    draft.body = body
    sheet = _sheet(draft)
    htmx = bool(request.headers.get("HX-Request"))
    if htmx:
        context = {"project": project, "sheet": sheet, **_notes(draft, sheet)}
        return render(request, "documents/_preview.html", context, status=422 if sheet.problem else 200)
    if sheet.problem:
        return _editor(request, project, draft, body, status=422, problem=sheet.problem)
    return show_paper(request, project, draft, unsaved=True)


def _changed_meanwhile(
    request: ProjectRequest, project: Project, document: Document, body: str, error: StaleWrite
) -> HttpResponse:
    """409 with both texts: what differs, and one's own in the editor, which saves over the other when sent again."""
    draft = open_version(document)
    if draft is None or not draft.is_draft:
        raise error
    return _editor(request, project, draft, body, status=409, changes=compare(draft.body, body))


def _editor(
    request: HttpRequest, project: Project, draft: DocumentVersion, body: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    saved_at, stored = _time(draft), draft.body
    draft.body = body
    sheet = _sheet(draft)
    context = {
        "project": project,
        "document": draft.document,
        "draft": draft,
        "body": body,
        "sheet": sheet,
        "saved_at": saved_at,
        "is_kept": body == stored,
        "most": MOST_CHARACTERS,
        "fields": sorted(INLINE),
        **_notes(draft, sheet),
        **more,
    }
    return render(request, "documents/edit.html", context, status=status)


def _sheet(draft: DocumentVersion) -> Sheet:
    if len(draft.body) > MOST_CHARACTERS:
        most = {"count": f"{len(draft.body):,}", "most": f"{MOST_CHARACTERS:,}"}
        return Sheet(problem=_("The text has %(count)s characters; a document takes %(most)s.") % most)
    return sheet_of(draft, may_fill=True)


def _notes(draft: DocumentVersion, sheet: Sheet) -> dict[str, object]:
    """What the author should know: places that nobody can fill, what will not look as meant."""
    if sheet.said is None:
        return {"standing": None, "unknown": []}
    standing = standing_of(draft, sheet.said)
    return {"standing": standing, "unknown": [gap.mark.name for gap in standing.gaps if gap.mark.kind == "unknown"]}


def _time(draft: DocumentVersion) -> str:
    return date_format(draft.saved_at.astimezone(ZoneInfo(draft.document.project.time_zone)), "H:i")
