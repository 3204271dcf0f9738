"""Management reviews: the list, one with its inputs and outputs, one as records keep it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from audits.choices import OutputKind, ReviewState
from audits.models import Review, ReviewAttendance, ReviewInput, ReviewOutput
from audits.review_guide import Input, all_inputs, inputs_of
from audittrail.models import Event
from common import clock
from phases.domain.figures import SOON_DAYS
from projects.models import Project

WROTE = ("treat", "conclude", "output")
VALID_DAYS = 365
"""A review speaks for so long: top management looks at the system once a year at least."""


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """A review as it stands today. `treated` of `inputs`; `outputs` by kind."""

    review: Review
    treated: int
    inputs: int
    outputs: int
    days: int

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed."""
        return self.review.state in (ReviewState.PLANNED, ReviewState.HELD)

    @property
    def is_past(self) -> bool:
        """Whether its day is over and nobody has said that it was held."""
        return self.review.state == ReviewState.PLANNED and self.days < 0

    @property
    def is_written(self) -> bool:
        """Whether nothing but its approval is missing."""
        return (
            self.review.state == ReviewState.HELD
            and bool(self.inputs)
            and self.treated == self.inputs
            and bool(self.review.conclusion)
        )

    @property
    def days_near(self) -> int | None:
        """How many days are left, where that is few."""
        return self.days if self.review.state == ReviewState.PLANNED and 0 <= self.days <= SOON_DAYS else None


@dataclass(frozen=True, slots=True)
class ReviewPoint:
    """One input of a review: what it asks for, what the system said, what people said, what follows from it."""

    guide: Input
    row: ReviewInput
    outputs: tuple[ReviewOutput, ...]
    clauses: tuple[str, ...]

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the system said on the day."""
        facts: Mapping[str, Any] = self.row.facts
        return facts


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One review with all that belongs to it."""

    standing: ReviewStanding
    points: tuple[ReviewPoint, ...]
    outputs: tuple[ReviewOutput, ...]
    attendance: tuple[ReviewAttendance, ...]

    @property
    def review(self) -> Review:
        """The review itself."""
        return self.standing.review

    def of_kind(self, kind: str) -> list[ReviewOutput]:
        """Its outcomes of one kind."""
        return [each for each in self.outputs if each.kind == kind]

    @property
    def by_kind(self) -> list[tuple[str, list[ReviewOutput]]]:
        """The outcomes under the words of their kind, those kinds left out that there are none of."""
        found = [(str(OutputKind(kind).label), self.of_kind(kind)) for kind in OutputKind.values]
        return [(label, rows) for label, rows in found if rows]


def reviews_of(project: Project) -> list[ReviewStanding]:
    """All reviews of `project`, the newest first. One query."""
    rows = (
        Review.objects.filter(project=project)
        .defer("record")
        .select_related("chair", "approved_by", "evidence")
        .annotate(
            treated=Count("inputs", filter=Q(inputs__is_treated=True), distinct=True),
            asked=Count("inputs", distinct=True),
            made=Count("outputs", distinct=True),
        )
    )
    return [_standing(row, project, row.treated, row.asked, row.made) for row in rows]


def review_page(project: Project, ref: str) -> ReviewPage | None:
    """The review `ref` with all that belongs to it. Four queries."""
    review = (
        Review.objects.filter(project=project, ref=ref)
        .select_related("chair", "approved_by", "evidence")
        .defer("record")
        .first()
    )
    if review is None:
        return None
    inputs = {row.key: row for row in ReviewInput.objects.filter(review=review)}
    outputs = tuple(
        ReviewOutput.objects.filter(review=review).select_related("action__owner", "improvement__owner", "created_by")
    )
    attendance = ReviewAttendance.objects.filter(review=review).select_related("party").order_by("party__name")
    points = [
        ReviewPoint(
            guide,
            inputs[key],
            tuple(each for each in outputs if each.input_key == key),
            guide.clauses(review.edition),
        )
        for key, guide in all_inputs().items()
        if key in inputs
    ]
    treated = sum(point.row.is_treated for point in points)
    return ReviewPage(
        _standing(review, project, treated, len(points), len(outputs)), tuple(points), outputs, tuple(attendance)
    )


