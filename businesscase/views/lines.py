"""A line of a case: adding one, changing it, taking it out, and what it would come to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from businesscase.forms.lines import (
    AssumptionForm,
    BenefitLineForm,
    CostForm,
    InterestedForm,
    LineForm,
    MeasureForm,
    Offers,
)
from businesscase.models import CaseRow, Risk
from businesscase.services.reckon import Reckoned, reckon_benefit, reckon_cost
from businesscase.services.rows import ROW_KINDS, add_row, change_row, remove_row
from businesscase.views import line_starts
from businesscase.views.case_pages import CasePage, begun_page
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Party, Project
from projects.services.guards import parse_version

ACTS = ("save", "another", "reckon", "remove")


@dataclass(frozen=True, slots=True)
class LinePage:
    """A kind of line in addresses: the kind of the service, its point, its form, and what its pages are called."""

    kind: str
    point: str
    form: type[LineForm]
    new: Any
    start: Callable[[CasePage, Mapping[str, str]], dict[str, Any]]
    guide: Callable[[CasePage, Mapping[str, str]], dict[str, Any]]
    reckon: Callable[..., Reckoned] | None = None


LINES: Mapping[str, LinePage] = {
    "cost": LinePage(
        "cost",
        "e",
        CostForm,
        gettext_lazy("Add a cost"),
        line_starts.cost_start,
        line_starts.cost_guide,
        reckon_cost,
    ),
    "benefit": LinePage(
        "benefit",
        "d",
        BenefitLineForm,
        gettext_lazy("Add a benefit"),
        line_starts.benefit_start,
        line_starts.benefit_guide,
        reckon_benefit,
    ),
    "assumption": LinePage(
        "assumption",
        "c",
        AssumptionForm,
        gettext_lazy("Add an assumption or a constraint"),
        line_starts.assumption_start,
        line_starts.assumption_guide,
    ),
    "interested-party": LinePage(
        "interested party",
        "j",
        InterestedForm,
        gettext_lazy("Add an interested party"),
        line_starts.interested_start,
        line_starts.interested_guide,
    ),
    "measure": LinePage(
        "measure",
        "g",
        MeasureForm,
        gettext_lazy("Add a measure"),
        line_starts.measure_start,
        line_starts.measure_guide,
    ),
}


def _line_page(page: CasePage, name: str) -> LinePage:
    if name not in LINES or (page.is_small and name != "cost"):
        raise Http404
    return LINES[name]


def _back(page: CasePage, kind: LinePage) -> str:
    return page.url("point", "cost" if page.is_small else kind.point)


def _offers(page: CasePage) -> Offers:
    project = page.project
    return Offers(
        case=page.case,
        parties=list(Party.objects.filter(project=project).order_by("name")),
        phases=page.phase_choices(),
        services=[str(each) for each in project.services],
        risks=() if page.is_small else list(Risk.objects.filter(project=project).open()),
    )


@project_view("case.edit", post="case.edit")
def new(request: ProjectRequest, project: Project, kind: str, line: str) -> HttpResponse:
    """Add a line."""
    page = begun_page(request, project, kind)
    what = _line_page(page, line)
    asked, _lists = read_query(request.GET, single=line_starts.ASKED)
    offers = _offers(page)
    if request.method != "POST":
        form = what.form(offers=offers, initial=what.start(page, asked))
        return _page(request, page, what, form, asked=asked)
    form = what.form(single_values(request.POST), offers=offers)
    act = _act(request)
    if act == "reckon":
        return _reckoned(request, page, what, form, asked=asked)
    if act != "remove" and form.is_valid():
        try:
            row = add_row(acting_user=request.user, case=page.case, kind=what.kind, values=form.values())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(ref)s is added.") % {"ref": row.ref})
            return redirect(request.get_full_path() if act == "another" else _back(page, what))
    return _page(request, page, what, form, asked=asked, status=422)


@project_view("case.view", post="case.edit")
def one(request: ProjectRequest, project: Project, kind: str, line: str, ref: str) -> HttpResponse:
    """Change the line `ref`, or take it out."""
    page = begun_page(request, project, kind)
    what = _line_page(page, line)
    read_query(request.GET)
    row = _row(page, what, ref)
    offers = _offers(page)
    if request.method != "POST":
        return _page(request, page, what, what.form(offers=offers, row=row), row=row)
    form = what.form(single_values(request.POST), offers=offers, row=row)
    act = _act(request)
    if act == "reckon":
        return _reckoned(request, page, what, form, row=row)
    if act == "remove" or form.is_valid():
        try:
            said = _write(request, page, what, row, form, act)
        except StaleWrite as stale:
            return _clash(request, page, what, line, ref, form, stale)
        except RuleBroken as error:
            if act == "remove":
                raise
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, said)
            new_url = page.url("line_new", line)
            return redirect(new_url if act == "another" else _back(page, what))
    return _page(request, page, what, form, row=row, status=422)


def _act(request: ProjectRequest) -> str:
    act = request.POST.get("do", "save")
    if act not in ACTS:
        raise BadRequest("no such act")
    return act


def _row(page: CasePage, what: LinePage, ref: str) -> CaseRow:
    model = ROW_KINDS[what.kind].model
    row = model._default_manager.filter(case=page.case, ref=ref).first()
    if row is None:
        raise Http404
    return row


def _write(request: ProjectRequest, page: CasePage, what: LinePage, row: CaseRow, form: LineForm, act: str) -> str:
    version = parse_version(request.POST.get("version"))
    if act == "remove":
        remove_row(acting_user=request.user, case=page.case, kind=what.kind, ref=row.ref, version=version)
        return _("%(ref)s is taken out. Versions that were submitted keep it.") % {"ref": row.ref}
    change_row(
        acting_user=request.user,
        case=page.case,
        kind=what.kind,
        ref=row.ref,
        version=version,
        values=form.values(),
    )
    return _("%(ref)s is saved.") % {"ref": row.ref}


def _clash(
    request: ProjectRequest,
    page: CasePage,
    what: LinePage,
    line: str,
    ref: str,
    form: LineForm,
    stale: StaleWrite,
) -> HttpResponse:
    """409 with both texts, and a way to save one's own over the other."""
    row = _row(page, what, ref)
    passed = {"version", "csrfmiddlewaretoken"}
    hidden = [(key, value) for key, value in request.POST.items() if key not in passed]
    url = page.url("line", line, ref)
    shown = form.as_read(stale)
    return conflict(request, shown, action=url, hidden=[*hidden, ("version", row.version)], back=url)


