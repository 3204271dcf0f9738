"""The calendar of operation: what comes round, one of it, done and changed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.certification_permissions import may_do_entry
from audits.exports_certification import CYCLE_COLUMNS, cycle_rows
from audits.forms.certification import EntryForm
from audits.models import CycleEntry
from audits.selectors.cycle import EntryLine, entry_lines, entry_of, rounds_of, year_of
from audits.services.cycle import add_entry, change_entry, do_entry, seed_cycle
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, day, read_query, single_values
from common.workbook_out import FORMATS, table_response
from evidence.selectors import seen_by
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project
from projects.services.guards import parse_version


@project_view("certification.view")
def calendar(request: ProjectRequest, project: Project) -> HttpResponse:
    """The year: what is late, what is next, and when everything comes again."""
    read_query(request.GET)
    lines = entry_lines(project, request.access, resting=True)
    active = [each for each in lines if each.entry.is_active]
    context: dict[str, Any] = {
        "project": project,
        "lines": active,
        "resting": [each for each in lines if not each.entry.is_active],
        "late": [each for each in active if each.days_late],
        "near": [each for each in active if each.days_near is not None],
        "year": year_of(project, active),
        "nobody": sum(each.entry.owner is None for each in active),
        "may_keep": bool(request.access.can("services.change")),
    }
    return render(request, "audits/calendar.html", context)


@project_view("certification.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """What comes round, as a file."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or FORMATS[0]
    return table_response(form, f"{project.slug}-calendar", CYCLE_COLUMNS, cycle_rows(entry_lines(project)))


@project_view(post="services.change")
def seed(request: ProjectRequest, project: Project) -> HttpResponse:
    """Take over what practice lets come round."""
    made = seed_cycle(acting_user=request.user, project=project)
    said = ngettext("%(n)d entry is in the calendar.", "%(n)d entries are in the calendar.", made)
    messages.success(request, said % {"n": made} if made else _("All of it is there already."))
    return redirect("cycle", project.slug)


@project_view("services.change", post="services.change")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Let something of one's own come round."""
    if request.method != "POST":
        read_query(request.GET)
        return _form(request, project, EntryForm(owners=_owners(project)))
    form = EntryForm(single_values(request.POST), owners=_owners(project))
    if form.is_valid():
        try:
            entry = add_entry(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("It is in the calendar."))
            return redirect("cycle_entry", project.slug, entry.pk)
    return _form(request, project, form, status=422)


@project_view("project.view")
def page(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """One entry and its rounds. Its owner sees it whatever their role."""
    read_query(request.GET)
    return _page(request, _found(request, project, pk))


@project_view("services.change", post="services.change")
def change(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Change an entry, or let it rest."""
    line = _found(request, project, pk)
    if request.method != "POST":
        read_query(request.GET)
        return _form(request, project, EntryForm(owners=_owners(project), entry=line.entry), line=line)
    data = single_values(request.POST)
    form, status = EntryForm(data, owners=_owners(project), entry=line.entry), 422
    if form.is_valid():
        try:
            change_entry(
                acting_user=request.user,
                entry=line.entry,
                version=parse_version(data.get("version")),
                facts=form.facts(),
                is_active=form.cleaned_data["is_active"],
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("cycle_entry", project.slug, pk)
    return _form(request, project, form, line=line, status=status)


@project_view(post="improvements.propose")
def done(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Say that it was done: for its owner, and who keeps the calendar."""
    line = _found(request, project, pk)
    data = single_values(request.POST)
    typed = {name: data.get(name, "") for name in ("note", "evidence", "done_on")}
    try:
        do_entry(
            acting_user=request.user,
            entry=line.entry,
            version=parse_version(data.get("version")),
            note=typed["note"],
            done_on=day("done_on", typed["done_on"]),
            evidence=typed["evidence"],
        )
    except StaleWrite:
        problem = _("Somebody said so meanwhile, or changed it. Read it again; nothing was saved.")
        return _page(request, _found(request, project, pk), problem=problem, typed=typed, status=409)
    except RuleBroken as error:
        return _page(request, line, problem=str(error), typed=typed, status=422)
    messages.success(request, _("Done. It comes again in its rhythm."))
    if data.get("from") == "work":
        return redirect(reverse("my_work"))
    return redirect("cycle_entry", project.slug, pk)


def _found(request: ProjectRequest, project: Project, pk: int) -> EntryLine:
    """The entry, where this person sees the calendar or owns it; hidden equals absent."""
    line = entry_of(project, pk, request.access)
    if line is None or not (line.is_mine or request.access.can("certification.view")):
        raise Http404
    return line


def _owners(project: Project) -> list[Party]:
    return list(Party.objects.filter(project=project).order_by("name"))


def _page(
    request: ProjectRequest,
    line: EntryLine,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    entry: CycleEntry = line.entry
    project = entry.project
    rounds = rounds_of(entry)
    items = {each.evidence_id for each in rounds if each.evidence_id is not None}
    seen = set(seen_by(project, request.access).filter(pk__in=items).values_list("pk", flat=True)) if items else set()
    context: dict[str, Any] = {
        "project": project,
        "line": line,
        "entry": entry,
        "rounds": [(each, each.evidence if each.evidence_id in seen else None) for each in rounds],
        "sees_all": bool(request.access.can("certification.view")),
        "may_do": entry.is_active and bool(may_do_entry(entry, request.access)),
        "may_keep": bool(request.access.can("services.change")),
        "today": clock.today(project.time_zone),
        "problem": problem,
        "typed": typed or {},
    }
    return render(request, "audits/cycle_entry.html", context, status=status)


def _form(
    request: ProjectRequest, project: Project, form: EntryForm, *, line: EntryLine | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "audits/cycle_form.html", {"project": project, "form": form, "line": line}, status=status)
