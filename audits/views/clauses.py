"""The clause view: every clause of an edition with its gaps, and one clause from its activities to its records."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from audits import clause_words
from audits.clause_tree import clause_url, neighbours, tree_of
from audits.exports_clauses import CHAIN_COLUMNS, CLAUSE_COLUMNS, chain_table, clause_table
from audits.selectors import clause_page as page_of
from audits.selectors.clause_chain import Chains, ClauseChain, chains_of
from common import clock
from common.query import choice, read_query
from common.workbook_out import FORMATS, table_response
from evidence.domain.records import GOAL
from phases.selectors.clauses import EDITIONS, clause_titles
from projects.access import ProjectRequest, project_view
from projects.models import Project

HEATS = (1, 4, 12, 36)


@project_view("clauses.view")
def clauses(request: ProjectRequest, project: Project) -> HttpResponse:
    """All clauses of an edition (by default the project's) and where their chains break off."""
    values, _lists = read_query(request.GET, single=("edition", "show"))
    edition = choice("edition", values["edition"], EDITIONS) or project.edition
    show = choice("show", values["show"], ("gaps",))
    chains = chains_of(project, request.access, edition)
    phase = page_of.phase_reached(project)
    rows = [
        {
            "chain": chain,
            "url": clause_url(project, edition, number),
            "depth": number.count("."),
            "gaps": chains.gap_counts[number],
            "cells": clause_words.cells_of([chain], phase) if not chain.is_empty else (),
        }
        for number, chain in chains.of.items()
        if not show or chains.gap_counts[number]
    ]
    return render(request, "audits/clauses.html", _frame(request, project, chains, "") | {"rows": rows, "show": show})


@project_view("clauses.view")
def clauses_export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The list as seen, as a file."""
    values, _lists = read_query(request.GET, single=("edition", "show", "format"))
    edition = choice("edition", values["edition"], EDITIONS) or project.edition
    show = choice("show", values["show"], ("gaps",))
    form = choice("format", values["format"], FORMATS) or "csv"
    chains = chains_of(project, request.access, edition)
    table = clause_table(chains, page_of.phase_reached(project), only_gaps=bool(show))
    return table_response(form, f"{project.slug}-clauses-{edition}", CLAUSE_COLUMNS, table)


@project_view("clauses.view")
def clause(request: ProjectRequest, project: Project, edition: str, number: str) -> HttpResponse:
    """One clause: what hangs on it, thing by thing, and where the chain to its records breaks off."""
    if number not in clause_titles().get(edition, {}):
        raise Http404
    values, _lists = read_query(request.GET, single=("part",))
    chains = chains_of(project, request.access, edition)
    within = chains.within(number)
    rows = page_of.rows_of(chains, number)
    part = _part(chains, rows, values["part"])
    phase = page_of.phase_reached(project)
    heading, says, told = clause_words.banner_of(number, within)
    before, after = neighbours(chains, number)
    context = _frame(request, project, chains, number)
    lines = page_of.record_lines(project, request.access, within)
    context |= {
        "number": number,
        "title": chains.of[number].title,
        "other": page_of.other_edition(chains, within),
        "people": page_of.people_of(project, within),
        "gaps": chains.gap_counts[number],
        "heading": heading,
        "says": says,
        "told": told,
        "now": clock.now(),
        "before": before and clause_url(project, edition, before),
        "before_number": before,
        "after": after and clause_url(project, edition, after),
        "after_number": after,
        "steps": clause_words.steps(),
        "rows": [_row(project, chains, row, phase, number) for row in rows],
        "part": part,
        "lines": [_line(line) for line in lines if line.activity.runs],
        "waiting": [line.activity for line in lines if not line.activity.runs],
        "months": [
            (month, clause_words.month_word(month)) for month in page_of.months_shown(clock.today(project.time_zone))
        ],
        "since": page_of.operating_since(lines),
        "goal": GOAL,
        "requests": page_of.requests_on(project, edition, number, within),
        "today": clock.today(project.time_zone),
    }
    if request.access.can("findings.view"):
        context["findings"] = page_of.findings_on(project, edition, number)
    if part is not None:
        context |= _things(request, project, part, phase)
    if request.access.can("governance.view"):
        context["decisions"] = page_of.decisions_on(project, within)
    if request.access.can("trail.view"):
        context["events"] = page_of.trail_on(project, within, _keys(project, request, within))
    context |= _pack(request, project, edition, number, within)
    return render(request, "audits/clause.html", context)


@project_view("clauses.view")
def clause_export(request: ProjectRequest, project: Project, edition: str, number: str) -> HttpResponse:
    """What hangs on a clause, a line a thing, as a file."""
    if number not in clause_titles().get(edition, {}):
        raise Http404
    values, _lists = read_query(request.GET, single=("part", "format"))
    form = choice("format", values["format"], FORMATS) or "csv"
    chains = chains_of(project, request.access, edition)
    wanted = values["part"] or number
    if wanted != number and not wanted.startswith(f"{number}."):
        raise BadRequest("part has no such value")
    table = chain_table(project, request.access, chains.within(wanted))
    return table_response(form, f"{project.slug}-clause-{edition}-{wanted}", CHAIN_COLUMNS, table)


def _frame(request: ProjectRequest, project: Project, chains: Chains, current: str) -> dict[str, Any]:
    is_auditor, until = page_of.read_only_until(project, request.access)
    base = reverse("clauses", args=[project.slug])
    return {
        "project": project,
        "chains": chains,
        "edition": chains.edition,
        "tree": tree_of(project, chains, current),
        "editions": [
            {"label": f"ISO/IEC 20000-1:{each}", "url": f"{base}?edition={each}", "current": each == chains.edition}
            for each in EDITIONS
        ],
        "is_auditor": is_auditor,
        "until": until,
        "ask_url": _known("audit_request_new", project.slug) if request.access.can("requests.ask") else "",
        "requests_url": _known("audit_requests", project.slug),
        "findings_url": _known("findings", project.slug),
    }


def _known(name: str, *args: str) -> str:
    """The address of a page, "" where no part of the application has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _part(chains: Chains, rows: list[page_of.Row], asked: str) -> ClauseChain | None:
    """The part whose things are listed: the one that was asked for, else the first with a gap, else the fullest."""
    offered = [row for row in rows if row.is_own or row.is_leaf]
    if asked:
        if asked not in {row.number for row in offered}:
            raise BadRequest("part has no such value")
        return chains.of[asked]
    most = max(offered, key=lambda row: len(chains.of[row.number].activities), default=None)
    first = next((row for row in offered if row.gaps), most)
    return chains.of[first.number] if first is not None else None


def _row(project: Project, chains: Chains, row: page_of.Row, phase: int, clause_number: str) -> dict[str, Any]:
    other = page_of.other_edition(chains, row.chains)
    url = f"?part={row.number}#things" if row.is_own or row.is_leaf else clause_url(project, chains.edition, row.number)
    return {
        "row": row,
        "url": url,
        "is_whole": row.is_own and row.number == clause_number and not row.is_leaf,
        "other": other,
        "cells": clause_words.cells_of(row.chains, phase),
    }


def _things(request: ProjectRequest, project: Project, part: ClauseChain, phase: int) -> dict[str, Any]:
    activities = [
        {"activity": each, "stand": clause_words.present(each, phase), "others": len(each.phases) - 1}
        for each in part.activities
    ]
    answers = [
        {
            "answer": each,
            "word": clause_words.answer_word(each.value),
            "short": each.question.ref.rpartition("-")[2],
            "earlier": [(title, clause_words.answer_word(value)) for _key, title, value in each.history[:-1]],
            "key": each.said_in or (each.history[-1][0] if each.history else ""),
        }
        for each in part.answers
    ]
    items = page_of.newest_items(project, request.access, part.items)
    return {
        "activities": sorted(activities, key=lambda each: (each["stand"].is_served, each["activity"].ref)),
        "documents": [(row, clause_words.document_words(row)) for row in part.documents],
        "answers": answers,
        "items": items,
        "more_items": len(part.items) - len(items),
    }


def _line(line: page_of.RecordLine) -> dict[str, Any]:
    return {
        "activity": line.activity,
        "months": [(month, count, _heat(count)) for month, count in line.months],
        "in_a_row": clause_words.in_a_row_words(line.activity.strip, is_behind=line.activity.is_behind),
        "is_behind": line.activity.is_behind,
        "reaches": line.activity.strip is not None and line.activity.strip.reaches_goal,
    }


def _heat(count: int) -> int:
    return sum(count >= least for least in HEATS)


def _keys(project: Project, request: ProjectRequest, within: list[ClauseChain]) -> list[str]:
    items = frozenset[int]().union(*(chain.items for chain in within))
    return page_of.keys_of(project, request.access, items)


def _pack(
    request: ProjectRequest, project: Project, edition: str, number: str, within: list[ClauseChain]
) -> dict[str, Any]:
    """What a pack of this clause would hold; nothing for who may not build one."""
    if not request.access.can("packs.build"):
        return {}
    items = frozenset[int]().union(*(chain.items for chain in within))
    files, size = page_of.files_of(project, request.access, items)
    documents = {row.document.pk for chain in within for row in chain.documents if row.document and row.in_force}
    url = _known("pack_new", project.slug)
    return {
        "pack": {
            "activities": len({each.pk for chain in within for each in chain.activities}),
            "rows": sum(len(each.phases) for each in {a.pk: a for c in within for a in c.activities}.values()),
            "documents": len(documents),
            "answers": len({each.question.ref for chain in within for each in chain.answers}),
            "items": len(items),
            "files": files,
            "size": size,
            "url": url,
            "missing": clause_words.all_gaps(within)[:6],
            "more": max(0, len(clause_words.all_gaps(within)) - 6),
        }
    }
