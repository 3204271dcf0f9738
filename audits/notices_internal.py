"""What people are mailed about internal audits."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audits.selectors.audits_told import reported_lines
from audits.services.audit_telling import REPORTED, news_of_reported
from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion


def _reported(count: int) -> str:
    return ngettext("%(n)d audit reported", "%(n)d audits reported", count) % {"n": count}


def register() -> None:
    """Let people be told of reports."""
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
