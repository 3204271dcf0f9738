"""What people are mailed about evidence, registered when the app is ready."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from evidence.selectors.told import asked_lines, due_lines, fresh_lines, given_lines, overdue_lines, settled_lines
from evidence.services.reminders import DUE, FRESHNESS, OVERDUE
from evidence.services.request_telling import ASKED, GIVEN, REQUEST, SETTLED, news_of_request
from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion


def _overdue(count: int) -> str:
    return ngettext("%(n)d request for evidence overdue", "%(n)d requests for evidence overdue", count) % {"n": count}


def _asked(count: int) -> str:
    return ngettext("evidence asked of you once", "evidence asked of you %(n)d times", count) % {"n": count}


def _given(count: int) -> str:
    return ngettext("evidence given once", "evidence given %(n)d times", count) % {"n": count}


def _due(count: int) -> str:
    return ngettext("%(n)d request for evidence due soon", "%(n)d requests for evidence due soon", count) % {"n": count}


def _settled(count: int) -> str:
    return ngettext("%(n)d request for evidence settled", "%(n)d requests for evidence settled", count) % {"n": count}


def _expires(count: int) -> str:
    return ngettext("%(n)d item of evidence expires", "%(n)d items of evidence expire", count) % {"n": count}


def register() -> None:
    """Let people be told of requests for evidence and of evidence that expires, the most urgent first."""
    register_notice_kind(
        OVERDUE,
        NoticeKind(
            title=_("Evidence overdue"),
            explanation=_("The day by which evidence was asked of you has passed. You are told once."),
            lines=overdue_lines,
            counted=_overdue,
            tone="bad",
        ),
        order=12,
    )
    register_notice_kind(
        ASKED,
        NoticeKind(
            title=_("Evidence asked"),
            explanation=_("Somebody asks you for evidence, or sends back what you gave."),
            lines=asked_lines,
            counted=_asked,
            pace=Pace.AT_ONCE,
            tone="accent",
        ),
        order=25,
    )
    register_notice_kind(
        GIVEN,
        NoticeKind(
            title=_("Evidence given"),
            explanation=_("Evidence that you asked for was given, and waits for your word."),
            lines=given_lines,
            counted=_given,
            pace=Pace.AT_ONCE,
            tone="accent",
        ),
        order=32,
    )
    register_notice_kind(
        DUE,
        NoticeKind(
            title=_("Evidence due soon"),
            explanation=_("Evidence that is asked of you is due in seven days, and once more in one day."),
            lines=due_lines,
            counted=_due,
            tone="warn",
        ),
        order=42,
    )
    register_notice_kind(
        FRESHNESS,
        NoticeKind(
            title=_("Evidence expires"),
            explanation=_("Evidence that you own expires in thirty days, and once more when it has expired."),
            lines=fresh_lines,
            counted=_expires,
            tone="warn",
        ),
        order=45,
    )
    register_notice_kind(
        SETTLED,
        NoticeKind(
            title=_("Evidence accepted"),
            explanation=_("What you gave was accepted, or you are no longer asked for it."),
            lines=settled_lines,
            counted=_settled,
        ),
        order=55,
    )
    register_occasion(REQUEST, news_of_request)
