"""What documents ask of one person, in all their projects: to decide, read, mend, publish, look at again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.models import User
from common import clock
from documents.choices import READ_STATES, DocumentState, Verdict, VersionState
from documents.models import Approval, DocumentVersion, Reading
from documents.permissions import may_write
from documents.selectors.in_force import next_day
from projects.permissions import Access

REVIEW_SOON = 30
DECIDE, READ, MEND, PUBLISH, REVIEW = "decide", "read", "mend", "publish", "review"
ORDER = (DECIDE, READ, MEND, PUBLISH, REVIEW)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that a document asks of a person. `kind` is one of ORDER; `by` is when, `said` what was said of it.

    `seen` is the hash of what is to be read.
    """

    kind: str
    project_id: int
    title: str
    number: str
    path: str
    by: date | None = None
    said: str = ""
    seen: str = ""


def waiting_for(user: User, accesses: Mapping[int, Access]) -> list[Waiting]:
    """What waits for `user` in the projects of `accesses`, by kind, the earliest day first. One query."""
    rows = _rows(user, accesses)
    found = [each for row in rows for each in _waiting(row, user, accesses[row.project_id])]
    return sorted(found, key=lambda each: (ORDER.index(each.kind), each.by or date.max, each.title))


def _rows(user: User, accesses: Mapping[int, Access]) -> QuerySet[Any]:
    asked = Approval.objects.filter(document_version=OuterRef("pk"), round=OuterRef("round"))
    mine = asked.filter(approver=user, verdict=Verdict.WAITING)
    returned = asked.filter(verdict=Verdict.RETURN)
    reading = Reading.objects.filter(document_version=OuterRef("pk"), reader__user=user, read_at=None)
    soon = clock.today() + timedelta(days=REVIEW_SOON + 1)
    return (
        DocumentVersion.objects.filter(project__in=accesses, document__state=DocumentState.CURRENT)
        .annotate(
            asked=Exists(mine),
            returned=Subquery(returned.values("reason")[:1]),
            read_by=Subquery(reading.values("due")[:1]),
            owner_user=F("document__owner__user_id"),
            next_from=next_day("document"),
        )
        .filter(
            Q(state=VersionState.IN_REVIEW, asked=True)
            | Q(state=VersionState.DRAFT, submitted_by=user, returned__isnull=False)
            | Q(state=VersionState.APPROVED, project__in=_publishing(accesses))
            | Q(state__in=READ_STATES, read_by__isnull=False)
            | Q(state=VersionState.PUBLISHED, document__owner__user=user, document__review_on__lte=soon)
        )
        .select_related("document__owner", "project", "submitted_by")
        .defer("body", "text", "values", "facts")
    )


def _publishing(accesses: Mapping[int, Access]) -> Collection[int]:
    return [pk for pk, access in accesses.items() if access.can("documents.publish")]


def _waiting(row: Any, user: User, access: Access) -> list[Waiting]:
    def one(kind: str, page: str, *more: object, **values: Any) -> Waiting:
        document = row.document
        path = reverse(page, args=[row.project.slug, document.key, *more])
        return Waiting(kind, row.project_id, str(document), str(row.number), path, **values)

    sender = str(row.submitted_by) if row.submitted_by else ""
    number = (row.major, row.minor)
    if row.state == VersionState.IN_REVIEW:
        if not access.can("documents.approve"):
            return []
        return [one(DECIDE, "document_decide", *number, by=row.decide_by, said=sender)]
    if row.state == VersionState.DRAFT:
        # Who may not write it any more has nothing to mend, and perhaps must not see it.
        return [one(MEND, "document", said=row.returned)] if may_write(row.document, access) else []
    if row.state == VersionState.APPROVED:
        return [one(PUBLISH, "document_publish", said=sender)]
    found: list[Waiting] = []
    today = clock.today(row.project.time_zone)
    if row.state == VersionState.PUBLISHED and row.next_from is not None and row.next_from <= today:
        # A newer one holds since today, though the work of the night has not put it in force: this one asks nothing.
        return found
    if row.read_by is not None:
        found.append(one(READ, "document_read", by=row.read_by, seen=row.sha256))
    if row.state == VersionState.SCHEDULED:
        return found
    near = today + timedelta(days=REVIEW_SOON)
    if row.owner_user == user.pk and row.document.review_on is not None and row.document.review_on <= near:
        found.append(one(REVIEW, "document_confirm", by=row.document.review_on))
    return found
