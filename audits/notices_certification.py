"""What people are mailed about what comes round in operation, and about the end of a certificate."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audits.selectors.cycle_told import certificate_lines, cycle_lines
from audits.services.cycle_reminders import CERTIFICATE, CYCLE, note_cycle_reminders
from jobs.choices import Queue
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from notifications.registry import NoticeKind, register_notice_kind

REMIND = "audits.cycle"


def _comes(count: int) -> str:
    return ngettext("%(n)d thing comes round", "%(n)d things come round", count) % {"n": count}


def _ends(count: int) -> str:
    return ngettext("%(n)d certificate ends", "%(n)d certificates end", count) % {"n": count}


def remind(_work: Work) -> None:
    """Tell owners of what comes round, and managers of certificates that end."""
    note_cycle_reminders()


def register() -> None:
    """Let people be told, and look each night."""
    register_notice_kind(
        CYCLE,
        NoticeKind(
            title=_("Comes round in operation"),
            explanation=_("Something of the calendar of operation that you see to comes within two weeks, or is late."),
            lines=cycle_lines,
            counted=_comes,
            tone="warn",
        ),
        order=45,
    )
    register_notice_kind(
        CERTIFICATE,
        NoticeKind(
            title=_("Certificate ends"),
            explanation=_("You manage the project, and its certificate ends in nine months, four months or one."),
            lines=certificate_lines,
            counted=_ends,
            tone="warn",
        ),
        order=46,
    )
    register_job_kind(
        REMIND,
        JobKind(
            title=_("Look for what comes round in operation"),
            capability="",
            run=remind,
            queue=Queue.QUICK,
            seconds=600,
        ),
    )
    register_nightly(REMIND, 6)
