"""What mails say of documents: what is asked of a person, what became of theirs, what is to be read or looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from documents.choices import READ_STATES, DocumentState, Verdict, VersionState
from documents.models import Approval, Document, DocumentVersion, Reading
from documents.selectors.in_force import next_day
from notifications.models import Notice
from notifications.registry import Line
from phases.selectors.work_projects import work_projects


def asked_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Versions that still wait for the person, who still may decide about them. Four queries."""
    versions = _versions(notices)
    asked = set(
        Approval.objects.filter(
            document_version__in=versions,
            approver=person,
            verdict=Verdict.WAITING,
            document_version__state=VersionState.IN_REVIEW,
        ).values_list("document_version_id", "round")
    )
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        version, seen = versions.get(notice.subject), projects.get(notice.project_id)
        if version is None or seen is None or not seen.access.can("documents.approve"):
            continue
        if (version.pk, version.round) not in asked:
            continue
        day = date_format(version.decide_by, "D j M Y")
        lines[notice.pk] = _line(
            version,
            "document_decide",
            said=_("%(who)s asks you to decide by %(day)s.") % {"who": _sender(version), "day": day},
            subject=_("Decide by %(day)s: %(what)s") % {"day": day, "what": _title(version)},
            quote=version.change_note,
            place=(version.decide_by.isoformat(), version.pk),
        )
    return lines


def decided_lines(_person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """What became of versions that the person sent. Two queries."""
    versions = _versions(notices)
    returned = {
        each.document_version_id: each
        for each in Approval.objects.filter(document_version__in=versions, verdict=Verdict.RETURN)
        .select_related("approver")
        .order_by("round", "pk")
    }
    lines = {}
    for notice in notices:
        version = versions.get(notice.subject)
        if version is None:
            continue
        word = returned.get(version.pk)
        if version.state == VersionState.DRAFT and word is not None and word.round == version.round:
            lines[notice.pk] = _line(
                version,
                "document",
                said=_("%(who)s sent it back.") % {"who": word.approver},
                subject=_("Sent back: %(what)s") % {"what": _title(version)},
                quote=word.reason,
            )
        elif version.state == VersionState.APPROVED:
            lines[notice.pk] = _line(
                version,
                "document_decide",
                said=_("Approved by all who were asked. A project manager publishes it."),
                subject=_("Approved: %(what)s") % {"what": _title(version)},
            )
    return lines


def read_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Versions that the person is asked to read and has not. Two queries."""
    lines = {}
    for notice, version, reading in _unread(person, notices):
        day = date_format(reading.due, "D j M Y")
        lines[notice.pk] = _line(
            version,
            "document_read",
            said=_("You are asked to read it by %(day)s, and to say that you understood it.") % {"day": day},
            subject=_("Read by %(day)s: %(what)s") % {"day": day, "what": _title(version)},
            quote=version.change_note,
            place=(reading.due.isoformat(), version.pk),
        )
    return lines


def read_late_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Versions that the person was to have read, on the day that was noted. Two queries."""
    lines = {}
    for notice, version, reading in _unread(person, notices):
        if notice.facts.get("due") == reading.due.isoformat() < clock.today(version.project.time_zone).isoformat():
            day = date_format(reading.due, "D j M Y")
            lines[notice.pk] = _line(
                version,
                "document_read",
                said=_("You were asked to read it by %(day)s.") % {"day": day},
                subject=_("Not read yet: %(what)s") % {"what": _title(version)},
                place=(reading.due.isoformat(), version.pk),
            )
    return lines


def review_lines(_person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Documents whose review still is due on the day that was noted. One query."""
    documents = {
        each.pk: each
        for each in Document.objects.filter(
            pk__in={notice.subject for notice in notices},
            state=DocumentState.CURRENT,
            versions__state=VersionState.PUBLISHED,
        )
        .annotate(next_from=next_day("pk"))
        .select_related("project")
    }
    lines = {}
    for notice in notices:
        document = documents.get(notice.subject)
        if document is None or document.review_on is None:
            continue
        if notice.facts.get("review_on") != document.review_on.isoformat():
            continue
        today = clock.today(document.project.time_zone)
        if document.next_from is not None and document.next_from <= today:
            continue
        day = date_format(document.review_on, "j M Y")
        late = document.review_on < today
        said = _("Its review was due on %(day)s.") if late else _("Its review is due by %(day)s.")
        subject = _("Review overdue: %(what)s") if late else _("Review due: %(what)s")
        lines[notice.pk] = Line(
            thing=f"document {document.pk}",
            title=str(document),
            said=said % {"day": day} + " " + _("Say that it still holds, or begin a new version."),
            path=reverse("document_confirm", args=[document.project.slug, document.key]),
            subject=subject % {"what": document},
            place=(document.review_on.isoformat(), document.pk),
        )
    return lines


def _unread(person: User, notices: Sequence[Notice]) -> list[tuple[Notice, Any, Reading]]:
    versions = _versions(notices)
    readings = {
        each.document_version_id: each
        for each in Reading.objects.filter(
            document_version__in=versions,
            reader__user=person,
            read_at=None,
            document_version__state__in=READ_STATES,
        )
    }
    return [
        (notice, versions[notice.subject], readings[notice.subject]) for notice in notices if notice.subject in readings
    ]


def _versions(notices: Sequence[Notice]) -> dict[int, Any]:
    """The versions that notices are about, without what they say. One query."""
    wanted = Q(pk__in={notice.subject for notice in notices}, project__in={notice.project_id for notice in notices})
    rows = DocumentVersion.objects.filter(wanted, document__state=DocumentState.CURRENT)
    rows = rows.select_related("document", "project", "submitted_by").defer("body", "text", "values", "facts")
    return {row.pk: row for row in rows}


def _title(version: Any) -> str:
    return _("%(title)s, version %(number)s") % {"title": version.document, "number": version.number}


def _sender(version: Any) -> str:
    return str(version.submitted_by) if version.submitted_by else _("Somebody")


def _line(
    version: Any, page: str, *, said: str, subject: str, quote: str = "", place: tuple[str | int, ...] = ()
) -> Line:
    more = (version.major, version.minor) if page == "document_decide" else ()
    return Line(
        thing=f"document version {version.pk}",
        title=_title(version),
        said=said,
        path=reverse(page, args=[version.project.slug, version.document.key, *more]),
        subject=subject,
        quote=quote,
        place=place or (version.pk,),
    )
