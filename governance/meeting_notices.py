"""What people are mailed about meetings, and the work of the night that sends board packs."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from governance.pack_mail import packs_of
from governance.selectors.meeting_told import meeting_lines, pack_lines
from governance.services.meeting_packs import send_due_packs
from governance.services.meeting_telling import MEETING, PACK, news_of_meeting
from jobs.choices import Queue
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion

SEND_PACKS = "governance.packs"


def _meetings(count: int) -> str:
    return ngettext("%(n)d meeting", "%(n)d meetings", count) % {"n": count}


def _packs(count: int) -> str:
    return ngettext("%(n)d board pack", "%(n)d board packs", count) % {"n": count}


def send(_work: Work) -> None:
    """Let committees know of their board packs, three days before they meet."""
    send_due_packs()


def register() -> None:
    """Let people be told of meetings, and look each night for packs that are due."""
    register_notice_kind(
        PACK,
        NoticeKind(
            title=_("Board pack"),
            explanation=_("A meeting that you are asked to is three days off. The mail carries its board pack."),
            lines=pack_lines,
            counted=_packs,
            pace=Pace.AT_ONCE,
            tone="accent",
            attached=packs_of,
        ),
        order=7,
    )
    register_notice_kind(
        MEETING,
        NoticeKind(
            title=_("Meeting of the committee"),
            explanation=_("A meeting that you are asked to was planned, moved or cancelled."),
            lines=meeting_lines,
            counted=_meetings,
            pace=Pace.AT_ONCE,
        ),
        order=32,
    )
    register_occasion(MEETING, news_of_meeting)
    register_job_kind(
        SEND_PACKS,
        JobKind(title=_("Send board packs before meetings"), capability="", run=send, queue=Queue.QUICK, seconds=600),
    )
    register_nightly(SEND_PACKS, 6)
