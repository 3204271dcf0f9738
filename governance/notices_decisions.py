"""What people are mailed about decisions and actions."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from governance.selectors.decisions_told import action_lines, called_lines, decided_lines
from governance.services.action_reminders import note_action_reminders
from governance.services.decision_telling import (
    ACTION_DUE,
    ACTION_LATE,
    ASKED,
    DECIDED,
    news_of_called,
    news_of_decided,
)
from jobs.choices import Queue
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion

REMIND = "governance.actions"


def _called(count: int) -> str:
    return ngettext("%(n)d decision waits for your word", "%(n)d decisions wait for your word", count) % {"n": count}


def _decided(count: int) -> str:
    return ngettext("%(n)d decision made", "%(n)d decisions made", count) % {"n": count}


def _late(count: int) -> str:
    return ngettext("%(n)d action overdue", "%(n)d actions overdue", count) % {"n": count}


def _due(count: int) -> str:
    return ngettext("%(n)d action due", "%(n)d actions due", count) % {"n": count}


def remind(_work: Work) -> None:
    """Tell owners of actions that come due or are late."""
    note_action_reminders()


def register() -> None:
    """Let people be told, and look each night for actions that come due."""
    register_notice_kind(
        ASKED,
        NoticeKind(
            title=_("Called to a decision"),
            explanation=_("You sit on the committee, and it is asked for a decision."),
            lines=called_lines,
            counted=_called,
            pace=Pace.AT_ONCE,
            tone="accent",
        ),
        order=4,
    )
    register_notice_kind(
        DECIDED,
        NoticeKind(
            title=_("Decision made"),
            explanation=_("The committee decided what you asked for or were called to."),
            lines=decided_lines,
            counted=_decided,
            pace=Pace.AT_ONCE,
        ),
        order=34,
    )
    register_notice_kind(
        ACTION_LATE,
        NoticeKind(
            title=_("Action overdue"),
            explanation=_("An action of the committee that you own is late. You are told once."),
            lines=action_lines,
            counted=_late,
            tone="bad",
        ),
        order=11,
    )
    register_notice_kind(
        ACTION_DUE,
        NoticeKind(
            title=_("Action due"),
            explanation=_("An action of the committee that you own is due within a week."),
            lines=action_lines,
            counted=_due,
            tone="warn",
        ),
        order=43,
    )
    register_occasion(ASKED, news_of_called)
    register_occasion(DECIDED, news_of_decided)
    register_job_kind(
        REMIND,
        JobKind(
            title=_("Look for actions of committees that come due"),
            capability="",
            run=remind,
            queue=Queue.QUICK,
            seconds=600,
        ),
    )
    register_nightly(REMIND, 6)
