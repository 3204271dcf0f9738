"""The rows of a project at the end of a day, kept for the views of past days."""

from datetime import date

from django.db import transaction

from common import clock
from common.canonical import sha256_of
from phases.models import Phase, Snapshot
from phases.selectors.as_of import content_of, first_day, replayed
from projects.models import Project


@transaction.atomic
def take_snapshot(*, project: Project, day: date) -> Snapshot:
    """Keep the plan as it stood at the end of `day`, a day that is over; one that is there already is made anew.

    It adds nothing to the trail: it can be computed from the trail at any time. Raises ValueError for today and for a
    day that `plan_at` refuses.
    """
    if day >= clock.today(project.time_zone):
        raise ValueError("a day that is not over")
    if day < first_day(project):
        raise ValueError("a day before the project")
    content = content_of(replayed(project, day, list(Phase.objects.filter(project=project))))
    snapshot, _made = Snapshot.objects.update_or_create(
        project=project,
        day=day,
        defaults={"content": content, "sha256": sha256_of(content), "taken_at": clock.now()},
    )
    return snapshot
