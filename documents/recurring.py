"""The recurring work of this app beside reminders, registered when it is ready."""

from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.exceptions import RuleBroken
from documents.services.in_force import is_anything_due, settle_all
from jobs.choices import Queue
from jobs.domain import Every
from jobs.registry import JobKind, Work, register_job_kind, register_schedule

PUT_IN_FORCE = "documents.in_force"


def put_in_force(_work: Work) -> None:
    """Put in force what was published for today. Raises RuleBroken naming the documents that failed; the rest is."""
    settled = settle_all()
    if settled.failed:
        raise RuleBroken(
            gettext("These could not be put in force: %(names)s. The log says why.")
            % {"names": ", ".join(settled.failed[:10])}
        )


def register() -> None:
    """Make the kind known, and let it recur each hour: days begin at another hour in each time zone."""
    register_job_kind(
        PUT_IN_FORCE,
        JobKind(
            title=_("Put documents in force whose day has come"),
            capability="",
            run=put_in_force,
            queue=Queue.QUICK,
            seconds=600,
        ),
    )
    register_schedule(PUT_IN_FORCE, Every(timedelta(hours=1)), when=is_anything_due)
