"""The board pack as a job, and the boards of the night."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from governance.board_paper import file_name, write_board_pack
from governance.domain.board import Board
from governance.selectors.steering import board_of
from governance.services.boards import keep_boards_of_yesterday
from jobs.models import Job
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from jobs.services.request import request_job
from phases.selectors.as_of import first_day
from projects.models import Project

BOARD_PACK, KEEP_BOARDS = "board-pack-pdf", "governance.keep_boards"


def request_board_pack(*, acting_user: User, project: Project, day: date | None = None, key: str = "") -> Job:
    """Ask for the board pack of `day` (None: as it stands when the job runs); the same `key` twice is one job.

    Raises RuleBroken for a day that nothing can be said of, NotPermitted where the person may not see the page.
    """
    if day is not None:
        check_day(project, day)
    return request_job(
        acting_user=acting_user,
        project=project,
        kind=BOARD_PACK,
        parameters={"day": day.isoformat() if day is not None else None},
        idempotency_key=key,
    )


def check_day(project: Project, day: date) -> None:
    """Raise RuleBroken, in words, where there is no board of `day`."""
    first, today = first_day(project), clock.today(project.time_zone)
    if day < first:
        raise RuleBroken(
            gettext("%(day)s lies before the project, which began on %(first)s. Take a later day.")
            % {"day": day.isoformat(), "first": first.isoformat()},
            field="day",
        )
    if day > today:
        raise RuleBroken(
            gettext("%(day)s has not come yet; today is %(today)s. Take an earlier day.")
            % {"day": day.isoformat(), "today": today.isoformat()},
            field="day",
        )


def checked_board(project: Project, day: date | None) -> Board:
    """The board of `day`. Raises RuleBroken for a day that nothing can be said of."""
    if day is not None:
        check_day(project, day)
    return board_of(project, day)


def make_board_pack(work: Work) -> str:
    """Write the pack of the day that the job names (none: as it stands now)."""
    asked = work.job.parameters["day"]
    work.progress(0, 0, gettext("Reading the project"))
    board = checked_board(work.project, date.fromisoformat(asked) if asked else None)
    work.progress(0, 0, gettext("Setting the pages"))
    write_board_pack(work.project, board, work.target, made_at=work.job.created_at)
    return file_name(work.project, board)


def keep_boards(work: Work) -> None:
    """Keep every board as yesterday ended. Raises RuleBroken naming the projects that failed; the rest is done."""
    kept = keep_boards_of_yesterday(work.progress)
    if kept.failed:
        raise RuleBroken(
            gettext("%(failed)d of %(total)d projects failed: %(names)s. The log says why.")
            % {
                "failed": len(kept.failed),
                "total": kept.boards + len(kept.failed),
                "names": ", ".join(kept.failed[:10]),
            }
        )


def register() -> None:
    """Make the kinds known."""
    register_job_kind(
        BOARD_PACK, JobKind(_("Board pack as PDF"), "governance.view", make_board_pack, content_type="application/pdf")
    )
    register_job_kind(KEEP_BOARDS, JobKind(_("Keep the steering pages of yesterday"), "", keep_boards, seconds=3600))
    # After the figures of phases were kept, which boards of past days are read from.
    register_nightly(KEEP_BOARDS, 4)
