"""What people are mailed about decisions, registered when the app is ready."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from businesscase.selectors.decisions import asked_lines, decided_lines
from businesscase.services.telling import ASKED, DECIDED, news_of_asked, news_of_decided
from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion


def _asked(count: int) -> str:
    return ngettext("%(n)d decision asked of you", "%(n)d decisions asked of you", count) % {"n": count}


def _decided(count: int) -> str:
    return ngettext("%(n)d version decided", "%(n)d versions decided", count) % {"n": count}


def register() -> None:
    """Let people be told of decisions."""
    register_notice_kind(
        ASKED,
        NoticeKind(
            title=_("Decision asked"),
            explanation=_("A business case was submitted, and you are named to decide about it."),
            lines=asked_lines,
            counted=_asked,
            pace=Pace.AT_ONCE,
            tone="accent",
        ),
        order=5,
    )
    register_notice_kind(
        DECIDED,
        NoticeKind(
            title=_("Business case decided"),
            explanation=_("A version of a business case that you submitted was approved, rejected or sent back."),
            lines=decided_lines,
            counted=_decided,
            pace=Pace.AT_ONCE,
        ),
        order=35,
    )
    register_occasion(ASKED, news_of_asked)
    register_occasion(DECIDED, news_of_decided)
