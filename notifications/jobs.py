"""The recurring work of this app, registered when it is ready."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from jobs.choices import Queue
from jobs.domain import Every
from jobs.registry import JobKind, Work, register_job_kind, register_schedule
from notifications.selectors.outbox import has_due_mail
from notifications.services.delivery import deliver_due_mail, forget_old_mail

DELIVER, FORGET = "notifications.deliver", "notifications.forget"


def deliver(_work: Work) -> None:
    """Send what is due."""
    deliver_due_mail()


def forget(_work: Work) -> None:
    """Delete what was mailed long ago."""
    forget_old_mail()


def register() -> None:
    """Make the kinds known, and let them recur."""
    register_job_kind(
        DELIVER, JobKind(title=_("Send mail that is due"), capability="", run=deliver, queue=Queue.QUICK, seconds=900)
    )
    register_job_kind(
        FORGET, JobKind(title=_("Delete old mail"), capability="", run=forget, queue=Queue.QUICK, seconds=600)
    )
    register_schedule(DELIVER, Every(timedelta(minutes=1)), when=has_due_mail)
    register_schedule(FORGET, Every(timedelta(days=1)))
