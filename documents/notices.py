"""What people are mailed about documents, registered when the app is ready."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from documents.selectors.told import asked_lines, decided_lines, read_late_lines, read_lines, review_lines
from documents.selectors.told_objectives import value_lines
from documents.services.reminders import note_document_reminders
from documents.services.telling import (
    ASKED,
    DECIDED,
    READ_LATE,
    REVIEW_DUE,
    REVIEW_LATE,
    TO_READ,
    VALUE_MISSING,
    news_of_asked,
    news_of_decided,
    news_of_readers,
)
from jobs.choices import Queue
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from notifications.choices import Pace
from notifications.registry import NoticeKind, register_notice_kind, register_occasion

REMIND = "documents.reminders"


def _asked(count: int) -> str:
    return ngettext("%(n)d document to decide about", "%(n)d documents to decide about", count) % {"n": count}


def _decided(count: int) -> str:
    return ngettext("%(n)d document decided", "%(n)d documents decided", count) % {"n": count}


def _to_read(count: int) -> str:
    return ngettext("%(n)d document to read", "%(n)d documents to read", count) % {"n": count}


def _read_late(count: int) -> str:
    return ngettext("%(n)d document not read in time", "%(n)d documents not read in time", count) % {"n": count}


def _review(count: int) -> str:
    return ngettext("%(n)d review due", "%(n)d reviews due", count) % {"n": count}


def _review_late(count: int) -> str:
    return ngettext("%(n)d review overdue", "%(n)d reviews overdue", count) % {"n": count}


def _values(count: int) -> str:
    return ngettext("%(n)d objective without its value", "%(n)d objectives without their value", count) % {"n": count}


def remind(_work: Work) -> None:
    """Tell people what they have not read in time, which documents want a look, and which values are missing."""
    note_document_reminders()


def register() -> None:
    """Let people be told of documents, and look each night for what comes due."""
    register_notice_kind(
        ASKED,
        NoticeKind(
            title=_("Document to decide about"),
            explanation=_("A document was sent for review, and you are named to approve it."),
            lines=asked_lines,
            counted=_asked,
            pace=Pace.AT_ONCE,
            tone="accent",
        ),
        order=6,
    )
    register_notice_kind(
        READ_LATE,
        NoticeKind(
            title=_("Document not read in time"),
            explanation=_("You were asked to read a document, and the day has passed. You are told once."),
            lines=read_late_lines,
            counted=_read_late,
            tone="bad",
        ),
        order=12,
    )
    register_notice_kind(
        REVIEW_LATE,
        NoticeKind(
            title=_("Review overdue"),
            explanation=_("The day by which your document was to be looked at again has passed. You are told once."),
            lines=review_lines,
            counted=_review_late,
            tone="bad",
        ),
        order=13,
    )
    register_notice_kind(
        DECIDED,
        NoticeKind(
            title=_("Document decided"),
            explanation=_("A version of a document that you sent was approved or sent back."),
            lines=decided_lines,
            counted=_decided,
            pace=Pace.AT_ONCE,
        ),
        order=36,
    )
    register_notice_kind(
        TO_READ,
        NoticeKind(
            title=_("Document to read"),
            explanation=_(
                "A document is in force, or will be, and you are asked to read it and to say that you understood it."
            ),
            lines=read_lines,
            counted=_to_read,
            pace=Pace.WEEKLY,
        ),
        order=42,
    )
    register_notice_kind(
        REVIEW_DUE,
        NoticeKind(
            title=_("Review due"),
            explanation=_("A document of yours is to be looked at again within thirty days."),
            lines=review_lines,
            counted=_review,
            tone="warn",
        ),
        order=44,
    )
    register_notice_kind(
        VALUE_MISSING,
        NoticeKind(
            title=_("Monthly value missing"),
            explanation=_("An objective of yours has no value for a month that is over. You are told once a month."),
            lines=value_lines,
            counted=_values,
            tone="warn",
        ),
        order=46,
    )
    register_occasion(ASKED, news_of_asked)
    register_occasion(DECIDED, news_of_decided)
    register_occasion(TO_READ, news_of_readers)
    register_job_kind(
        REMIND,
        JobKind(
            title=_("Look for documents to read and to look at again, and for values that are missing"),
            capability="",
            run=remind,
            queue=Queue.QUICK,
            seconds=600,
        ),
    )
    register_nightly(REMIND, 5)
