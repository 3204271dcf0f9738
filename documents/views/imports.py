"""Taking in a file: a preview of what a text says, then the text; a PDF at once."""

from collections.abc import Sequence
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.paper.text import markdown_to_paper
from common.query import read_query, single_values
from documents.choices import VersionState
from documents.forms.imports import ImportForm
from documents.models import Document, DocumentVersion
from documents.selectors import open_version
from documents.services.imports import MOST_PDF_BYTES, Came, look_at, take_in_kept, take_in_pdf, take_in_words
from documents.views.lookup import written_by
from evidence import files
from evidence.exceptions import NoRoom
from evidence.models import EvidenceItem
from evidence.selectors import same_file
from evidence.services.quota import MEGABYTE
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


@project_view("documents.write", post="documents.write")
def take_in(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Ask for a file; show what it says; put it in place of the draft's text."""
    document = written_by(request, project, key)
    draft = open_version(document)
    if draft is None or draft.state != VersionState.DRAFT:
        raise RuleBroken(_("There is no draft that a file could become. Begin the next version first."))
    draft.document = document
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, draft, ImportForm(has_text=bool(draft.body.strip())))
    sent = single_values(request.POST)
    version = parse_version(sent.get("version"))
    if "body" in sent:
        took = take_in_words(
            acting_user=request.user,
            project=project,
            key=key,
            version=version,
            body=str(sent["body"]),
            name=sent.get("name", ""),
        )
        return _taken(request, project, document, took)
    if "item" in sent:
        return _take_kept(request, project, draft, version, str(sent["item"]))
    form = ImportForm(sent, request.FILES, has_text=bool(draft.body.strip()))
    if len(request.FILES.getlist("file")) > 1:
        form.add_error("file", _("Send one file."))
    if not form.is_valid():
        return _page(request, project, draft, form, status=422)
    try:
        came = _came(cast(UploadedFile, form.cleaned_data["file"]))
        if came.incoming is None:
            return _preview(request, project, draft, came)
        if twins := same_file(project, request.access, came.incoming.sha256):
            files.discard(came.incoming.path)
            return _twins(request, project, draft, came, twins)
        took = take_in_pdf(
            acting_user=request.user,
            project=project,
            key=key,
            version=version,
            incoming=came.incoming,
            name=came.name,
            replace=form.cleaned_data.get("replace", False),
        )
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else "file", str(error))
        return _page(request, project, draft, form, status=507 if isinstance(error, NoRoom) else 422)
    return _taken(request, project, document, took)


def _came(sent: UploadedFile) -> Came:
    most = min(MOST_PDF_BYTES, int(settings.EVIDENCE_FILE_MB) * MEGABYTE)
    return look_at(files.receive(sent.chunks(), most=most), sent.name or "")


def _page(
    request: ProjectRequest,
    project: Project,
    draft: DocumentVersion,
    form: ImportForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "project": project,
        "document": draft.document,
        "draft": draft,
        "form": form,
        "words": len(draft.body.split()),
        "problem": problem,
    }
    return render(request, "documents/import.html", context, status=status)


def _preview(request: ProjectRequest, project: Project, draft: DocumentVersion, came: Came) -> HttpResponse:
    """What came in, before it is the text of the draft. Nothing is kept of it yet."""
    assert came.text is not None  # noqa: S101 (what is no PDF has a text)
    shown = markdown_to_paper(came.text.body)
    context = {
        "project": project,
        "document": draft.document,
        "draft": draft,
        "came": came,
        "text": shown,
        "notes": [*came.text.notes, *shown.warnings],
        "words": len(draft.body.split()),
        "new_words": len(came.text.body.split()),
    }
    return render(request, "documents/import_preview.html", context)


def _twins(
    request: ProjectRequest, project: Project, draft: DocumentVersion, came: Came, twins: Sequence[EvidenceItem]
) -> HttpResponse:
    """A PDF that is kept already, byte for byte: it is taken from there. What was sent is gone."""
    context = {
        "project": project,
        "document": draft.document,
        "draft": draft,
        "came": came,
        "twins": twins,
        "is_it_already": draft.file_id in {each.pk for each in twins},
        "words": len(draft.body.split()),
    }
    return render(request, "documents/import_twin.html", context)


def _take_kept(
    request: ProjectRequest, project: Project, draft: DocumentVersion, version: int, item: str
) -> HttpResponse:
    try:
        took = take_in_kept(
            acting_user=request.user, project=project, key=draft.document.key, version=version, item_key=item[:12]
        )
    except EvidenceItem.DoesNotExist:
        raise Http404("no such evidence") from None
    except RuleBroken as error:
        form = ImportForm(has_text=bool(draft.body.strip()))
        return _page(request, project, draft, form, problem=str(error), status=422)
    return _taken(request, project, draft.document, took)


def _taken(request: ProjectRequest, project: Project, document: Document, took: DocumentVersion) -> HttpResponse:
    messages.success(
        request, _("%(name)s is draft %(number)s now.") % {"name": took.origin_note, "number": took.number}
    )
    # What is in force stands on the page of the document; what was taken in, on that of its draft.
    return redirect("document_version", project.slug, document.key, took.major, took.minor)
