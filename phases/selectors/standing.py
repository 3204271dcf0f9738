"""Where projects stand, one or many, today or on a past day, by the same arithmetic."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef

from audittrail.models import Event
from common import clock
from phases.domain.figures import FigureRow, Figures
from phases.domain.standing import Reference, Standing, standing_on
from phases.models import Baseline, Phase
from phases.selectors.as_of import PastPlan, live_phases, live_rows, plan_at
from phases.selectors.figures import figure_rows, figures_on
from phases.selectors.plan_state import calendar_of, calendars_of
from projects.models import Project


@dataclass(frozen=True, slots=True)
class ProjectStanding:
    """A project on one day: its plan as read, its figures, where it stands, and when somebody last touched it."""

    plan: PastPlan
    rows: Sequence[FigureRow]
    figures: Figures
    standing: Standing
    reference: Reference
    last_update: datetime | None


def standing_of(project: Project, day: date | None = None, phases: Sequence[Phase] | None = None) -> ProjectStanding:
    """Where `project` stands at the end of `day` (default today). Five queries today, seven on another day.

    `phases` are its phases with what froze in them, where they have been read already: one query less.
    Raises ValueError for a day that `plan_at` refuses.
    """
    today = clock.today(project.time_zone)
    if phases is None:
        phases = list(Phase.objects.with_frozen().filter(project=project))
    plan = plan_at(project, day or today, phases)
    until = clock.end_of(plan.day, project.time_zone) if plan.day != today else None
    return standing_from(
        project,
        plan,
        phases,
        last_update=_last_updates([project], until).get(project.pk),
        reference=_references([project.pk], until).get(project.pk),
        working_days=calendar_of(project).between,
    )


def standings_of(projects: Collection[Project]) -> dict[int, ProjectStanding]:
    """Where each of `projects` stands today; its figures are those of today, of closed phases too. Five queries."""
    keys = [project.pk for project in projects]
    phases: dict[int, list[Phase]] = {key: [] for key in keys}
    for phase in Phase.objects.filter(project__in=keys):
        phases[phase.project_id].append(phase)
    rows = live_rows(keys)
    updates = _last_updates(projects, None)
    references = _references(keys, None)
    calendars = calendars_of({project.organization for project in projects})
    found = {}
    for project in projects:
        day = clock.today(project.time_zone)
        plan = PastPlan(day, tuple(rows.get(project.pk, ())), live_phases(phases[project.pk]), "live")
        found[project.pk] = standing_from(
            project,
            plan,
            (),
            last_update=updates.get(project.pk),
            reference=references.get(project.pk),
            working_days=calendars[project.organization_id].between,
        )
    return found


def standing_from(
    project: Project,
    plan: PastPlan,
    phases: Iterable[Phase],
    *,
    last_update: datetime | None,
    reference: Reference | None,
    working_days: Callable[[date, date], int],
) -> ProjectStanding:
    """Where `project` stands by `plan`; `phases` give what was frozen. No query."""
    rows = figure_rows(plan.rows, plan.phases, project.time_zone)
    figures = figures_on(project, plan, phases)
    known = reference or Reference()
    standing = standing_on(
        plan.day,
        rows,
        figures,
        plan.phases,
        started=project.start_date,
        last_update=clock.day_of(last_update, project.time_zone) if last_update is not None else None,
        reference=known,
        working_days=working_days,
    )
    return ProjectStanding(plan, rows, figures, standing, known, last_update)


def _last_updates(projects: Iterable[Project], until: datetime | None) -> dict[int, datetime]:
    """When each project's trail got its newest event, before `until` where it is given. One query."""
    by_stream = {project.uuid: project.pk for project in projects}
    events = Event.objects.filter(stream__in=list(by_stream))
    events = events.filter(at__lt=until) if until is not None else events.filter(seq=F("stream__head_seq"))
    return {
        by_stream[stream]: at for stream, at in events.order_by().values_list("stream_id").annotate(newest=Max("at"))
    }


def _references(projects: Collection[int], until: datetime | None) -> dict[int, Reference]:
    """The newest baseline of each project, taken before `until` where it is given. One query."""
    taken = Baseline.objects.filter(project__in=projects)
    if until is not None:
        taken = taken.filter(taken_at__lt=until)
    # One holds some 60 kB: only the newest of each project is read.
    newer = taken.filter(project=OuterRef("project"), number__gt=OuterRef("number"))
    taken = taken.filter(~Exists(newer)).order_by("project_id")
    return {
        project_id: reference_from(f"B{number}", content)
        for project_id, number, content in taken.values_list("project_id", "number", "content")
    }


def reference_from(name: str, content: Mapping[str, Any]) -> Reference:
    """What a baseline says that figures are measured against."""
    weights: dict[int, dict[str, int]] = {}
    for row in content.get("rows", ()):
        if row.get("status") == "not applicable" or row.get("supplement"):
            continue
        by_component = weights.setdefault(int(row["phase"]), {})
        by_component[row["component"]] = by_component.get(row["component"], 0) + 1
    dues: dict[int, list[date]] = {}
    for row in content.get("rows", ()):
        if row.get("due") and row.get("status") != "not applicable" and not row.get("supplement"):
            dues.setdefault(int(row["phase"]), []).append(date.fromisoformat(row["due"]))
    ends = {
        int(phase["number"]): date.fromisoformat(phase["end"])
        for phase in content.get("phases", ())
        if phase.get("end")
    }
    return Reference(name, weights, ends, {number: tuple(sorted(days)) for number, days in dues.items()})
