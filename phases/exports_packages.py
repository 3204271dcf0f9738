"""The packages of a plan as a file."""

from collections.abc import Iterable
from typing import Any

from phases.selectors.plan_packages import PackageLine

PACKAGE_COLUMNS = (
    "component",
    "title",
    "phase",
    "part",
    "start",
    "end",
    "dates",
    "owner",
    "applicable",
    "done",
    "verified",
    "without_own_date",
    "unassigned",
    "first_due",
    "last_due",
    "overdue",
    "working_days_to_spare",
    "critical",
)


def package_rows(lines: Iterable[PackageLine]) -> list[tuple[Any, ...]]:
    """A line for each package, in the given order. Days are YYYY-MM-DD; `dates` is own or phase.

    `done` counts what nobody has verified yet.
    """
    return [
        (
            line.component,
            line.title,
            line.phase,
            "supplement" if line.is_supplement else "catalogue",
            line.start.isoformat() if line.start else None,
            line.end.isoformat() if line.end else None,
            "own" if line.has_own_dates else "phase",
            line.owner.name if line.owner else None,
            line.tally.applicable,
            line.tally.done,
            line.tally.verified,
            line.following,
            line.tally.unassigned,
            line.first_due.isoformat() if line.first_due else None,
            line.last_due.isoformat() if line.last_due else None,
            line.tally.overdue if line.is_late else 0,
            line.reserve,
            "yes" if line.is_critical else "",
        )
        for line in lines
    ]
