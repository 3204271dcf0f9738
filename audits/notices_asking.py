"""What people are mailed about requests of auditors and findings."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audits.selectors.asking_told import answered_lines, asked_lines, committee_lines, day_lines, finding_lines
from audits.services.asking_reminders import note_asking_reminders
from audits.services.finding_telling import ANSWERED, ASKED, COMMITTEE_LATE, DUE, LATE, YOURS, news_of
from jobs.choices import Queue
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion

REMIND = "audits.asking"


def _asked(count: int) -> str:
    return ngettext("%(n)d request of an auditor", "%(n)d requests of auditors", count) % {"n": count}


def _answered(count: int) -> str:
    return ngettext("%(n)d answer to a request", "%(n)d answers to requests", count) % {"n": count}


def _yours(count: int) -> str:
    return ngettext("%(n)d finding waits for you", "%(n)d findings wait for you", count) % {"n": count}


def _late(count: int) -> str:
    return ngettext("%(n)d matter of audits overdue", "%(n)d matters of audits overdue", count) % {"n": count}


def _due(count: int) -> str:
    return ngettext("%(n)d matter of audits due", "%(n)d matters of audits due", count) % {"n": count}


def _committee(count: int) -> str:
    return ngettext("%(n)d late nonconformity", "%(n)d late nonconformities", count) % {"n": count}


def remind(_work: Work) -> None:
    """Tell people of what comes due or is late."""
    note_asking_reminders()


def register() -> None:
    """Let people be told, and look each night for what comes due."""
    register_notice_kind(
        ASKED,
        NoticeKind(
            title=_("Asked by an auditor"),
            explanation=_("An auditor asks you for something, or what you gave is not enough."),
            lines=asked_lines,
            counted=_asked,
            pace=Pace.AT_ONCE,
            tone="accent",
        ),
        order=5,
    )
    register_notice_kind(
        ANSWERED,
        NoticeKind(
            title=_("Request of an auditor answered"),
            explanation=_("What you asked for was given, or an auditor accepted what you gave."),
            lines=answered_lines,
            counted=_answered,
            pace=Pace.AT_ONCE,
        ),
        order=35,
    )
    register_notice_kind(
        YOURS,
        NoticeKind(
            title=_("Finding that waits for you"),
            explanation=_("You are to correct a finding, do an action on it, or see whether the actions work."),
            lines=finding_lines,
            counted=_yours,
            pace=Pace.AT_ONCE,
            tone="accent",
        ),
        order=6,
    )
    register_notice_kind(
        LATE,
        NoticeKind(
            title=_("Matter of an audit overdue"),
            explanation=_("A request, a finding or a corrective action of yours is late. You are told once."),
            lines=day_lines,
            counted=_late,
            tone="bad",
        ),
        order=12,
    )
    register_notice_kind(
        DUE,
        NoticeKind(
            title=_("Matter of an audit due"),
            explanation=_("A request, a finding or a corrective action of yours is due within a week."),
            lines=day_lines,
            counted=_due,
            tone="warn",
        ),
        order=44,
    )
    register_notice_kind(
        COMMITTEE_LATE,
        NoticeKind(
            title=_("Nonconformity late"),
            explanation=_("You sit on the committee, and a nonconformity is so late that it is a matter for it."),
            lines=committee_lines,
            counted=_committee,
            tone="bad",
        ),
        order=13,
    )
    for kind in (ASKED, ANSWERED, YOURS):
        register_occasion(kind, news_of)
    register_job_kind(
        REMIND,
        JobKind(
            title=_("Look for matters of audits that come due"),
            capability="",
            run=remind,
            queue=Queue.QUICK,
            seconds=600,
        ),
    )
    register_nightly(REMIND, 6)
