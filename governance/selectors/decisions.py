"""Decisions: what the committee is asked for, one with its seats, and the register of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from common import clock
from governance.choices import ActionState, Choice, DecisionKind, DecisionState, Outcome
from governance.domain.voting import Tally, count
from governance.models import Action, Attachment, Decision, Seat
from governance.selectors import committee_of, members_of
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A member who was called. `has_left`: they lost the role since, and their word counts no more."""

    seat: Seat
    has_left: bool

    @property
    def name(self) -> str:
        """The member."""
        return str(self.seat.member)

    @property
    def is_waiting(self) -> bool:
        """Whether their word is still to come."""
        return not self.has_left and not self.seat.choice

    @property
    def is_against(self) -> bool:
        """Whether they said no, and it counts."""
        return not self.has_left and self.seat.choice == Choice.AGAINST


@dataclass(frozen=True, slots=True)
class AskedDecision:
    """A decision that is asked for, as its reader finds it. `days_left` below 0 is overdue.

    `mine` is the reader's seat where they may answer.
    """

    decision: Decision
    seats: tuple[SeatLine, ...]
    tally: Tally
    days_left: int
    mine: Seat | None = None
    may_decide: bool = False
    may_prepare: bool = False

    @property
    def is_called(self) -> bool:
        """Whether the members were asked for their word."""
        return self.decision.called_at is not None

    @property
    def quotes(self) -> list[SeatLine]:
        """What members said in words, the dissenting ones first."""
        said = [each for each in self.seats if each.seat.words and not each.has_left]
        return sorted(said, key=lambda each: not each.is_against)

    @property
    def days_late(self) -> int | None:
        """How many days ago it was to be decided."""
        return -self.days_left if self.days_left < 0 else None

    @property
    def days_near(self) -> int | None:
        """How many days are left, where it is near."""
        return self.days_left if 0 <= self.days_left <= SOON else None

    def as_plain(self) -> dict[str, Any]:
        """As the board pack prints it."""
        row = self.decision
        return {
            "ref": row.ref,
            "kind": row.kind,
            "gate": row.gate_number,
            "title": row.title,
            "background": row.background,
            "without_it": row.without_it,
            "money": row.money,
            "effect": row.effect,
            "advice": row.advice,
            "decide_by": row.decide_by.isoformat(),
            "answered": self.tally.answered,
            "members": self.tally.members,
        }


SOON = 14


def asked_decisions(project: Project, access: Access | None = None) -> list[AskedDecision]:
    """What the committee of `project` is asked for, the earliest day first; `access` is that of the reader.

    Four queries, one where nothing is asked.
    """
    rows = list(
        Decision.objects.filter(project=project, state=DecisionState.ASKED)
        .select_related("asked_by", "meeting", "reopens")
        .defer("frozen", "reopens__frozen")
        .order_by("decide_by", "pk")
    )
    if not rows:
        return []
    seats: dict[int, list[Seat]] = {}
    for seat in Seat.objects.filter(decision__in=rows).select_related("member"):
        seats.setdefault(seat.decision_id, []).append(seat)
    members = {user.pk for user, _chairs in members_of(project)}
    committee = committee_of(project)
    quorum = committee.quorum if committee is not None else None
    today = clock.today(project.time_zone)
    return [_asked(row, project, seats.get(row.pk, ()), members, quorum, today, access) for row in rows]


def asked_decision(decision: Decision, access: Access | None = None) -> AskedDecision:
    """One decision as its reader finds it, whatever its state. Three queries."""
    project = decision.project
    seats = list(Seat.objects.filter(decision=decision).select_related("member"))
    members = {user.pk for user, _chairs in members_of(project)}
    committee = committee_of(project)
    quorum = committee.quorum if committee is not None else None
    return _asked(decision, project, seats, members, quorum, clock.today(project.time_zone), access)


