"""The kinds of notice about rows of a plan, registered when the app is ready."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications.choices import Pace
from notifications.registry import (
    NoticeKind,
    register_comment_spot,
    register_notice_kind,
    register_occasion,
    register_standing_note,
)
from phases.selectors.activity import COMMENTED
from phases.selectors.told import activity_spots, due_lines, given_lines, overdue_lines, overdue_notes, verify_lines
from phases.services.reminders import DUE, OVERDUE
from phases.services.telling import ASSIGNMENT, VERIFICATION, news_of_done, news_of_given


def _overdue(count: int) -> str:
    return ngettext("%(n)d overdue", "%(n)d overdue", count) % {"n": count}


def _verify(count: int) -> str:
    return ngettext("%(n)d to verify", "%(n)d to verify", count) % {"n": count}


def _due(count: int) -> str:
    return ngettext("%(n)d due soon", "%(n)d due soon", count) % {"n": count}


def _given(count: int) -> str:
    return ngettext("%(n)d given to you", "%(n)d given to you", count) % {"n": count}


def register() -> None:
    """Let people be told of rows, the most urgent first."""
    register_notice_kind(
        OVERDUE,
        NoticeKind(
            title=_("Overdue"),
            explanation=_("An activity of yours has passed its due date. You are told once."),
            lines=overdue_lines,
            counted=_overdue,
            tone="bad",
        ),
        order=10,
    )
    register_notice_kind(
        VERIFICATION,
        NoticeKind(
            title=_("Verification asked"),
            explanation=_("Somebody reported an activity done, and it waits for you to verify it."),
            lines=verify_lines,
            counted=_verify,
            pace=Pace.AT_ONCE,
            tone="accent",
        ),
        order=30,
    )
    register_notice_kind(
        DUE,
        NoticeKind(
            title=_("Due soon"),
            explanation=_("An activity of yours is due in seven days, and once more in one day."),
            lines=due_lines,
            counted=_due,
            tone="warn",
        ),
        order=40,
    )
    register_notice_kind(
        ASSIGNMENT,
        NoticeKind(
            title=_("Given to you"),
            explanation=_("You become responsible for an activity, or help with it."),
            lines=given_lines,
            counted=_given,
        ),
        order=50,
    )
    register_occasion(ASSIGNMENT, news_of_given)
    register_occasion(VERIFICATION, news_of_done)
    register_comment_spot(COMMENTED, activity_spots)
    register_standing_note("overdue", overdue_notes)
