"""The risk register: what needs somebody first, the matrix, the list, and the list as a file."""

from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.choices import RiskCategory, RiskState
from businesscase.domain.risks import Level
from businesscase.exports_risks import RISK_COLUMNS, risk_lines
from businesscase.forms.risk_query import EVERY, parse_risk_query, risk_query_string
from businesscase.panels_risks import matrix_values
from businesscase.risk_words import LEVEL_WORDS, WHY_FILTERS
from businesscase.selectors.risks import MINE, NOBODY, Register, RiskQuery, Why, register_of
from common.query import whole_number
from common.workbook_out import FORMATS, table_response
from projects.access import ProjectRequest, project_view
from projects.models import Project

PAGE = 100
FIRST = 8
"""So many of what needs somebody stand above the list."""


@project_view("risks.view")
def risks(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register of a project."""
    register = register_of(project)
    query = parse_risk_query(request.GET, [pk for pk, _name in register.owners()], ("page",))
    lines = register.asked(query, request.user)
    page = Paginator(lines, PAGE).get_page(whole_number("page", request.GET.get("page", "")) or 1)
    here = reverse("risks", args=[project.slug])
    attention = register.attention
    context = {
        "project": project,
        "register": register,
        "query": query,
        "page": page,
        "total": len(lines),
        "attention": attention[:FIRST],
        "attention_total": len(attention),
        "coming": register.coming[:FIRST],
        "attention_url": f"{here}?why=attention#register",
        "standing": _standing(register),
        "may_report": bool(request.access.can("risks.report")),
        "may_export": bool(request.access.can("phases.export")),
        "export_url": reverse("risks_export", args=[project.slug]) + risk_query_string(query),
        "columns": _columns(here, query),
        "filters": _filters(register, query),
        **matrix_values(register, here, after=query.after, chosen=(query.probability, query.impact)),
        "view_tabs": [
            {"label": _("Now"), "url": f"{here}{risk_query_string(query, view='')}#matrix", "current": not query.after},
            {
                "label": _("Once the responses work"),
                "url": f"{here}{risk_query_string(query, view='after')}#matrix",
                "current": query.after,
            },
        ],
    }
    return render(request, "businesscase/risks.html", context)


@project_view("phases.export")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The list as CSV or XLSX: what the page shows for the same question, all of it."""
    register = register_of(project)
    query = parse_risk_query(request.GET, [pk for pk, _name in register.owners()], ("format", "page"))
    form = request.GET.get("format", "") or FORMATS[0]
    if form not in FORMATS:
        raise BadRequest("no such format")
    lines = register.asked(query, request.user)
    return table_response(form, f"{project.slug}-risks", RISK_COLUMNS, risk_lines(lines))


def _standing(register: Register) -> dict[str, Any]:
    """Where the register stands, in one sentence: what needs somebody, before how many there are."""
    said = [
        (
            register.counted(Why.UNANSWERED),
            lambda n: ngettext("%(n)d high risk has no response", "%(n)d high risks have no response", n),
        ),
        (
            register.counted(Why.UNOWNED),
            lambda n: ngettext("%(n)d high risk has no owner", "%(n)d high risks have no owner", n),
        ),
        (
            register.counted(Why.LEFT),
            lambda n: ngettext("%(n)d has an owner who has left", "%(n)d have owners who have left", n),
        ),
        (
            register.counted(Why.OVERDUE),
            lambda n: ngettext("%(n)d is overdue for a look", "%(n)d are overdue for a look", n),
        ),
        (register.counted(Why.RISING), lambda n: ngettext("%(n)d is rising", "%(n)d are rising", n)),
        (
            register.counted(Why.NEW),
            lambda n: ngettext("%(n)d is new and has no owner", "%(n)d are new and have no owner", n),
        ),
    ]
    parts = [words(count) % {"n": count} for count, words in said if count]
    bad = any(register.counted(why) for why in (Why.UNANSWERED, Why.UNOWNED, Why.LEFT))
    levels = register.levels()
    counts = ", ".join(
        _("%(n)d %(level)s") % {"n": levels[level], "level": str(LEVEL_WORDS[level]).lower()}
        for level in reversed(list(Level))
        if levels.get(level)
    )
    return {
        "tone": "bad" if bad else "warn" if parts else "ok",
        "shape": "health-late" if bad else "health-at-risk" if parts else "health-on-track",
        "word": _("Needs you") if bad else _("Needs a look") if parts else _("In hand"),
        "said": ", ".join(parts) if parts else _("Every high risk has a response and an owner, and no look is overdue"),
        "counts": counts,
    }


def _columns(here: str, query: RiskQuery) -> list[dict[str, Any]]:
    """The heads of the table; each sorts, and sorts the other way when it already does."""
    heads = [
        ("level", _("Level"), True),
        ("title", _("Risk"), False),
        ("category", _("Kind"), False),
        ("response", _("Response"), False),
        ("left", _("Then"), True),
        ("owner", _("Owner"), False),
        ("look", _("Next look"), False),
    ]
    columns = []
    now = query.sort or "-level"
    for name, label, down_first in heads:
        if name == "response":
            columns.append({"label": label, "url": "", "sorted": "", "name": name})
            continue
        up, down = name, f"-{name}"
        following = (up if now == down else down) if down_first else (down if now == up else up)
        columns.append(
            {
                "name": name,
                "label": label,
                "url": f"{here}{risk_query_string(query, sort=following)}#register",
                "sorted": "ascending" if now == up else "descending" if now == down else "",
            }
        )
    return columns


def _filters(register: Register, query: RiskQuery) -> list[dict[str, Any]]:
    """The selects above the list."""
    owners = [(str(pk), name) for pk, name in register.owners()]
    return [
        {
            "name": "why",
            "label": _("What needs somebody"),
            "value": query.why,
            "choices": [("", _("All needs")), *WHY_FILTERS.items()],
        },
        {
            "name": "level",
            "label": _("Level"),
            "value": query.level,
            "choices": [("", _("All levels")), *((level, LEVEL_WORDS[level]) for level in reversed(list(Level)))],
        },
        {
            "name": "category",
            "label": _("Kind"),
            "value": query.category,
            "choices": [("", _("All kinds")), *RiskCategory.choices],
        },
        {
            "name": "owner",
            "label": _("Owner"),
            "value": query.owner,
            "choices": [("", _("All owners")), (MINE, _("Mine")), (NOBODY, _("Nobody")), *owners],
        },
        {
            "name": "state",
            "label": _("State"),
            "value": query.state or EVERY,
            "plain": RiskState.OPEN,
            "choices": [*RiskState.choices, (EVERY, _("All states"))],
        },
    ]
