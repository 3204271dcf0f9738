"""The address of the plan: what it may ask for, read strictly, and written back.

phase=2  zoom=month|quarter  owner=12 or nobody  late=1  critical=1  sort=due or -due
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict

from common.query import choice, read_query
from phases.selectors.plan_query import NOBODY, PACKAGE_SORTS, ZOOMS, PlanQuery

NAMES = ("phase", "zoom", "owner", "late", "critical", "sort")
WITHOUT = "nobody"


def parse_plan_query(data: QueryDict, *, phases: Collection[int], parties: Collection[int]) -> PlanQuery:
    """What the address `data` asks for. Raises BadRequest for anything that no page of ours would write."""
    values, _many = read_query(data, single=NAMES)
    sort = choice("sort", values["sort"], [*PACKAGE_SORTS, *(f"-{name}" for name in PACKAGE_SORTS)])
    numbers = {str(number): number for number in phases}
    owners = {WITHOUT: NOBODY} | {str(pk): pk for pk in parties}
    for name, known in (("phase", numbers), ("owner", owners)):
        if values[name] and values[name] not in known:
            raise BadRequest(f"{name} has no such value")
    return PlanQuery(
        phase=numbers.get(values["phase"]),
        zoom=choice("zoom", values["zoom"], ZOOMS),
        owner=owners.get(values["owner"]),
        late=bool(choice("late", values["late"], ["1"])),
        critical=bool(choice("critical", values["critical"], ["1"])),
        sort=sort.removeprefix("-") or PACKAGE_SORTS[0],
        descending=sort.startswith("-"),
    )


def plan_query_string(query: PlanQuery, **changes: Any) -> str:
    """`query` with `changes`, as the part of an address from "?" on; "" where nothing is asked for."""
    asked = replace(query, **changes)
    sort = f"-{asked.sort}" if asked.descending else asked.sort
    pairs = [
        ("phase", "" if asked.phase is None else str(asked.phase)),
        ("zoom", asked.zoom),
        ("owner", "" if asked.owner is None else WITHOUT if asked.owner == NOBODY else str(asked.owner)),
        ("late", "1" if asked.late else ""),
        ("critical", "1" if asked.critical else ""),
        ("sort", sort if sort != PACKAGE_SORTS[0] else ""),
    ]
    kept = [(name, value) for name, value in pairs if value]
    return f"?{urlencode(kept)}" if kept else ""
