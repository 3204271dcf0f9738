"""Requests for evidence: one, a list of them, and those that wait for a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from common import clock
from evidence.choices import RequestState
from evidence.models import ActivityEvidence, EvidenceItem, EvidenceRequest, RequestEvidence
from evidence.selectors import seen_by
from phases.domain.figures import SOON_DAYS
from phases.domain.transitions import OPEN_STATUSES
from phases.models import PhaseActivity, ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.my_work import own_parties
from projects.models import GroupMember, Project
from projects.permissions import Access
from projects.registries import SeenProject

WAITS = (RequestState.ASKED, RequestState.SENT_BACK)
OPEN = (*WAITS, RequestState.GIVEN)
SHOWS = ("open", "mine", "late", "all")
SUGGESTED = 6


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as a line: how late it is, and what was given of what the reader may see."""

    request: EvidenceRequest
    days_late: int | None
    days_left: int | None
    items: tuple[EvidenceItem, ...] = ()
    hidden: int = 0
    may_give: bool = False
    may_judge: bool = False
    is_mine: bool = False

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done about it."""
        return self.request.state in OPEN

    @property
    def waits(self) -> bool:
        """Whether it waits for evidence."""
        return self.request.state in WAITS


def requests_in(project: Project) -> "QuerySet[EvidenceRequest, EvidenceRequest]":
    """The requests of `project`, with what a line needs of them."""
    return EvidenceRequest.objects.filter(project=project).select_related(
        "asked_of", "asked_by", "activity", "settled_by"
    )


def request_of(project: Project, key: str) -> EvidenceRequest | None:
    """The request that `key` names. One query."""
    found = requests_in(project).filter(key=key).first()
    if found is not None:
        found.project = project
    return found


def _shown(show: str, access: Access, today: date) -> Q:
    own = Q(asked_by=access.user_id) | _asked_of(access.user_id)
    return {
        "open": Q(state__in=OPEN),
        "mine": Q(state__in=OPEN) & own,
        "late": Q(state__in=WAITS, due__lt=today),
        "all": Q(),
    }[show]


def _asked_of(user_id: int | None) -> Q:
    """Asked of the person, alone or in a group."""
    groups = GroupMember.objects.filter(person__user=user_id).values("group")
    return Q(asked_of__user=user_id) | Q(asked_of__in=groups)


def listed(project: Project, access: Access, show: str) -> "QuerySet[EvidenceRequest, EvidenceRequest]":
    """What a list shows: open ones by their day, all of them the newest first."""
    found = requests_in(project).filter(_shown(show, access, clock.today(project.time_zone)))
    return found.order_by("-pk") if show == "all" else found.order_by("due", "pk")


def counts_of_requests(project: Project, access: Access) -> Mapping[str, int]:
    """How many each list shows. One query."""
    today = clock.today(project.time_zone)
    return EvidenceRequest.objects.filter(project=project).aggregate(
        **{show: Count("pk", filter=_shown(show, access, today) & Q(pk__isnull=False)) for show in SHOWS}
    )


def request_lines(project: Project, access: Access, requests: Iterable[EvidenceRequest]) -> list[RequestLine]:
    """`requests` as lines. Three queries."""
    rows = list(requests)
    today = clock.today(project.time_zone)
    links = RequestEvidence.objects.filter(request__in=rows).select_related("item").order_by("pk")
    given: dict[int, list[EvidenceItem]] = defaultdict(list)
    total: dict[int, int] = defaultdict(int)
    for link in links.annotate(is_seen=Exists(seen_by(project, access).filter(pk=OuterRef("item")))):
        total[link.request_id] += 1
        if link.is_seen:
            given[link.request_id].append(link.item)
    own = own_party_ids(project, access)
    lines = []
    for row in rows:
        days_late, days_left = _days(row, today)
        items = tuple(given[row.pk])
        lines.append(
            RequestLine(
                request=row,
                days_late=days_late,
                days_left=days_left,
                items=items,
                hidden=total[row.pk] - len(items),
                may_give=row.state in OPEN and _may_give(access, row, own),
                is_mine=row.asked_of_id in own,
                may_judge=row.state in OPEN and bool(access.can("evidence.ask")),
            )
        )
    return lines


def _days(request: EvidenceRequest, today: date) -> tuple[int | None, int | None]:
    if request.state not in WAITS:
        return None, None
    left = (request.due - today).days
    return (-left if left < 0 else None), (left if 0 <= left <= SOON_DAYS else None)


def own_party_ids(project: Project, access: Access) -> frozenset[int]:
    """The ids of the parties that a person is or belongs to in `project`. One query."""
    if access.user_id is None:
        return frozenset()
    user = User(pk=access.user_id)
    return frozenset(pk for (pk,) in own_parties(user).filter(project=project).values_list("pk").distinct())


def may_give(access: Access, request: EvidenceRequest) -> bool:
    """Whether a person may answer a request: who was asked, alone or in a group, and managers. One query."""
    return _may_give(access, request, own_party_ids(request.project, access))


def _may_give(access: Access, request: EvidenceRequest, own: Collection[int]) -> bool:
    return bool(access.can("evidence.manage")) or (bool(access.can("evidence.add")) and request.asked_of_id in own)


def suggested_items(project: Project, access: Access, request: EvidenceRequest) -> list[EvidenceItem]:
    """Items that may be what is asked for: of its activity, then what who was asked added last. One query."""
    proves = ActivityEvidence.objects.filter(item=OuterRef("pk"), activity=request.activity_id)
    given = RequestEvidence.objects.filter(item=OuterRef("pk"), request=request)
    return list(
        seen_by(project, access)
        .current()
        .exclude(Exists(given))
        .annotate(fits=Exists(proves))
        .filter(Q(fits=True) | Q(added_by=request.asked_of.user_id, added_by__isnull=False))
        .order_by(F("fits").desc(), "-pk")[:SUGGESTED]
    )


def open_requests_for(activity: ProjectActivity) -> list[EvidenceRequest]:
    """What is asked for an activity and not settled. One query."""
    return list(
        EvidenceRequest.objects.filter(activity=activity, state__in=OPEN).select_related("asked_of").order_by("due")
    )


def title_of(project: Project, activity: ProjectActivity | None) -> str:
    """What an activity is called, "" where there is none. No query."""
    return effective_text(texts_for(project), activity).title if activity is not None else ""


def usual_proof(project: Project, activity: ProjectActivity | None) -> tuple[str, ...]:
    """What usually proves an activity, as the catalogue has it. No query."""
    return tuple(effective_text(texts_for(project), activity).evidence) if activity is not None else ()


def accountable_for(project: Project, ref: str) -> int | None:
    """The party that answers for an activity where it is open, else where it was last. One query."""
    rows = PhaseActivity.objects.filter(project=project, activity__ref=ref, accountable__is_active=True).order_by(
        "phase_number"
    )
    found = list(rows.values_list("status", "accountable_id"))
    still_open = [party for status, party in found if status in OPEN_STATUSES]
    return still_open[0] if still_open else (found[-1][1] if found else None)


@dataclass(frozen=True, slots=True)
class MyRequests:
    """What waits for one person: what they are asked for, late first, and what they may say a word to."""

    asked: tuple[RequestLine, ...] = ()
    given: tuple[RequestLine, ...] = ()


def my_requests(user: User, projects: Mapping[int, SeenProject]) -> MyRequests:
    """What waits for `user` in `projects`. One query."""
    add = [pk for pk, seen in projects.items() if seen.access.can("evidence.add")]
    ask = [pk for pk, seen in projects.items() if seen.access.can("evidence.ask")]
    found: Any = (
        EvidenceRequest.objects.filter(
            Q(project__in=add, state__in=WAITS, asked_of__in=own_parties(user))
            | Q(project__in=ask, state=RequestState.GIVEN)
        )
        .select_related("asked_of", "asked_by", "activity", "project")
        .order_by("due", "pk")
    )
    asked: list[RequestLine] = []
    given: list[RequestLine] = []
    for row in found:
        late, left = _days(row, clock.today(row.project.time_zone))
        (given if row.state == RequestState.GIVEN else asked).append(RequestLine(row, late, left))
    return MyRequests(tuple(asked), tuple(given))