def latest_approved(project: Project, day: date) -> Review | None:
    """The newest review whose minutes are approved and that still speaks on `day`. One query."""
    return (
        Review.objects.filter(
            project=project,
            state=ReviewState.APPROVED,
            held_on__lte=day,
            held_on__gte=day - timedelta(days=VALID_DAYS),
        )
        .defer("record")
        .first()
    )


def writers_of(review: Review) -> set[int]:
    """The ids of who wrote the minutes, as the trail has it. One query."""
    events = Event.objects.filter(
        stream_id=review.project.uuid, kind="management review", key=review.ref, action__in=WROTE
    )
    return {actor for actor in events.values_list("actor_id", flat=True) if actor is not None}


def review_plain(review: Review) -> dict[str, Any]:
    """A review as its record keeps it: anything that has a canonical JSON. Three queries."""
    outputs = ReviewOutput.objects.filter(review=review).select_related("action__owner", "improvement__owner")
    rows = {row.key: row for row in ReviewInput.objects.filter(review=review)}
    return {
        "form": 1,
        "project": review.project.slug,
        "organization": review.project.organization.name,
        "ref": review.ref,
        "edition": review.edition,
        "held_on": review.held_on,
        "covers_from": review.covers_from,
        "covers_until": review.covers_until,
        "place": review.place,
        "chair": review.chair.name if review.chair is not None else "",
        "attendance": [
            {"name": each.party.name, "was_there": bool(each.was_there)}
            for each in ReviewAttendance.objects.filter(review=review).select_related("party").order_by("party__name")
        ],
        "inputs": [
            {
                "key": each.key,
                "title": each.title,
                "clauses": list(each.clauses(review.edition)),
                "facts": rows[each.key].facts,
                "words": rows[each.key].words,
                "treated": rows[each.key].is_treated,
            }
            for each in inputs_of(review.edition)
            if each.key in rows
        ],
        "outputs": [_output_plain(each) for each in outputs],
        "conclusion": review.conclusion,
    }


def _output_plain(each: ReviewOutput) -> dict[str, Any]:
    made = each.action or each.improvement
    return {
        "kind": each.kind,
        "input": each.input_key,
        "text": each.text,
        "ref": made.ref if made is not None else "",
        "owner": made.owner.name if made is not None and made.owner is not None else "",
        "due": made.due if made is not None else None,
    }


def reviews_waiting(user: User, asked_in: Collection[int], approving_in: Collection[int]) -> Sequence[ReviewStanding]:
    """Reviews in projects (ids) that `user` is asked to and that are planned, or may approve. One query."""
    mine = Q(attendance__party__user=user) | Q(attendance__party__group_members__person__user=user)
    rows = (
        Review.objects.filter(
            Q(mine, state=ReviewState.PLANNED, project__in=list(asked_in))
            | Q(state=ReviewState.HELD, project__in=list(approving_in))
        )
        .defer("record")
        .select_related("project")
        .annotate(
            treated=Count("inputs", filter=Q(inputs__is_treated=True), distinct=True),
            asked=Count("inputs", distinct=True),
        )
        .distinct()
        .order_by("held_on", "pk")
    )
    found = [_standing(row, row.project, row.treated, row.asked, 0) for row in rows]
    return [each for each in found if each.review.state == ReviewState.PLANNED or each.is_written]


def _standing(review: Review, project: Project, treated: int, inputs: int, outputs: int) -> ReviewStanding:
    review.project = project
    return ReviewStanding(review, treated, inputs, outputs, (review.held_on - clock.today(project.time_zone)).days)
