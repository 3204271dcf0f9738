"""The plan as a file: take it out, send it back, see row by row what would change, and confirm."""

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
from common.workbook_out import CSV, FORMATS, XLSX, csv_to_save, file_to_save
from phases.exports_workbook import plan_xlsx
from phases.forms.file_import import FileForm
from phases.forms.plan_import import COLUMN_LABELS, WORDS, why
from phases.imports_plan import confirm_preview, preview_file, shown_preview
from phases.models import PlanPreview
from phases.resources import PlanResource
from phases.services.plan_import import MAX_BYTES, ImportRefused
from phases.services.plan_previews import choose_sides
from phases.views.file_import import bad_context, gone_page, preview_context, read_choices
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("phases.export")
def download(request: ProjectRequest, project: Project) -> HttpResponse:
    """The whole plan as it can come back: XLSX with a sheet a phase, or CSV."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS)
    if form == CSV:
        table = PlanResource(project, request.user).export()
        content = csv_to_save(table.headers, table)
    else:
        content = plan_xlsx(project)
    return file_to_save(form or XLSX, f"{project.slug}-plan", content)


@project_view("phases.report", post="phases.report")
def plan_import(request: ProjectRequest, project: Project) -> HttpResponse:
    """Offer the plan as a file; take one back and show what it would change, or every cell that is wrong with it."""
    if request.method != "POST":
        read_query(request.GET)
        return _upload_page(request, project, FileForm())
    form = FileForm(request.POST, request.FILES)
    upload = form.read(request.FILES.getlist("file"), MAX_BYTES)
    if upload is None:
        return _upload_page(request, project, form, status=422)
    try:
        with acting_via("import"):
            looked, preview = preview_file(acting_user=request.user, project=project, upload=upload)
    except UploadRefused as error:
        form.add_error("file", str(error))
        return _upload_page(request, project, form, status=422)
    if looked.bad:
        return _upload_page(request, project, FileForm(), looked.bad, upload.name, status=422)
    if preview is None:
        messages.info(
            request,
            ngettext(
                "The file changes nothing: in its one row no cell was changed, or it says what the plan says.",
                "The file changes nothing: in its %(n)d rows no cell was changed, or it says what the plan says.",
                looked.unchanged,
            )
            % {"n": looked.unchanged},
        )
        return redirect("plan_import", project.slug)
    return redirect("plan_preview", project.slug, preview.uuid)


def _upload_page(
    request: ProjectRequest,
    project: Project,
    form: FileForm,
    bad: Sequence[BadCell] = (),
    file_name: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "project": project,
        "file_name": file_name,
        "form": form,
        "columns": COLUMN_LABELS.items(),
        **bad_context(bad, why),
    }
    return render(request, "phases/plan_import.html", context, status=status)


@project_view("phases.report", post="phases.report")
def preview(request: ProjectRequest, project: Project, uuid: UUID) -> HttpResponse:
    """What a file would change, conflicts to choose in, and the button that does it."""
    try:
        if request.method == "POST":
            return _act(request, project, uuid)
        return _preview_page(
            request, project, shown_preview(acting_user=request.user, project=project, preview_id=uuid)
        )
    except PlanPreview.DoesNotExist as error:
        raise Http404 from error
    except StaleWrite as error:
        return gone_page(request, "phases/plan_preview_gone.html", {"project": project}, error)


def _act(request: ProjectRequest, project: Project, uuid: UUID) -> HttpResponse:
    """Note the choices that were sent; with `do` import, change the plan too."""
    sent = read_choices(request)
    found = shown_preview(acting_user=request.user, project=project, preview_id=uuid)
    if sent.sides or sent.rest:
        found = choose_sides(
            acting_user=request.user, project=project, preview_id=uuid, sides=sent.sides, rest=sent.rest
        )
    if not sent.is_import:
        messages.success(request, _("Your choices are kept. Nothing is changed in the plan yet."))
        return redirect(sent.back)
    try:
        with acting_via("import"):
            changed = confirm_preview(acting_user=request.user, project=project, preview_id=uuid)
    except ImportRefused as refused:
        return _preview_page(request, project, found, bad=refused.bad)
    except RuleBroken as error:
        return _preview_page(request, project, found, problem=str(error))
    messages.success(
        request,
        ngettext("%(n)d row of the plan is changed.", "%(n)d rows of the plan are changed.", changed) % {"n": changed},
    )
    return redirect("plan_import", project.slug)


def _preview_page(
    request: ProjectRequest, project: Project, found: PlanPreview, *, problem: str = "", bad: Sequence[BadCell] = ()
) -> HttpResponse:
    context = {
        "project": project,
        "back": reverse("plan_import", args=[project.slug]),
        **preview_context(request, found, WORDS, problem=problem, bad=bad),
    }
    return render(request, "phases/plan_preview.html", context, status=422 if problem or bad else 200)
