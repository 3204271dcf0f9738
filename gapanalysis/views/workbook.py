"""An assessment as a file: take it out, fill it in offline, send it back, see what would change, and confirm."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audittrail.context import acting_via
from common.exceptions import RuleBroken, StaleWrite
from common.marked_rows import BadCell
from common.query import choice, read_query
from common.uploads import UploadRefused
from common.workbook_out import CSV, FORMATS, XLSX, file_to_save
from gapanalysis.exports_workbook import answers_csv_to_save, answers_xlsx
from gapanalysis.forms.answer_import import COLUMN_LABELS, WORDS, why
from gapanalysis.models import AnswerPreview, Assessment
from gapanalysis.permissions import can_answer
from gapanalysis.selectors import sections_of
from gapanalysis.selectors.sections import section_name
from gapanalysis.services.answer_file import MAX_BYTES, AnswersRefused
from gapanalysis.services.answer_import import choose_sides, confirm_preview, preview_file, shown_preview
from gapanalysis.views.overview import found_assessment
from phases.forms.file_import import FileForm
from phases.views.file_import import bad_context, gone_page, preview_context, read_choices
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.permissions import access_to


@project_view("gap.view")
def download(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """The questions with guidance and answers: XLSX with a sheet a chapter, or CSV."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or XLSX
    assessment = _assessment(project, key)
    content = (
        answers_csv_to_save(assessment)
        if form == CSV
        else answers_xlsx(assessment, _mine(request, project, assessment))
    )
    return file_to_save(form, f"{project.slug}-{assessment.key}", content)


@project_view("gap.view", post="gap.answer")
def answers_import(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Offer the workbook; take one back and show what it would change, or every cell that is wrong with it."""
    assessment = _assessment(project, key)
    if request.method != "POST":
        read_query(request.GET)
        return _upload_page(request, project, assessment, FileForm())
    form = FileForm(request.POST, request.FILES)
    upload = form.read(request.FILES.getlist("file"), MAX_BYTES)
    if upload is None:
        return _upload_page(request, project, assessment, form, status=422)
    try:
        with acting_via("import"):
            looked, preview = preview_file(
                acting_user=request.user, project=project, assessment=assessment, upload=upload
            )
    except UploadRefused as error:
        form.add_error("file", str(error))
        return _upload_page(request, project, assessment, form, status=422)
    if looked.bad:
        return _upload_page(request, project, assessment, FileForm(), looked.bad, upload.name, status=422)
    if preview is None:
        said = ngettext(
            "The file changes nothing: its one row says what stands here, or was left as it was.",
            "The file changes nothing: its %(n)d rows say what stands here, or were left as they were.",
            looked.unchanged,
        )
        messages.info(request, said % {"n": looked.unchanged})
        return redirect("gap_import", project.slug, assessment.key)
    return redirect("gap_import_preview", project.slug, assessment.key, preview.uuid)


@project_view("gap.answer", post="gap.answer")
def preview(request: ProjectRequest, project: Project, key: str, uuid: UUID) -> HttpResponse:
    """What a file would change, conflicts to choose in, and the button that does it."""
    assessment = _assessment(project, key)
    try:
        if request.method == "POST":
            return _act(request, project, assessment, uuid)
        found = shown_preview(acting_user=request.user, project=project, assessment=assessment, preview_id=uuid)
        return _preview_page(request, project, assessment, found)
    except AnswerPreview.DoesNotExist as error:
        raise Http404 from error
    except StaleWrite as error:
        return gone_page(request, "gapanalysis/import_gone.html", _context(project, assessment), error)


def _act(request: ProjectRequest, project: Project, assessment: Assessment, uuid: UUID) -> HttpResponse:
    """Note the choices that were sent; with `do` import, give the answers too."""
    sent = read_choices(request)
    found = shown_preview(acting_user=request.user, project=project, assessment=assessment, preview_id=uuid)
    if sent.sides or sent.rest:
        found = choose_sides(
            acting_user=request.user,
            project=project,
            assessment=assessment,
            preview_id=uuid,
            sides=sent.sides,
            rest=sent.rest,
        )
    if not sent.is_import:
        messages.success(request, _("Your choices are kept. Nothing is changed in the assessment yet."))
        return redirect(sent.back)
    try:
        with acting_via("import"):
            given = confirm_preview(acting_user=request.user, project=project, assessment=assessment, preview_id=uuid)
    except AnswersRefused as refused:
        return _preview_page(request, project, assessment, found, bad=refused.bad)
    except RuleBroken as error:
        return _preview_page(request, project, assessment, found, problem=str(error))
    said = ngettext("%(n)d answer was taken from the file.", "%(n)d answers were taken from the file.", given)
    messages.success(request, said % {"n": given})
    return redirect("gap_assessment", project.slug, assessment.key)


def _assessment(project: Project, key: str) -> Assessment:
    assessment = found_assessment(project, key)
    assessment.project = project
    return assessment


def _mine(request: ProjectRequest, project: Project, assessment: Assessment) -> list[str] | None:
    """The sections that are for the person to answer: empty for all, None for none."""
    access = access_to(project, request.user)
    return [] if access.can("gap.manage") else sections_of(assessment, request.user)


def _context(project: Project, assessment: Assessment) -> dict[str, object]:
    return {
        "project": project,
        "assessment": assessment,
        "back": reverse("gap_import", args=[project.slug, assessment.key]),
    }


def _upload_page(
    request: ProjectRequest,
    project: Project,
    assessment: Assessment,
    form: FileForm,
    bad: Sequence[BadCell] = (),
    file_name: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    mine = _mine(request, project, assessment)
    context = {
        **_context(project, assessment),
        "file_name": file_name,
        "form": form,
        "may": can_answer(access_to(project, request.user), assessment, "", None if mine is None else []),
        "mine": [section_name(section) for section in mine or ()],
        "columns": COLUMN_LABELS.items(),
        **bad_context(bad, why),
    }
    return render(request, "gapanalysis/import.html", context, status=status)


def _preview_page(
    request: ProjectRequest,
    project: Project,
    assessment: Assessment,
    found: AnswerPreview,
    *,
    problem: str = "",
    bad: Sequence[BadCell] = (),
) -> HttpResponse:
    context = {**_context(project, assessment), **preview_context(request, found, WORDS, problem=problem, bad=bad)}
    return render(request, "gapanalysis/import_preview.html", context, status=422 if problem or bad else 200)
