"""The rows of a project at the end of a day, kept for the views of past days."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from common import clock
from common.canonical import sha256_of
from phases.models import Phase, Snapshot
from phases.selectors.as_of import content_of, first_day, replayed
from phases.services.stored_figures import refresh_figures
from projects.models import Project

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a night kept: how many projects as of yesterday, of how many the figures, and which ones failed."""

    days: int
    figures: int
    failed: tuple[str, ...]


def keep_yesterday(progress: Callable[[int, int, str], None] = lambda _done, _total, _doing: None) -> Kept:
    """Keep each project as it stood at the end of its yesterday, and compute its stored figures.

    Each project for itself: one that fails is logged and named, and keeps no other from being done.
    """
    projects = list(Project.objects.select_related("organization").order_by("pk"))
    days, figures, failed = 0, 0, []
    for number, project in enumerate(projects):
        progress(number, len(projects), project.name)
        try:
            yesterday = clock.today(project.time_zone) - timedelta(days=1)
            if yesterday >= first_day(project):
                take_snapshot(project=project, day=yesterday)
                days += 1
            refresh_figures([project])
            figures += 1
        except Exception:
            logger.exception("the figures of %s could not be kept", project.slug)
            failed.append(project.slug)
    return Kept(days, figures, tuple(failed))


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
