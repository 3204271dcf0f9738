"""A file of amounts that were spent: the template, what it would book, and the booking."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audittrail.context import acting_via
from businesscase.choices import Category
from businesscase.domain.money import total
from businesscase.domain.months import first_day, month_of
from businesscase.exports_actuals import template as filled_template
from businesscase.forms.cost_import import CostFileForm, why
from businesscase.models import ActualCost, BusinessCase, CostPreview
from businesscase.selectors.money import lines_content
from businesscase.services.cost_import import BOOK, MAX_BYTES, SKIP, Looked, confirm_costs, preview_costs, shown_costs
from businesscase.services.cost_texts import FIELDS
from businesscase.views.money import IMPLEMENTATION, address, latest_month, money_words, needed_case
from common.exceptions import RuleBroken, StaleWrite
from common.marked_rows import BadCell
from common.query import choice, read_query, single_values, whole_number
from common.uploads import UploadRefused
from common.workbook_out import FORMATS, XLSX, file_to_save
from phases.choices import PHASE_NAMES
from phases.services.file_previews import LIFETIME
from phases.views.file_import import bad_context, gone_page
from projects.access import ProjectRequest, project_view
from projects.models import Project

ROWS_A_PAGE = 100


@project_view("case.actuals", post="case.actuals")
def costs_import(request: ProjectRequest, project: Project, kind: str = IMPLEMENTATION) -> HttpResponse:
    """Offer the template; take a file and show what it would book, or every cell that is wrong with it."""
    case = needed_case(project, kind)
    if request.method != "POST":
        read_query(request.GET)
        return _upload_page(request, case, CostFileForm())
    form = CostFileForm(request.POST, request.FILES)
    upload = form.read(request.FILES.getlist("file"), MAX_BYTES)
    if upload is None:
        return _upload_page(request, case, form, status=422)
    try:
        with acting_via("import"):
            looked, preview = preview_costs(acting_user=request.user, case=case, upload=upload)
    except UploadRefused as error:
        form.add_error("file", str(error))
        return _upload_page(request, case, form, status=422)
    if looked.bad:
        return _upload_page(request, case, CostFileForm(), looked.bad, upload.name, status=422)
    if preview is None:
        form.add_error("file", _("No row of this file has an amount. Fill in the column amount, and send it again."))
        return _upload_page(request, case, form, status=422)
    return redirect(address(project, kind, "case_actuals_preview", preview.uuid))


@project_view("case.actuals")
def template(request: ProjectRequest, project: Project, kind: str = IMPLEMENTATION) -> HttpResponse:
    """The table to fill in: the lines that fall due in the month that is to be closed next."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or XLSX
    case = needed_case(project, kind)
    content = lines_content(case)
    after = month_of(case.actual_until) + 1 if case.actual_until else content.first_month
    month = first_day(max(content.first_month, min(after, latest_month(case))))
    return file_to_save(form, f"{project.slug}-actual-costs-{month:%Y-%m}", filled_template(case, content, month, form))


@project_view("case.actuals", post="case.actuals")
def preview(request: ProjectRequest, project: Project, uuid: UUID, kind: str = IMPLEMENTATION) -> HttpResponse:
    """What a file would book, and the button that does it."""
    case = needed_case(project, kind)
    try:
        if request.method == "POST":
            return _book(request, case, uuid)
        found, looked = shown_costs(acting_user=request.user, case=case, preview_id=uuid)
        return _preview_page(request, case, found, looked)
    except CostPreview.DoesNotExist as error:
        raise Http404 from error
    except StaleWrite as error:
        return gone_page(request, "businesscase/actuals_gone.html", _context(case), error)


def _book(request: ProjectRequest, case: BusinessCase, uuid: UUID) -> HttpResponse:
    sent = single_values(request.POST)
    if set(sent) - {"doubles", "csrfmiddlewaretoken"} or sent.get("doubles", "") not in ("", SKIP, BOOK):
        raise BadRequest("unknown field or choice")
    try:
        with acting_via("import"):
            count = confirm_costs(
                acting_user=request.user, case=case, preview_id=uuid, doubles=str(sent.get("doubles", ""))
            )
    except RuleBroken as error:
        found, looked = shown_costs(acting_user=request.user, case=case, preview_id=uuid)
        return _preview_page(request, case, found, looked, problem=str(error))
    said = ngettext("%(n)d amount was booked from the file.", "%(n)d amounts were booked from the file.", count)
    messages.success(request, said % {"n": count} if count else _("Nothing was booked: all of it is here already."))
    return redirect(f"{address(case.project, case.kind, 'case_actuals')}#booked")


def _context(case: BusinessCase) -> dict[str, object]:
    words = money_words(case.project, case.kind)
    return {"project": case.project, "case": case, "back": words["pages"]["import"], **words}


def _upload_page(
    request: ProjectRequest,
    case: BusinessCase,
    form: CostFileForm,
    bad: Sequence[BadCell] = (),
    file_name: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_context(case),
        "form": form,
        "file_name": file_name,
        "columns": FIELDS,
        "template": address(case.project, case.kind, "case_actuals_template"),
        "booked": ActualCost.objects.filter(case=case).count(),
        **bad_context(bad, why),
    }
    return render(request, "businesscase/actuals_import.html", context, status=status)


def _preview_page(
    request: ProjectRequest, case: BusinessCase, found: CostPreview, looked: Looked, *, problem: str = ""
) -> HttpResponse:
    values, _lists = read_query(request.GET, single=("page",))
    entries = [(row, row.entry) for row in looked.rows if row.entry is not None]
    amounts = [entry.amount for _row, entry in entries]
    twice = [entry.amount for row, entry in entries if row.text.number in looked.doubles]
    page = Paginator(entries, ROWS_A_PAGE).get_page(whole_number("page", values["page"]) or 1)
    months = sorted({entry.month for _row, entry in entries})
    context = {
        **_context(case),
        "preview": found,
        "expires": found.created_at + LIFETIME,
        "page": page,
        "rows": [
            {
                "number": row.text.number,
                "entry": entry,
                "phase": f"{row.key[1]} {PHASE_NAMES[row.key[1]]}" if row.key else "",
                "category": Category(row.key[2]).label if row.key else "",
                "double": looked.doubles.get(row.text.number, ""),
            }
            for row, entry in page
        ],
        "count": len(entries),
        "sum": total(amounts),
        "doubles": len(looked.doubles),
        "doubles_sum": total(twice),
        "empty": looked.empty,
        "months": months,
        "problem": problem,
    }
    return render(request, "businesscase/actuals_preview.html", context, status=422 if problem else 200)
