"""What a kept preview of an import holds, read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from audittrail.models import Event
from phases.domain.plan_file import EDITABLE, CellChange, FileRow, RowChange, cell_mark, read_mark, unit_of
from phases.exports_plan import plain
from phases.models import PlanPreview
from projects.models import Project

_CHANGE_KEYS = {
    "status": "status",
    "responsible_party": "responsible party",
    "due": "due",
    "operating_since": "operating since",
    "note": "note",
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A row that an import changes, with what a person needs beside the cells."""

    change: RowChange
    title: str
    exported: Mapping[str, str]
    refused: Mapping[str, str]


def content_of(changes: list[ShownChange], unchanged: int) -> dict[str, Any]:
    """How a preview is kept."""
    return {
        "unchanged": unchanged,
        "choices": {},
        "rows": [
            {
                "pk": shown.change.pk,
                "version": shown.change.version,
                "number": shown.change.row.number,
                "sheet": shown.change.row.sheet,
                "row": dict(shown.change.row.cells),
                "cells": [[cell.column, cell.before, cell.after, cell.is_conflict] for cell in shown.change.cells],
                "title": shown.title,
                "exported": dict(shown.exported),
                "refused": dict(shown.refused),
            }
            for shown in changes
        ],
    }


def shown_of(preview: PlanPreview) -> list[ShownChange]:
    """The rows of a preview, in the order of the file."""
    return [
        ShownChange(
            RowChange(
                row["pk"],
                row["version"],
                FileRow(row["number"], row["sheet"], row["row"]),
                tuple(CellChange(*cell) for cell in row["cells"]),
            ),
            row["title"],
            row["exported"],
            row["refused"],
        )
        for row in preview.content["rows"]
    ]


def changes_of(preview: PlanPreview) -> list[RowChange]:
    """The changes alone."""
    return [shown.change for shown in shown_of(preview)]


def choices_of(preview: PlanPreview) -> dict[int, dict[str, str]]:
    """What was chosen so far: keep or file, by row and unit."""
    chosen: dict[int, dict[str, str]] = {}
    for key, side in preview.content["choices"].items():
        pk, unit = key.split(":")
        chosen.setdefault(int(pk), {})[unit] = side
    return chosen


def open_choices(preview: PlanPreview) -> list[tuple[int, str]]:
    """The conflicts that nobody has decided yet, by row and unit."""
    chosen = choices_of(preview)
    return [
        (change.pk, unit)
        for change in changes_of(preview)
        for unit in change.open_units
        if unit not in chosen.get(change.pk, {})
    ]


def exported_values(project: Project, changes: list[RowChange]) -> dict[int, dict[str, str]]:
    """What the cells in conflict held when the file was written, as far as the trail still knows. One query.

    A file carries only a hash of each cell; the value itself is the one in the trail that has this hash.
    """
    wanted: dict[str, tuple[int, dict[str, str]]] = {}
    for change in changes:
        mark = read_mark(change.row.cells.get("check", ""))
        cells = {cell.column for cells in change.open_units.values() for cell in cells}
        if mark is not None and cells:
            wanted["{}@{}".format(*change.row.name)] = (change.pk, {name: mark.cells[name] for name in cells})
    found: dict[int, dict[str, str]] = {}
    if not wanted:
        return found
    events = Event.objects.filter(stream_id=project.uuid, kind="phase activity", key__in=wanted).order_by("seq")
    for event in events.only("key", "payload").iterator():
        pk, hashes = wanted[event.key]
        for column, hashed in hashes.items():
            for value in _values(event.content, column):
                if cell_mark(value) == hashed:
                    found.setdefault(pk, {})[column] = value
    # Nothing stood there: no event says so, and the hash does.
    for pk, hashes in wanted.values():
        for column, hashed in hashes.items():
            if hashed == cell_mark(""):
                found.setdefault(pk, {})[column] = ""
    return found


def _values(content: Mapping[str, Any], column: str) -> list[str]:
    if column == "reason":
        return [plain(content.get("reason") or "")]
    pair = content.get("changes", {}).get(_CHANGE_KEYS[column])
    if not isinstance(pair, list):
        return []
    return [plain(str(value)) for value in pair if isinstance(value, str | date)]


def counts_of(changes: list[RowChange]) -> dict[str, int]:
    """How many rows change in each unit, in the order of the columns; only what occurs."""
    counts: dict[str, int] = {}
    for unit in dict.fromkeys(unit_of(column) for column in EDITABLE):
        count = sum(any(unit_of(cell.column) == unit for cell in change.cells) for change in changes)
        if count:
            counts[unit] = count
    return counts