def _asked(
    row: Decision,
    project: Project,
    seats: Sequence[Seat],
    members: set[int],
    quorum: int | None,
    today: date,
    access: Access | None,
) -> AskedDecision:
    row.project = project
    waits = row.state == DecisionState.ASKED
    # Once it is decided, who left since then still counts as they did.
    lines = tuple(
        SeatLine(each, each.member_id not in members if waits else each.left_at is not None) for each in seats
    )
    reader = access.user_id if access is not None else None
    may_vote = waits and access is not None and bool(access.can("governance.vote"))
    mine = next((each.seat for each in lines if each.seat.member_id == reader and not each.has_left), None)
    return AskedDecision(
        decision=row,
        seats=lines,
        tally=count(((each.seat.choice, each.has_left) for each in lines), quorum),
        days_left=(row.decide_by - today).days,
        mine=mine if may_vote else None,
        may_decide=waits and access is not None and bool(access.can("governance.decide")),
        may_prepare=waits and access is not None and bool(access.can("governance.prepare")),
    )


def decision_of(project: Project, ref: str) -> Decision | None:
    """The decision that `ref` names, with its frozen moment. One query."""
    row = (
        Decision.objects.filter(project=project, ref=ref)
        .select_related("asked_by", "decided_by", "meeting", "reopens", "record", "paper")
        .defer("reopens__frozen")
        .first()
    )
    if row is not None:
        row.project = project
    return row


def conditions_of(decision: Decision) -> list[Action]:
    """The conditions of a decision, met or not. One query."""
    return list(Action.objects.filter(decision=decision).select_related("owner", "done_by").order_by("pk"))


def reopened_by(decision: Decision) -> Decision | None:
    """The newest decision that reopens this one, asked for or made. One query."""
    return (
        Decision.objects.filter(reopens=decision)
        .exclude(state=DecisionState.WITHDRAWN)
        .defer("frozen")
        .order_by("-pk")
        .first()
    )


def attachments_of(decision: Decision) -> list[Attachment]:
    """What a decision is made on. One query."""
    return list(Attachment.objects.filter(decision=decision).select_related("item", "document").order_by("pk"))


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What of the register is wanted; "" is all. `conditions` is open or late."""

    state: str = ""
    kind: str = ""
    outcome: str = ""
    conditions: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anything is left out."""
        return bool(self.state or self.kind or self.outcome or self.conditions)


STATES = tuple(DecisionState.values)
KINDS = tuple(DecisionKind.values)
OUTCOMES = tuple(Outcome.values)
CONDITIONS = ("open", "late")


def decisions_register(project: Project, wanted: RegisterFilter | None = None) -> QuerySet[Any]:
    """The register, newest first. One query.

    Each row has `conditions`, `conditions_met`, `conditions_open`, `conditions_late`, and of its seats `votes_for`,
    `votes_against`, `abstained`.
    """
    wanted = wanted or RegisterFilter()
    today = clock.today(project.time_zone)
    undone = Q(actions__state=ActionState.OPEN)
    met = Q(actions__state=ActionState.DONE)
    counted = Q(seats__left_at__isnull=True)
    rows = (
        Decision.objects.filter(project=project)
        .select_related("asked_by", "decided_by", "meeting", "reopens", "record")
        .defer("frozen", "reopens__frozen")
        .annotate(
            conditions=Count("actions", distinct=True),
            conditions_met=Count("actions", filter=met, distinct=True),
            conditions_open=Count("actions", filter=undone, distinct=True),
            conditions_late=Count("actions", filter=undone & Q(actions__due__lt=today), distinct=True),
            votes_for=Count("seats", filter=counted & Q(seats__choice=Choice.FOR), distinct=True),
            votes_against=Count("seats", filter=counted & Q(seats__choice=Choice.AGAINST), distinct=True),
            abstained=Count("seats", filter=counted & Q(seats__choice=Choice.ABSTAIN), distinct=True),
        )
        .order_by("-pk")
    )
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.conditions:
        rows = rows.filter(**{f"conditions_{wanted.conditions}__gt": 0})
    return rows
