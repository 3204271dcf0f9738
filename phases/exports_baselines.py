"""A comparison of two plans as rows of a file."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from phases.domain.baselines import PlannedPackage, PlannedRow, Shift, What
from phases.selectors.baseline_compare import DiffGroup, DiffLine, PackageLine, PlanDiff

DIFF_COLUMNS = (
    "item",
    "ref",
    "title",
    "component",
    "phase",
    "part",
    "changes",
    "phase_before",
    "start_before",
    "start_after",
    "end_before",
    "end_after",
    "working_days",
    "party_before",
    "party_after",
    "applies_before",
    "applies_after",
    "reason",
)


def diff_lines(diff: PlanDiff) -> Iterator[tuple[Any, ...]]:
    """What `diff` shows: phases, packages and activities, one line each under DIFF_COLUMNS.

    The end of an activity is its due date; `working_days` is by how many its end moved, negative for earlier. Dates
    are YYYY-MM-DD, empty where there is none. `part` is catalogue or supplement.
    """
    for phase in diff.phases:
        if not phase.is_shown:
            continue
        if phase.change is not None and not diff.query.component and _asked(diff, phase.change.start, phase.change.end):
            changes = _shifts(phase.change.start, phase.change.end)
            yield _line(
                "phase", "", phase.name, "", phase.number, "", changes, "", phase.change.start, phase.change.end
            )
        for group in phase.groups:
            if group.package is not None:
                yield _package(group, group.package, phase.number)
            for line in group.lines:
                yield _activity(group, line)


def _asked(diff: PlanDiff, *shifts: Shift) -> bool:
    return diff.query.what is None or diff.query.what in {shift.what for shift in shifts}


def _line(
    item: str,
    ref: str,
    title: str,
    component: str,
    phase: int,
    part: str,
    changes: str,
    phase_before: Any,
    start: Shift,
    end: Shift,
    rest: tuple[str, ...] = ("", "", "", "", ""),
) -> tuple[Any, ...]:
    days = (_day(start.before), _day(start.after), _day(end.before), _day(end.after), end.days)
    return (item, ref, title, component, phase, part, changes, phase_before, *days, *rest)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _shifts(start: Shift, end: Shift) -> str:
    said = [f"{name} {shift.what}" for name, shift in (("start", start), ("end", end)) if shift.what is not None]
    return "; ".join(said)


def _part(group: DiffGroup) -> str:
    return "supplement" if group.supplement else "catalogue"


def _package(group: DiffGroup, line: PackageLine, phase: int) -> tuple[Any, ...]:
    change = line.change
    if change.before is None or change.after is None:
        said = str(What.ADDED if change.before is None else What.REMOVED)
    else:
        said = "; ".join(filter(None, (_shifts(change.start, change.end), "other party" if change.other_owner else "")))
    rest = (line.owner_before, line.owner_after, "", "", "")
    return _line("package", "", "", group.title, phase, _part(group), said, "", change.start, change.end, rest)


def _activity(group: DiffGroup, line: DiffLine) -> tuple[Any, ...]:
    change = line.change
    none = Shift(None, None, None)
    before = change.before.phase if change.before is not None and What.OTHER_PHASE in change.what else ""
    rest = (line.party_before, line.party_after, _applies(change.before), _applies(change.after), line.why)
    said = "; ".join(change.what)
    return _line(
        "activity",
        line.ref,
        line.title,
        group.title,
        change.row.phase,
        _part(group),
        said,
        before,
        none,
        change.due,
        rest,
    )


def _applies(row: PlannedRow | PlannedPackage | None) -> str:
    if not isinstance(row, PlannedRow):
        return ""
    return "yes" if row.applies else "no"
