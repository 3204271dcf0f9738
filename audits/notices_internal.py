"""What people are mailed about internal audits."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audits.selectors.audits_told import ahead_lines, reported_lines
from audits.services.audit_reminders import AHEAD, note_audits_ahead
from audits.services.audit_telling import REPORTED, news_of_reported
from jobs.choices import Queue
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion

REMIND = "audits.ahead"


def _reported(count: int) -> str:
    return ngettext("%(n)d audit reported", "%(n)d audits reported", count) % {"n": count}


def _ahead(count: int) -> str:
    return ngettext("%(n)d audit ahead", "%(n)d audits ahead", count) % {"n": count}


def remind(_work: Work) -> None:
    """Tell people of audits that will look at what they answer for."""
    note_audits_ahead()


def register() -> None:
    """Let people be told of audits ahead and of reports, and look each night."""
    register_notice_kind(
        AHEAD,
        NoticeKind(
            title=_("Audit ahead"),
            explanation=_("An internal audit will look at what you answer for within two weeks."),
            lines=ahead_lines,
            counted=_ahead,
            pace=Pace.AT_ONCE,
        ),
        order=34,
    )
    register_job_kind(
        REMIND,
        JobKind(
            title=_("Look for internal audits that begin soon"),
            capability="",
            run=remind,
            queue=Queue.QUICK,
            seconds=600,
        ),
    )
    register_nightly(REMIND, 6)
    register_notice_kind(
        REPORTED,
        NoticeKind(
            title=_("Audit reported"),
            explanation=_("An internal audit looked at what you answer for, and its report is there."),
            lines=reported_lines,
            counted=_reported,
            pace=Pace.AT_ONCE,
        ),
        order=35,
    )
    register_occasion(REPORTED, news_of_reported)