def _reckoned(
    request: ProjectRequest,
    page: CasePage,
    what: LinePage,
    form: LineForm,
    *,
    row: CaseRow | None = None,
    asked: Mapping[str, str] | None = None,
) -> HttpResponse:
    """What the line would come to: as a fragment for htmx, else on the page."""
    values: dict[str, Any] = {"currency": page.project.currency}
    if what.reckon is None:
        raise Http404
    if form.is_valid():
        try:
            values["reckoned"] = what.reckon(case=page.case, values=form.values())
        except RuleBroken as error:
            values["why_not"] = str(error)
    else:
        values["why_not"] = next(str(found[0]) for found in form.errors.values())
    if request.headers.get("HX-Request"):
        return render(request, "businesscase/_reckoned.html", values)
    return _page(request, page, what, form, row=row, asked=asked, **values)


def _page(
    request: ProjectRequest,
    page: CasePage,
    what: LinePage,
    form: LineForm,
    *,
    row: CaseRow | None = None,
    asked: Mapping[str, str] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "project": page.project,
        "page": page,
        "what": what,
        "form": form,
        "row": row,
        # A refused form is still that of the version it was filled from.
        "version": request.POST.get("version", row.version if row is not None else 0),
        "title": _("Change %(ref)s") % {"ref": row.ref} if row is not None else str(what.new),
        "back": _back(page, what),
        "point": next(each for each in page.lines if each.url == _back(page, what)),
        "can_reckon": what.reckon is not None,
        "currency": page.project.currency,
        **what.guide(page, asked or {}),
        **more,
    }
    return render(request, "businesscase/line.html", context, status=status)
