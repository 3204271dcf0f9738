"""Requests of auditors: the list, its counts, and the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from audits.choices import RequestState
from audits.domain.asking import AWAITS_ANSWER, OPEN
from audits.finding_permissions import may_answer, may_settle
from audits.models import AuditMessage, AuditRequest, AuditRequestEvidence
from audits.selectors.finding_page import seen_items
from audits.selectors.findings import own_parties
from common import clock
from common.decisions import Decision
from evidence.models import EvidenceItem
from phases.selectors.clauses import is_within
from projects.models import Project
from projects.permissions import Access

OPEN_VIEW, LATE, TO_JUDGE, MINE, ALL = "open", "late", "given", "mine", "all"
VIEWS = (OPEN_VIEW, MINE, LATE, TO_JUDGE, ALL)
SOON = 7


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """What somebody wants of the list. `clause` is edition and number, such as "2018:9.2"."""

    view: str = OPEN_VIEW
    clause: str = ""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as its reader finds it. `is_mine`: they were asked, or they asked."""

    request: AuditRequest
    days_left: int
    given: int
    is_mine: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to act."""
        return self.request.state in OPEN

    @property
    def awaits_answer(self) -> bool:
        """Whether it is who was asked who is to act."""
        return self.request.state in AWAITS_ANSWER

    @property
    def days_late(self) -> int | None:
        """How many days ago it was due, where nothing or not enough was given."""
        return -self.days_left if self.awaits_answer and self.days_left < 0 else None

    @property
    def days_near(self) -> int | None:
        """How many days are left, where that is few."""
        return self.days_left if self.awaits_answer and 0 <= self.days_left <= SOON else None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A request with what was given and said. `hidden` counts items that its reader may not see."""

    line: RequestLine
    items: Sequence[EvidenceItem]
    hidden: int
    messages: Sequence[AuditMessage]
    answer: Decision
    settle: Decision

    @property
    def may_give(self) -> bool:
        """Whether its reader gives, or gives more."""
        return bool(self.answer) and self.line.is_open


def requests_of(project: Project, access: Access, query: RequestQuery) -> list[RequestLine]:
    """The requests of `project`: open ones by their day, then the rest with the newest first. Two queries."""
    today = clock.today(project.time_zone)
    own = own_parties(project, access)
    rows = _of_view(AuditRequest.objects.filter(project=project), query.view, today, _mine(access, own))
    rows = rows.select_related("asked_of", "asked_by", "activity", "settled_by").annotate(given=Count("evidence_links"))
    if not access.can("clauses.view"):
        rows = rows.filter(asked_of__in=own)
    found = [_line(row, project, today, access, own) for row in rows.order_by("due", "pk")]
    if query.clause:
        edition, _colon, number = query.clause.partition(":")
        found = [line for line in found if line.request.edition == edition and is_within(line.request.clause, number)]
    return sorted(
        found, key=lambda line: (not line.is_open, line.request.due if line.is_open else date.min, -line.request.pk)
    )


def request_counts(project: Project, access: Access) -> dict[str, int]:
    """How many requests each view holds. Two queries."""
    today = clock.today(project.time_zone)
    mine = _mine(access, own_parties(project, access))
    awaits = Q(state__in=AWAITS_ANSWER)
    counts: dict[str, int] = AuditRequest.objects.filter(project=project).aggregate(
        open=Count("pk", filter=Q(state__in=OPEN)),
        mine=Count("pk", filter=mine & Q(state__in=OPEN)),
        late=Count("pk", filter=awaits & Q(due__lt=today)),
        given=Count("pk", filter=Q(state=RequestState.GIVEN)),
        all=Count("pk"),
    )
    return counts


def request_of(project: Project, ref: str, access: Access) -> RequestLine | None:
    """The request that `ref` names. Two queries."""
    rows = AuditRequest.objects.filter(project=project, ref=ref).annotate(given=Count("evidence_links"))
    row = rows.select_related("asked_of", "asked_by", "activity", "settled_by").first()
    if row is None:
        return None
    return _line(row, project, clock.today(project.time_zone), access, own_parties(project, access))


def request_page(line: RequestLine, project: Project, access: Access) -> RequestPage:
    """All of the page, in seven queries at most."""
    asked = line.request
    links = AuditRequestEvidence.objects.filter(request=asked).order_by("pk").values_list("item_id", flat=True)
    items, hidden = seen_items(project, access, list(links))
    return RequestPage(
        line,
        items,
        hidden,
        list(AuditMessage.objects.filter(request=asked).select_related("said_by")),
        may_answer(asked, access),
        may_settle(asked, access),
    )


def requests_on(project: Project, edition: str, clause: str) -> list[AuditRequest]:
    """Requests on a clause of `edition` or one below it, open ones first. One query."""
    rows = AuditRequest.objects.filter(project=project, edition=edition).exclude(clause="").select_related("asked_of")
    found = [row for row in rows.order_by("due", "pk") if is_within(row.clause, clause)]
    return sorted(found, key=lambda row: row.state not in OPEN)


def _mine(access: Access, own: frozenset[int]) -> Q:
    return Q(asked_of__in=own) | Q(asked_by=access.user_id, asked_by__isnull=False)


def _of_view(rows: "QuerySet[AuditRequest]", view: str, today: date, mine: Q) -> "QuerySet[AuditRequest]":
    if view == OPEN_VIEW:
        return rows.filter(state__in=OPEN)
    if view == MINE:
        return rows.filter(mine, state__in=OPEN)
    if view == LATE:
        return rows.filter(state__in=AWAITS_ANSWER, due__lt=today)
    return rows.filter(state=RequestState.GIVEN) if view == TO_JUDGE else rows


def _line(row: AuditRequest, project: Project, today: date, access: Access, own: frozenset[int]) -> RequestLine:
    row.project = project
    mine = row.asked_of_id in own or (row.asked_by_id is not None and row.asked_by_id == access.user_id)
    given: int = row.given  # type: ignore[attr-defined]  # annotated above
    return RequestLine(row, (row.due - today).days, given, mine)
