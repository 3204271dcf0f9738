"""What people are mailed about management reviews, improvements and risks to the SMS."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audits.selectors.review_told import improvement_due_lines, review_lines, risk_look_lines
from audits.services.review_reminders import IMPROVEMENT_DUE, RISK_LOOK, note_review_reminders
from audits.services.review_telling import ASKED, news_of_review
from jobs.choices import Queue
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion

REMIND = "audits.review"


def _reviews(count: int) -> str:
    return ngettext("%(n)d management review", "%(n)d management reviews", count) % {"n": count}


def _improvements(count: int) -> str:
    return ngettext("%(n)d improvement due", "%(n)d improvements due", count) % {"n": count}


def _risks(count: int) -> str:
    return ngettext("%(n)d risk to look at", "%(n)d risks to look at", count) % {"n": count}


def remind(_work: Work) -> None:
    """Tell owners of improvements that come due and of risks that wait for a look."""
    note_review_reminders()


def register() -> None:
    """Let people be told, and look each night for what comes due."""
    register_notice_kind(
        ASKED,
        NoticeKind(
            title=_("Management review"),
            explanation=_("A review that you are asked to was planned, moved, cancelled, or its minutes are approved."),
            lines=review_lines,
            counted=_reviews,
            pace=Pace.AT_ONCE,
        ),
        order=33,
    )
    register_notice_kind(
        IMPROVEMENT_DUE,
        NoticeKind(
            title=_("Improvement due"),
            explanation=_("An improvement that you own is due within a week, or late."),
            lines=improvement_due_lines,
            counted=_improvements,
            tone="warn",
        ),
        order=46,
    )
    register_notice_kind(
        RISK_LOOK,
        NoticeKind(
            title=_("Risk to look at"),
            explanation=_("A risk to the SMS that you own is to be looked at within a week, or that look is late."),
            lines=risk_look_lines,
            counted=_risks,
            tone="warn",
        ),
        order=47,
    )
    register_occasion(ASKED, news_of_review)
    register_job_kind(
        REMIND,
        JobKind(
            title=_("Look for improvements and risks that come due"),
            capability="",
            run=remind,
            queue=Queue.QUICK,
            seconds=600,
        ),
    )
    register_nightly(REMIND, 6)
