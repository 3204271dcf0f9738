"""The rows of a project at the end of a day, kept for the views of past days."""

from datetime import date

from django.db import transaction

from common import clock
from common.canonical import sha256_of
from phases.models import Phase, Snapshot
from phases.selectors.as_of import content_of, plan_at, replayed
from projects.models import Project


@transaction.atomic
def take_snapshot(*, project: Project, day: date | None = None) -> Snapshot:
    """Keep the plan as it stands at the end of `day` (default today); one that is there already is made anew.

    It adds nothing to the trail: it can be computed from the trail at any time. Raises ValueError for a day that
    `plan_at` refuses.
    """
    today = clock.today(project.time_zone)
    wanted = day or today
    phases = list(Phase.objects.filter(project=project))
    plan = plan_at(project, wanted, phases) if wanted == today else replayed(project, wanted, phases)
    content = content_of(plan)
    snapshot, _made = Snapshot.objects.update_or_create(
        project=project,
        day=wanted,
        defaults={"content": content, "sha256": sha256_of(content), "taken_at": clock.now()},
    )
    return snapshot
