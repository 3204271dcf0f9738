"""The stored figures of projects: computed anew when somebody reads them and the trail has grown, or a day is over.

The length of the trail is read before the rows, so that a write in between leaves figures that are taken for stale.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audittrail.models import Stream
from common import clock
from phases.domain.figures import is_overdue
from phases.models import ProjectFigures
from phases.selectors.portfolio import outdated
from phases.selectors.standing import ProjectStanding, standings_of
from projects.models import Party, Project

AT_ONCE = 50  # projects computed together: some 25,000 rows in memory at most
_FIELDS = (
    "day",
    "head_seq",
    "phase_number",
    "phase_state",
    "planned_end",
    "forecast_end",
    "slip",
    "health",
    "rules",
    "total",
    "applicable",
    "done",
    "verified",
    "planned_by_today",
    "overdue",
    "blocked",
    "unassigned",
    "late_people",
    "last_update",
    "computed_at",
)


def refresh_figures(projects: Sequence[Project]) -> None:
    """Compute the figures of `projects` anew. Ten queries for every fifty."""
    for first in range(0, len(projects), AT_ONCE):
        some = projects[first : first + AT_ONCE]
        heads = dict(Stream.objects.filter(pk__in=[project.uuid for project in some]).values_list("pk", "head_seq"))
        _compute(some, heads)


def refresh_for(user: User, zones: Iterable[str]) -> int:
    """Bring the figures of everything that `user` can see up to date; returns how many projects were computed.

    `zones` are the time zones of the projects. One query where all are fresh.
    """
    due = outdated(user, zones)
    refresh_figures(due)
    return len(due)


@transaction.atomic
def _compute(projects: Collection[Project], heads: Mapping[UUID, int]) -> None:
    found = standings_of(projects)
    people: dict[int, dict[int, tuple[int, str]]] = {project.pk: {} for project in projects}
    for project_id, pk, user_id, name in Party.objects.filter(project__in=projects, user__isnull=False).values_list(
        "project_id", "pk", "user_id", "name"
    ):
        people[project_id][pk] = (user_id, name)
    ProjectFigures.objects.bulk_create(
        [_row(project, found[project.pk], heads.get(project.uuid, 0), people[project.pk]) for project in projects],
        update_conflicts=True,
        unique_fields=["project"],
        update_fields=_FIELDS,
    )


def _row(
    project: Project, found: ProjectStanding, head_seq: int, people: Mapping[int, tuple[int, str]]
) -> ProjectFigures:
    standing, tally = found.standing, found.standing.tally
    late = Counter(
        row.party_id
        for row in found.rows
        if row.phase == standing.phase.number
        and not row.supplement
        and row.party_id in people
        and is_overdue(row.status, row.due, found.plan.day)
    )
    return ProjectFigures(
        project=project,
        day=found.plan.day,
        head_seq=head_seq,
        phase_number=standing.phase.number,
        phase_state=standing.phase.state,
        planned_end=standing.phase.end,
        forecast_end=standing.gate,
        slip=standing.slip,
        health=standing.health.level,
        rules=[[rule.key, rule.level, rule.value, rule.of] for rule in standing.health.rules],
        total=tally.total,
        applicable=tally.applicable,
        done=tally.done,
        verified=tally.verified,
        planned_by_today=tally.planned_by_today,
        overdue=tally.overdue,
        blocked=tally.blocked,
        unassigned=tally.unassigned,
        late_people=[[*people[party], count] for party, count in sorted(late.items()) if party is not None],
        last_update=found.last_update,
        computed_at=clock.now(),
    )
