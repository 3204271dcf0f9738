"""Keeping what the committee's page said at the end of each day."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from common import clock
from common.canonical import sha256_of
from governance.domain.board import to_plain
from governance.models import BoardSnapshot
from governance.selectors.steering import board_to_keep
from phases.selectors.as_of import first_day
from projects.models import Project

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a night kept: boards of how many projects, and which ones failed."""

    boards: int
    failed: tuple[str, ...]


@transaction.atomic
def keep_board(*, project: Project, day: date | None = None) -> BoardSnapshot:
    """Keep the board of `day` (default today). One of a day that is over never changes; before that the later counts.

    It adds nothing to the trail, as it changes nothing that people enter. Raises ValueError for a day that `plan_at`
    refuses.
    """
    wanted = day or clock.today(project.time_zone)
    over = clock.end_of(wanted, project.time_zone)
    kept = BoardSnapshot.objects.select_for_update().filter(project=project, day=wanted).first()
    if kept is not None and kept.taken_at >= over:
        return kept
    content = to_plain(board_to_keep(project, wanted))
    row, _made = BoardSnapshot.objects.update_or_create(
        project=project,
        day=wanted,
        defaults={"content": content, "sha256": sha256_of(content), "taken_at": clock.now()},
    )
    return row


def keep_board_soon(project: Project) -> None:
    """Keep the board of today once what is being written holds; should that fail, it is logged and nothing else."""
    day = clock.today(project.time_zone)
    transaction.on_commit(lambda: keep_board(project=project, day=day), robust=True)


def keep_boards_of_yesterday(
    progress: Callable[[int, int, str], None] = lambda _done, _total, _doing: None,
) -> Kept:
    """Keep the board of each project as its yesterday ended. One that fails is logged and keeps no other back."""
    projects = list(Project.objects.select_related("organization").order_by("pk"))
    boards, failed = 0, []
    for number, project in enumerate(projects):
        progress(number, len(projects), project.name)
        try:
            yesterday = clock.today(project.time_zone) - timedelta(days=1)
            if yesterday >= first_day(project):
                keep_board(project=project, day=yesterday)
                boards += 1
        except Exception:
            logger.exception("the board of %s could not be kept", project.slug)
            failed.append(project.slug)
    return Kept(boards, tuple(failed))
