"""What holds on a day. The row of a version that was published for a later day says so until the work of the night has
put it in force; on the day itself it holds, whether that work has run or not."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from common import clock
from documents.choices import OPEN_STATES, VersionState
from documents.domain.numbers import first_review
from documents.models import Document, DocumentVersion
from projects.models import Project


def is_due_on(day: date) -> Q:
    """Versions whose day has come and that nothing has put in force yet."""
    return Q(state=VersionState.SCHEDULED, effective_on__lte=day)


def holds_on(day: date) -> Q:
    """Versions of which the newest of each document holds on `day`: published, or due to be."""
    return Q(state=VersionState.PUBLISHED) | is_due_on(day)


def is_open_on(day: date) -> Q:
    """Versions that are on their way on `day`."""
    return Q(state__in=OPEN_STATES) & ~is_due_on(day)


def stands_on(day: date, versions: Iterable[DocumentVersion]) -> list[DocumentVersion]:
    """`versions` of one or several documents, each with the state that it has on `day`.

    One whose day has come is published, and the one before it obsolete. The rows are not written: that is for
    `services.in_force`. No query.
    """
    found = list(versions)
    due = {
        each.document_id: each
        for each in found
        if each.is_scheduled and each.effective_on is not None and each.effective_on <= day
    }
    for each in found:
        newer = due.get(each.document_id)
        if newer is None:
            continue
        if each is newer:
            each.state = VersionState.PUBLISHED
        elif each.state == VersionState.PUBLISHED:
            each.state = VersionState.OBSOLETE
    return found


def review_day(document: Document, in_force: DocumentVersion | None) -> date | None:
    """By when `document` is to be looked at again: where its new version is not put in force yet, from its day on."""
    if in_force is None or in_force.record_id is not None or in_force.effective_on is None:
        return document.review_on
    return first_review(in_force.effective_on, document.review_months, in_force.facts.get("review_on", ""))


def in_force_today(project: Project) -> QuerySet[DocumentVersion]:
    """The one version of each document that holds today. Their rows may still say what held yesterday."""
    today = clock.today(project.time_zone)
    due = DocumentVersion.objects.filter(is_due_on(today), document=OuterRef("document"))
    return DocumentVersion.objects.filter(is_due_on(today) | Q(state=VersionState.PUBLISHED) & ~Exists(due)).filter(
        project=project
    )


def next_day(document: str) -> Subquery:
    """From when the scheduled version of a document is to hold, NULL where there is none: for queries whose field
    `document` is the document. Where that day has come, what is published by its row holds no longer."""
    scheduled = DocumentVersion.objects.filter(document=OuterRef(document), state=VersionState.SCHEDULED)
    return Subquery(scheduled.values("effective_on")[:1])
