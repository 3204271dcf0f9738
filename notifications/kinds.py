"""The kind of notice that this app knows itself: what people say to each other."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion
from notifications.selectors.said_lines import said_lines
from notifications.services.said import MENTION, news_of_comment


def _counted(count: int) -> str:
    return ngettext("%(n)d comment for you", "%(n)d comments for you", count) % {"n": count}


def register() -> None:
    """Let people be told what is said to them."""
    register_notice_kind(
        MENTION,
        NoticeKind(
            title=_("Asked, named or answered"),
            explanation=_("Somebody asks you or names you in a comment, or answers your question."),
            lines=said_lines,
            counted=_counted,
            pace=Pace.AT_ONCE,
            tone="accent",
        ),
        order=20,
    )
    register_occasion(MENTION, news_of_comment)
