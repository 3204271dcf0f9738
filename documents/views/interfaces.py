"""The register of interfaces: as a list, as a matrix, around one process, as a file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts.hand_overs import HandOver, hand_overs
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, whole_number
from common.workbook_out import FORMATS, table_response
from documents.choices import InterfaceState
from documents.exports_registers import INTERFACE_COLUMNS, interface_lines
from documents.forms.interfaces import interface_query_string, parse_interface_query
from documents.models import Interface
from documents.selectors.interfaces import around, counts_of, interfaces_of, matrix_of, names_of
from documents.services.interfaces import agree_on, take_interfaces
from documents.views.register import tabs_of
from projects.access import ProjectRequest, project_view
from projects.models import Project

PER_PAGE = 60


@project_view("documents.view")
def interfaces(request: ProjectRequest, project: Project) -> HttpResponse:
    """The list."""
    return _list(request, project)


def _list(
    request: ProjectRequest, project: Project, *, problem: str = "", status: int = 200, chosen: tuple[str, ...] = ()
) -> HttpResponse:
    names = names_of(project)
    query = parse_interface_query(request.GET, names, ("page",))
    rows = interfaces_of(project, query)
    counts = counts_of(list(Interface.objects.filter(project=project).only("state")))
    paginator = Paginator(rows, PER_PAGE)
    number = whole_number("page", request.GET.get("page", "")) or 1
    if not 1 <= number <= paginator.num_pages:
        raise BadRequest("page has no such value")
    page = paginator.page(number)
    asked = interface_query_string(query)
    context: dict[str, Any] = {
        **_frame(request, project, "list", counts),
        "query": query,
        "is_filtered": bool(asked),
        "page_obj": page,
        "rows": [(row, names.get(row.giver, row.giver), names.get(row.receiver, row.receiver)) for row in page],
        "names": names,
        "states": InterfaceState.choices,
        "export_url": reverse("interfaces_export", args=[project.slug]) + (asked or "?") + ("&" if asked else ""),
        "problem": problem,
        "chosen": chosen,
    }
    return render(request, "documents/interfaces.html", context, status=status)


def _frame(request: ProjectRequest, project: Project, view: str, counts: Any) -> dict[str, Any]:
    """What all three views have: the tabs and how far the register is agreed."""
    tabs = (
        ("list", _("List"), "interfaces"),
        ("matrix", _("Matrix"), "interfaces_matrix"),
        ("diagram", _("Around one process"), "interfaces_diagram"),
    )
    return {
        "project": project,
        "tabs": [
            {"label": label, "url": reverse(route, args=[project.slug]), "current": name == view}
            for name, label, route in tabs
        ],
        "document_tabs": tabs_of(project, "interfaces"),
        "open_count": counts[InterfaceState.OPEN],
        "agreed_count": counts[InterfaceState.AGREED],
        "dropped_count": counts[InterfaceState.DROPPED],
        "total": counts[InterfaceState.OPEN] + counts[InterfaceState.AGREED],
        "may_write": bool(request.access.can("documents.write")),
        "may_take": bool(request.access.can("documents.publish")),
    }


@project_view("documents.view")
def matrix(request: ProjectRequest, project: Project) -> HttpResponse:
    """Who gives to whom: from each process (rows) to each (columns), how many lines, and how many are open."""
    read_query(request.GET)
    rows = interfaces_of(project)
    codes, lines = matrix_of(project, rows)
    names = names_of(project)
    context = {
        **_frame(request, project, "matrix", _counts(project, rows)),
        "columns": [(code, names[code]) for code in codes],
        "lines": lines,
        "names": names,
    }
    return render(request, "documents/interfaces_matrix.html", context)


@project_view("documents.view")
def diagram(request: ProjectRequest, project: Project) -> HttpResponse:
    """One process in the middle, with what it gets and what it gives."""
    values, _lists = read_query(request.GET, single=("process",))
    names = names_of(project)
    rows = interfaces_of(project)
    _codes, lines = matrix_of(project, rows)
    codes = [line.code for line in lines]
    code = choice("process", values["process"], names) or next(
        (line.code for line in sorted(lines, key=lambda line: (-line.total, line.code))), ""
    )
    gets, gives = around(rows, code)
    gets.sort(key=lambda row: codes.index(row.giver))
    context = {
        **_frame(request, project, "diagram", _counts(project, rows)),
        "code": code,
        "name": names.get(code, ""),
        "choices": [(each, names[each]) for each in codes],
        "sides": [
            (_("What it gets"), [(row, row.giver, names.get(row.giver, row.giver)) for row in gets]),
            (_("What it gives"), [(row, row.receiver, names.get(row.receiver, row.receiver)) for row in gives]),
        ],
        "chart": hand_overs(
            names.get(code, code),
            [_hand_over(row, names.get(row.giver, row.giver)) for row in gets],
            [_hand_over(row, names.get(row.receiver, row.receiver)) for row in gives],
            title=_("What %(name)s gets and gives") % {"name": names.get(code, code)},
        ),
    }
    return render(request, "documents/interfaces_diagram.html", context)


def _counts(project: Project, rows: list[Interface]) -> dict[str, int]:
    """The states of `rows` (all that are not dropped), and how many are dropped. One query."""
    dropped = Interface.objects.filter(project=project, state=InterfaceState.DROPPED).count()
    return {**counts_of(rows), InterfaceState.DROPPED.value: dropped}


def _hand_over(row: Interface, other: str) -> HandOver:
    return HandOver(other, row.what, row.when, is_agreed=not row.is_open)


@project_view("documents.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The list as seen, as a file."""
    names = names_of(project)
    query = parse_interface_query(request.GET, names, ("format",))
    form = choice("format", request.GET.get("format", ""), FORMATS) or FORMATS[0]
    rows = interfaces_of(project, query)
    return table_response(form, f"{project.slug}-interfaces", INTERFACE_COLUMNS, interface_lines(rows, names))


@project_view(post="documents.publish")
def take(request: ProjectRequest, project: Project) -> HttpResponse:
    """Take our model over; what is there stays."""
    taken = take_interfaces(acting_user=request.user, project=project)
    words = ngettext(
        "%(n)d line of our model is in the register. Make it yours.",
        "%(n)d lines of our model are in the register. Make them yours: change what is different here, drop what does "
        "not fit.",
        taken,
    )
    messages.success(request, words % {"n": taken} if taken else _("The register has all lines of our model already."))
    return redirect("interfaces", project.slug)


@project_view(post="documents.write")
def agree(request: ProjectRequest, project: Project) -> HttpResponse:
    """Note that both sides agree on the chosen lines; each comes with the version that was seen."""
    chosen = tuple(dict.fromkeys(request.POST.getlist("line")))[:PER_PAGE]
    lines = [each.partition(".") for each in chosen]
    if not lines or not all(version.isdecimal() for _key, _dot, version in lines):
        return _list(request, project, problem=_("Choose at least one line."), status=422)
    try:
        count = agree_on(
            acting_user=request.user, project=project, lines=[(key, int(version)) for key, _dot, version in lines]
        )
    except (RuleBroken, Interface.DoesNotExist) as error:
        said = str(error) if isinstance(error, RuleBroken) else _("One of them is gone.")
        return _list(request, project, problem=said, status=422, chosen=chosen)
    except StaleWrite as error:
        return _list(request, project, problem=str(error), status=409, chosen=chosen)
    messages.success(request, ngettext("%(n)d line is agreed.", "%(n)d lines are agreed.", count) % {"n": count})
    return redirect(reverse("interfaces", args=[project.slug]) + f"?{request.GET.urlencode()}".rstrip("?"))
