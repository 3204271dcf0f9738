"""What the pages share on which rows come back as a file: bad cells, what would change, conflicts, what was chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common.exceptions import StaleWrite
from common.marked_rows import KEEP, BadCell, CellChange
from common.query import choice, read_query, whole_number
from phases.forms.file_import import FileWords
from phases.preview_models import FilePreview
from phases.selectors.file_preview import ShownChange, changes_of, choices_of, counts_of, open_choices, shown_of
from phases.services.file_previews import LIFETIME

MOST_SHOWN = 1000  # bad cells; nobody mends more at once
ROWS_A_PAGE = 100
CONFLICTS_A_PAGE = 25
CONFLICTS = "conflicts"
_SIDE = "side-"


def bad_context(bad: Sequence[BadCell], why: Callable[[BadCell], str]) -> dict[str, Any]:
    """The cells of a file that cannot be taken, for `phases/_plan_import_bad.html`."""
    return {
        "bad": [{"cell": cell, "why": why(cell)} for cell in bad[:MOST_SHOWN]],
        "bad_count": len(bad),
        "bad_rows": len({(cell.sheet, cell.number) for cell in bad}),
        "bad_more": max(0, len(bad) - MOST_SHOWN),
        "has_sheets": any(cell.sheet for cell in bad),
    }


def gone_page(request: HttpRequest, template: str, context: Mapping[str, Any], error: StaleWrite) -> HttpResponse:
    """A preview that cannot be confirmed any more, and what stands by now."""
    pairs = [
        {"label": label, "current": error.current.get(label, ""), "sent": sent} for label, sent in error.sent.items()
    ]
    return render(request, template, {**context, "message": str(error), "pairs": pairs}, status=409)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was chosen on a preview: sides by "row:unit", or one for all (`rest`); where to go back to."""

    sides: Mapping[str, str]
    rest: str
    is_import: bool
    back: str


def read_choices(request: HttpRequest) -> Sent:
    """What was chosen. Raises BadRequest for fields and acts that the page does not have."""
    sides: dict[str, str] = {}
    for name, values in request.POST.lists():
        if name.startswith(_SIDE) and len(values) == 1:
            sides[name.removeprefix(_SIDE)] = values[0]
        elif name not in ("csrfmiddlewaretoken", "do", "cpage") or len(values) != 1:
            raise BadRequest(f"unknown field {name[:40]!r}")
    act = request.POST.get("do", "")
    if act not in ("import", "save", "all-keep", "all-file"):
        raise BadRequest("no such act")
    rest = act.removeprefix("all-") if act.startswith("all-") else ""
    page = whole_number("cpage", request.POST.get("cpage", "")) or 1
    back = f"{request.path}?cpage={page}#conflicts" if page > 1 else f"{request.path}#conflicts"
    return Sent({} if rest else sides, rest, act == "import", back)


def preview_context(
    request: HttpRequest, found: FilePreview, words: FileWords, *, problem: str = "", bad: Sequence[BadCell] = ()
) -> dict[str, Any]:
    """What `phases/plan_preview.html` shows of a preview, for it and those that extend it."""
    values, _lists = read_query(request.GET, single=("kind", "page", "cpage"))
    columns = found.columns
    shown = shown_of(found)
    changes = changes_of(found)
    counts = counts_of(columns, changes)
    waiting = open_choices(found)
    chosen = choices_of(found)
    conflicts = [_conflict(words, each, unit, chosen) for each in shown for unit in each.change.open_units]
    kind = choice("kind", values["kind"], (*counts, CONFLICTS))

    def cells(each: ShownChange) -> list[CellChange]:
        return [cell for cell in each.change.cells if kind in ("", CONFLICTS) or columns.unit_of(cell.column) == kind]

    listed = [each for each in shown if not kind or (each.change.conflicts if kind == CONFLICTS else cells(each))]
    page_of_conflicts = _page(conflicts, values["cpage"], CONFLICTS_A_PAGE)
    if problem and waiting:
        # What somebody forgot is what they see.
        place = next(place for place, each in enumerate(conflicts) if not each["side"])
        page_of_conflicts = Paginator(conflicts, CONFLICTS_A_PAGE).page(place // CONFLICTS_A_PAGE + 1)
    page = _page(listed, values["page"], ROWS_A_PAGE)
    return {
        "preview": found,
        "expires": found.created_at + LIFETIME,
        "changed": len(changes),
        "cell_count": sum(len(change.cells) for change in changes),
        "unchanged": found.content["unchanged"],
        "unread": found.content.get("unread", ()),
        "conflict_count": len(conflicts),
        "waiting": len(waiting),
        "conflict_page": page_of_conflicts,
        "kinds": _kinds(request, words, kind, counts, sum(bool(change.conflicts) for change in changes), len(changes)),
        "kind": kind,
        "page": page,
        "lines": [line for each in page for line in _lines(words, each, cells(each))],
        "problem": problem,
        **bad_context(bad, words.why),
    }


def _page(items: Sequence[Any], raw: str, size: int) -> Page[Any]:
    return Paginator(items, size).get_page(whole_number("page", raw) or 1)


def _kinds(
    request: HttpRequest, words: FileWords, kind: str, counts: Mapping[str, int], conflicts: int, rows: int
) -> list[dict[str, Any]]:
    kinds = [("", _("All"), rows)]
    if conflicts:
        kinds.append((CONFLICTS, _("Conflicts"), conflicts))
    if len(counts) > 1:
        kinds += [(name, str(words.labels[name]), count) for name, count in counts.items()]
    return [
        {
            "label": label,
            "url": f"{request.path}?kind={name}#changes" if name else f"{request.path}#changes",
            "count": count,
            "current": name == kind,
        }
        for name, label, count in kinds
    ]


def _lines(words: FileWords, shown: ShownChange, cells: Sequence[CellChange]) -> list[dict[str, Any]]:
    """A line of the table for each cell."""
    return [
        {
            **_row(shown),
            "label": words.labels[cell.column],
            "before": words.in_words(cell.column, cell.before),
            "after": words.becomes(cell.column, cell.after),
            "is_conflict": cell.is_conflict,
            "is_first": not place,
        }
        for place, cell in enumerate(cells)
    ]


def _row(shown: ShownChange) -> dict[str, Any]:
    ref, *beside = shown.change.row.name
    return {"row": shown.change.row, "ref": ref, "phase": beside[0] if beside else "", "title": shown.title}


def _conflict(
    words: FileWords, shown: ShownChange, unit: str, chosen: Mapping[int, Mapping[str, str]]
) -> dict[str, Any]:
    """The three states of what has to be chosen, and what was chosen."""
    change = shown.change
    return {
        **_row(shown),
        "name": f"{_SIDE}{change.pk}:{unit}",
        "side": chosen.get(change.pk, {}).get(unit, KEEP if unit in shown.refused else ""),
        "refused": shown.refused.get(unit, ""),
        "beside": shown.beside,
        "cells": [
            {
                "label": words.labels[cell.column],
                "exported": words.in_words(cell.column, shown.exported[cell.column])
                if cell.column in shown.exported
                else None,
                "here": words.in_words(cell.column, cell.before),
                "file": words.becomes(cell.column, cell.after),
            }
            for cell in change.open_units[unit]
        ],
    }
