"""A plan as it stood at the end of a past day: from the snapshot of that day, else from today's rows and the trail."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from audittrail.models import Event
from common import clock
from common.canonical import sha256_of
from phases.domain.replay import (
    REMOVED,
    ROW_KIND,
    PastEvent,
    PlanPhase,
    PlanRow,
    as_record,
    from_record,
    phases_at,
    rows_at,
)
from phases.models import Phase, PhaseActivity, Snapshot
from projects.models import Project

KINDS = (ROW_KIND, "phase", "project", "activity")
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PastPlan:
    """The rows and phases of a project at the end of `day`. `source` is live, trail or snapshot."""

    day: date
    rows: tuple[PlanRow, ...]
    phases: tuple[PlanPhase, ...]
    source: str


def live_rows(projects: Iterable[int]) -> dict[int, list[PlanRow]]:
    """The rows of projects as they stand now, by project. One query."""
    found: dict[int, list[PlanRow]] = {}
    values = PhaseActivity.objects.filter(project__in=list(projects)).values_list(
        "project_id",
        "activity__ref",
        "phase_number",
        "activity__component",
        "status",
        "due",
        "accountable_id",
        "activity__is_key",
        "activity__is_supplement",
        "operating_since",
        "added_at",
        "status_since",
        "done_at",
        "carried_to",
    )
    for value in values:
        row: tuple[Any, ...] = (*value[1:-1], value[-1] is not None)
        found.setdefault(value[0], []).append(PlanRow(*row))
    return found


def records_of(project: Project, names: Collection[str]) -> list[dict[str, Any]]:
    """Rows of `project`, by name (`CH.i@2`), as the event of an act that removes them keeps them. One query."""
    return [as_record(row) for row in live_rows([project.pk]).get(project.pk, ()) if row.name in names]


def live_phases(phases: Iterable[Phase]) -> tuple[PlanPhase, ...]:
    """Phases as they stand now."""
    return tuple(
        PlanPhase(phase.number, phase.state, phase.start, phase.end, phase.started_on, phase.closed_on)
        for phase in sorted(phases, key=lambda phase: phase.number)
    )


def plan_at(project: Project, day: date, phases: Sequence[Phase] | None = None) -> PastPlan:
    """The plan of `project` at the end of `day`, a day of its time zone. Three queries at most.

    A project that was made after the day on which it starts stood, until then, as it was made. Raises ValueError for a
    day before both, or after today.
    """
    today = clock.today(project.time_zone)
    if day > today:
        raise ValueError("a day that has not come yet")
    if day < first_day(project):
        raise ValueError("a day before the project")
    now = list(phases) if phases is not None else list(Phase.objects.filter(project=project))
    if day == today:
        return PastPlan(day, tuple(live_rows([project.pk]).get(project.pk, ())), live_phases(now), "live")
    snapshot = Snapshot.objects.filter(project=project, day=day).first()
    if snapshot is not None and sha256_of(snapshot.content) == snapshot.sha256:
        return from_content(day, snapshot.content)
    return replayed(project, day, now)


def replayed(project: Project, day: date, phases: Sequence[Phase]) -> PastPlan:
    """The plan at the end of `day`, from today's rows and the trail alone. Two queries."""
    return replays(project, phases)(day)


def replays(project: Project, phases: Sequence[Phase]) -> Callable[[date], PastPlan]:
    """`replayed` for several days: the two queries are made once."""
    made = clock.day_of(project.created_at, project.time_zone)
    rows, events = live_rows([project.pk]).get(project.pk, []), _events(project)

    def at(day: date) -> PastPlan:
        before = clock.end_of(max(day, made), project.time_zone)
        past = phases_at(live_phases(phases), events, before)
        return PastPlan(day, tuple(rows_at(rows, events, before)), tuple(past), "trail")

    return at


def rows_at_event(project: Project, seq: int, at: datetime) -> list[PlanRow]:
    """The rows as they stood once event `seq` of the trail, which was recorded at `at`, was written. Two queries.

    The number of an event decides and not its instant: several may share one.
    """
    before = at + _INSTANT
    return rows_at(live_rows([project.pk]).get(project.pk, []), _events(project, (seq, before)), before)


def first_day(project: Project) -> date:
    """The first day of which something can be said: the project's start, or the day on which it was made."""
    return min(project.start_date, clock.day_of(project.created_at, project.time_zone))


def _events(project: Project, cut: tuple[int, datetime] | None = None) -> list[PastEvent]:
    """What the trail holds of rows and phases, oldest first; with `cut`, a number and an instant, each event up to that
    number lies before that instant, and no later one does. One query."""
    found = (
        Event.objects.filter(stream_id=project.uuid, kind__in=KINDS)
        .order_by("seq")
        .values_list("seq", "at", "kind", "key", "action", "payload")
        .iterator(chunk_size=5000)
    )
    events = []
    for seq, at, kind, key, action, payload in found:
        is_change = kind == "activity" and action in ("change", "change own")
        if kind in ("project", "activity") and not is_change and (payload is None or f'"{REMOVED}"' not in payload):
            continue
        if cut is not None:
            at = min(at, cut[1] - _INSTANT) if seq <= cut[0] else max(at, cut[1])
        events.append(PastEvent(at, kind, key, _changes(payload)))
    return events


def _changes(payload: str | None) -> Mapping[str, Any]:
    return json.loads(payload).get("changes", {}) if payload is not None else {}


def content_of(plan: PastPlan) -> dict[str, Any]:
    """What a snapshot keeps of a plan, in a form that has one hash."""
    return {
        "rows": [as_record(row) for row in sorted(plan.rows, key=lambda row: (row.phase, row.ref))],
        "phases": [
            {
                name: value.isoformat() if isinstance(value, date) else value
                for name in ("number", "state", "start", "end", "started_on", "closed_on")
                if (value := getattr(phase, name)) is not None
            }
            for phase in plan.phases
        ],
    }


def from_content(day: date, content: Mapping[str, Any]) -> PastPlan:
    """The plan that `content_of` wrote."""

    def read(value: str | None) -> date | None:
        return date.fromisoformat(value) if value else None

    return PastPlan(
        day,
        tuple(from_record(record) for record in content["rows"]),
        tuple(
            PlanPhase(
                phase["number"],
                phase["state"],
                read(phase.get("start")),
                read(phase.get("end")),
                read(phase.get("started_on")),
                read(phase.get("closed_on")),
            )
            for phase in content["phases"]
        ),
        "snapshot",
    )
