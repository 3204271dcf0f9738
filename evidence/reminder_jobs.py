"""The recurring work of this app, registered when it is ready."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from evidence.services.reminders import note_evidence_reminders
from jobs.choices import Queue
from jobs.domain import Every
from jobs.registry import JobKind, Work, register_job_kind, register_schedule

REMIND = "evidence.reminders"


def remind(_work: Work) -> None:
    """Tell people what evidence comes due, is overdue or expires."""
    note_evidence_reminders()


def register() -> None:
    """Make the kind known, and let it recur: days end at another hour in each time zone."""
    register_job_kind(
        REMIND,
        JobKind(
            title=_("Look for evidence that comes due or expires"),
            capability="",
            run=remind,
            queue=Queue.QUICK,
            seconds=600,
        ),
    )
    register_schedule(REMIND, Every(timedelta(hours=1)))
