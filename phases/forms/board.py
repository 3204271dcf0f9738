"""The address of a board: what it may ask for, read strictly, and written back.

view=overdue  q=text  component=CH (several)  status=done (several)  party=12 or nobody (several)
nature=operate (several)  key=1  due_from=2026-11-01  due_until=2026-11-30
sort=due or -due  group=component|party|status|none  open=CH.i (the row in the drawer)
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from phases.choices import Nature, Status
from phases.selectors.board import GROUPINGS, SORTS, VIEWS, BoardQuery

SINGLE = ("view", "q", "key", "due_from", "due_until", "sort", "group", "open")
SEVERAL = ("component", "status", "party", "nature")
NOBODY = "nobody"
LONGEST_TEXT = 200
_NUMBER = re.compile(r"[0-9]{1,15}")


def read_strictly(data: QueryDict, *, single: Collection[str], several: Collection[str] = ()) -> None:
    """Raise BadRequest for a parameter that the page does not know, or one that must stand once and does not."""
    for name, values in data.lists():
        if name not in single and name not in several:
            raise BadRequest(f"unknown parameter {name!r}")
        if name in single and len(values) > 1:
            raise BadRequest(f"parameter {name!r} is given twice")
        if any("\x00" in value for value in values):
            raise BadRequest(f"parameter {name!r} cannot be read")


def one_of(data: QueryDict, name: str, known: Collection[str], default: str = "") -> str:
    """The value of `name`, which must be in `known`; absent or empty it is `default`."""
    value = data.get(name, "")
    if not value:
        return default
    if value not in known:
        raise BadRequest(f"parameter {name!r} cannot be {value[:40]!r}")
    return value


def _several(data: QueryDict, name: str, known: Collection[str]) -> tuple[str, ...]:
    chosen = dict.fromkeys(value for value in data.getlist(name) if value)
    for value in chosen:
        if value not in known:
            raise BadRequest(f"parameter {name!r} cannot be {value[:40]!r}")
    return tuple(chosen)


def _day(data: QueryDict, name: str) -> date | None:
    value = data.get(name, "")
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise BadRequest(f"parameter {name!r} is not a date") from error
    if value != day.isoformat():
        raise BadRequest(f"parameter {name!r} is not a date")
    return day


def parse_board_query(data: QueryDict, *, components: Collection[str], parties: Collection[int] | None) -> BoardQuery:
    """What the address `data` asks for. Raises BadRequest for anything that no page of ours would write.

    `components` and `parties` are those of the project (None takes every number for a party). A field left empty
    counts as not given. A range of dates that ends before it begins is read as it stands: the page says so where
    the dates are (see `range_problem`).
    """
    read_strictly(data, single=SINGLE, several=SEVERAL)
    if parties is None:
        parties = [int(value) for value in data.getlist("party") if _NUMBER.fullmatch(value)]
    numbers = {NOBODY: 0, "0": 0} | {str(pk): pk for pk in parties}
    sort = one_of(data, "sort", [*SORTS, *(f"-{name}" for name in SORTS)], SORTS[0])
    return BoardQuery(
        view=one_of(data, "view", VIEWS, VIEWS[0]),
        text=" ".join(data.get("q", "")[:LONGEST_TEXT].split()),
        components=_several(data, "component", components),
        statuses=_several(data, "status", Status.values),
        parties=tuple(dict.fromkeys(numbers[value] for value in _several(data, "party", numbers))),
        natures=_several(data, "nature", Nature.values),
        due_from=_day(data, "due_from"),
        due_until=_day(data, "due_until"),
        key_only=bool(one_of(data, "key", ["1"])),
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        group=one_of(data, "group", GROUPINGS, GROUPINGS[0]),
    )


def range_problem(query: BoardQuery) -> str:
    """What is wrong with the range of due dates, or ""."""
    if query.due_from and query.due_until and query.due_until < query.due_from:
        return _("The range ends before it begins. Swap the two dates.")
    return ""


def query_pairs(query: BoardQuery) -> list[tuple[str, str]]:
    """The parameters of `query`, those left out that say what holds anyway."""
    sort = f"-{query.sort}" if query.descending else query.sort
    pairs = [("view", query.view if query.view != VIEWS[0] else ""), ("q", query.text)]
    for name, values in (
        ("component", query.components),
        ("status", query.statuses),
        ("party", [str(pk) if pk else NOBODY for pk in query.parties]),
        ("nature", query.natures),
    ):
        pairs += [(name, value) for value in values]
    pairs += [
        ("key", "1" if query.key_only else ""),
        ("due_from", query.due_from.isoformat() if query.due_from else ""),
        ("due_until", query.due_until.isoformat() if query.due_until else ""),
        ("sort", sort if sort != SORTS[0] else ""),
        ("group", query.group if query.group != GROUPINGS[0] else ""),
    ]
    return [(name, value) for name, value in pairs if value]


def query_string(query: BoardQuery, *, extra: Sequence[tuple[str, str]] = (), **changes: Any) -> str:
    """`query` with `changes`, as the part of an address from "?" on; "" where nothing is asked for."""
    pairs = [*query_pairs(replace(query, **changes)), *extra]
    return f"?{urlencode(pairs)}" if pairs else ""


def without_filters(query: BoardQuery) -> BoardQuery:
    """The same view, order and grouping, with every filter taken off."""
    return BoardQuery(view=query.view, sort=query.sort, descending=query.descending, group=query.group)


def filter_names(query: BoardQuery) -> Mapping[str, int]:
    """How many values each filter has that is set."""
    counts = {
        "q": 1 if query.text else 0,
        "component": len(query.components),
        "status": len(query.statuses),
        "party": len(query.parties),
        "due": sum(1 for day in (query.due_from, query.due_until) if day),
        "more": len(query.natures) + query.key_only,
    }
    return {name: count for name, count in counts.items() if count}
