"""The RACI matrix and the workload as tables."""

from typing import Any

from phases.domain.workload import Load
from phases.selectors.raci import Raci
from phases.selectors.workload import PartyLoad, Workload

Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]


def raci_table(raci: Raci) -> Table:
    """The matrix: a line per activity (phases as "1, 2"), a column per party with A/R, R, C, I or nothing."""
    header = ("ref", "activity", "component", "phases", *(party.name for party in raci.parties))
    return header, [
        (
            line.line.ref,
            line.title,
            group.title,
            ", ".join(str(number) for number in line.line.phases),
            *(cell or None for cell in line.cells),
        )
        for group in raci.groups
        for line in group.lines
    ]


def workload_table(workload: Workload) -> Table:
    """A line per party, what nobody answers for last: limit, late, without date, then what is due in each ISO week.

    `later` is due after the weeks shown; `weeks_over_limit` counts weeks with more than the limit.
    """
    header = (
        "party",
        "kind",
        "limit_per_week",
        "late",
        "without_date",
        *(str(week) for week in workload.weeks),
        "later",
        "weeks_over_limit",
    )

    def line(each: PartyLoad) -> tuple[Any, ...]:
        load: Load = each.load
        return (
            each.party.name if each.party else "",
            each.party.kind if each.party else "nobody",
            load.limit,
            sum(load.late.values()),
            sum(load.undated.values()),
            *(cell.count for cell in load.cells),
            load.later,
            load.over,
        )

    return header, [line(each) for each in (*workload.lines, workload.nobody)]
