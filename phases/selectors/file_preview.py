"""What a kept preview of an import holds, read back: of a plan, or of other rows that come back as a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audittrail.models import Event
from common.marked_rows import MARK, CellChange, Columns, FileRow, RowChange, cell_mark
from phases.preview_models import FilePreview
from projects.models import Project


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A row that an import changes, with what a person needs beside the cells.

    `exported` are its cells in conflict when it was taken out, `refused` says by unit why the file's side cannot be
    taken, `beside` whose word it is that stands here.
    """

    change: RowChange
    title: str
    exported: Mapping[str, str]
    refused: Mapping[str, str]
    beside: str = ""


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
                "beside": shown.beside,
            }
            for shown in changes
        ],
    }


def shown_of(preview: FilePreview) -> list[ShownChange]:
    """The rows of a preview, in the order of the file."""
    return [
        ShownChange(
            RowChange(
                row["pk"],
                row["version"],
                FileRow(row["number"], row["sheet"], row["row"], preview.columns.keys),
                tuple(CellChange(*cell) for cell in row["cells"]),
                preview.columns.units,
            ),
            row["title"],
            row["exported"],
            row["refused"],
            row.get("beside", ""),
        )
        for row in preview.content["rows"]
    ]


def changes_of(preview: FilePreview) -> list[RowChange]:
    """The changes alone."""
    return [shown.change for shown in shown_of(preview)]


def choices_of(preview: FilePreview) -> dict[int, dict[str, str]]:
    """What was chosen so far: keep or file, by row and unit."""
    chosen: dict[int, dict[str, str]] = {}
    for key, side in preview.content["choices"].items():
        pk, unit = key.split(":")
        chosen.setdefault(int(pk), {})[unit] = side
    return chosen


def open_choices(preview: FilePreview) -> list[tuple[int, str]]:
    """The conflicts that nobody has decided yet, by row and unit."""
    chosen = choices_of(preview)
    return [
        (change.pk, unit)
        for change in changes_of(preview)
        for unit in change.open_units
        if unit not in chosen.get(change.pk, {})
    ]


def values_in_trail(
    project: Project,
    columns: Columns,
    changes: Sequence[RowChange],
    *,
    kind: str,
    key_of: Callable[[RowChange], str],
    values_of: Callable[[Mapping[str, Any], str], Sequence[str]],
) -> dict[int, dict[str, str]]:
    """What the cells in conflict held when the file was written, as far as the trail still knows. One query.

    A file carries only a hash of each cell; the value itself is the one in the trail that has this hash. `kind` and
    `key_of` say under which object the trail has a row, `values_of` which values an event gives for a column.
    """
    wanted: dict[str, tuple[int, dict[str, str]]] = {}
    for change in changes:
        mark = columns.read_mark(change.row.cells.get(MARK, ""))
        cells = {cell.column for cells in change.open_units.values() for cell in cells}
        if mark is not None and cells:
            wanted[key_of(change)] = (change.pk, {name: mark.cells[name] for name in cells})
    found: dict[int, dict[str, str]] = {}
    if not wanted:
        return found
    events = Event.objects.filter(stream_id=project.uuid, kind=kind, key__in=wanted).order_by("seq")
    for event in events.only("key", "payload").iterator():
        pk, hashes = wanted[event.key]
        for column, hashed in hashes.items():
            for value in values_of(event.content, column):
                if cell_mark(value) == hashed:
                    found.setdefault(pk, {})[column] = value
    # Nothing stood there: no event says so, and the hash does.
    for pk, hashes in wanted.values():
        for column, hashed in hashes.items():
            if hashed == cell_mark(""):
                found.setdefault(pk, {})[column] = ""
    return found


def counts_of(columns: Columns, changes: list[RowChange]) -> dict[str, int]:
    """How many rows change in each unit, in the order of the columns; only what occurs."""
    counts: dict[str, int] = {}
    for unit in dict.fromkeys(columns.unit_of(column) for column in columns.editable):
        count = sum(any(columns.unit_of(cell.column) == unit for cell in change.cells) for change in changes)
        if count:
            counts[unit] = count
    return counts
