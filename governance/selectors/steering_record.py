"""What the committee's page shows of its own record: decisions, actions, lessons, meetings, gates.

Each reads all rows of a project and answers for the end of a day: what was made later is left out, what was settled
later is still open.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from common import clock
from governance.choices import (
    GATES,
    LAST_GATE,
    ActionSource,
    ActionState,
    Attested,
    Choice,
    DecisionKind,
    DecisionState,
    MeetingState,
    Presence,
)
from governance.domain.board import ActionLine, Asked, Decided, GateLine, LessonLine, MeetingLine
from governance.domain.next_gate import gate_day
from governance.models import Action, Attendance, Decision, Gate, Lesson, Meeting, OutcomeReport, Seat
from projects.models import Project

MOST_LESSONS = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of `day` in a project; `until` is None for now."""

    project: Project
    day: date
    until: datetime | None = None

    def has(self, instant: datetime | None) -> bool:
        """Whether something that happened at `instant` had happened by then."""
        return instant is not None and (self.until is None or instant < self.until)

    def day_of(self, instant: datetime) -> date:
        """The day of `instant` in the project's time zone."""
        return clock.day_of(instant, self.project.time_zone)


def decisions_at(moment: Moment, actions: Iterable[Action]) -> tuple[tuple[Asked, ...], tuple[Decided, ...]]:
    """What was asked for, the most urgent first, and what was decided, the newest first. Two queries."""
    rows = list(Decision.objects.filter(project=moment.project).defer("frozen", "words").order_by("pk"))
    seats: Mapping[int, Counter[str]] = defaultdict(Counter)
    for decision, choice, cast_at, left_at in Seat.objects.filter(project=moment.project).values_list(
        "decision_id", "choice", "cast_at", "left_at"
    ):
        if not moment.has(left_at):
            seats[decision]["all"] += 1
            if choice and moment.has(cast_at):
                seats[decision]["answered"] += 1
                seats[decision][choice] += 1
    conditions: Mapping[int, list[Action]] = defaultdict(list)
    for action in actions:
        if action.decision_id is not None and action.source == ActionSource.CONDITION:
            conditions[action.decision_id].append(action)
    reopened = {row.reopens_id for row in rows if row.reopens_id and moment.has(row.decided_at)}
    asked = [_asked(row, seats[row.pk]) for row in rows if _is_asked(row, moment)]
    decided = [
        _decided(row, seats[row.pk], conditions[row.pk], moment, is_reopened=row.pk in reopened)
        for row in reversed(rows)
        if row.decided_on is not None and moment.has(row.decided_at)
    ]
    return tuple(sorted(asked, key=lambda one: one.decide_by)), tuple(decided)


def _is_asked(row: Decision, moment: Moment) -> bool:
    """Whether it waited for the committee. When one was withdrawn is not kept: it counts as never asked."""
    if not moment.has(row.asked_at) or row.state == DecisionState.WITHDRAWN:
        return False
    return not moment.has(row.decided_at)


def _asked(row: Decision, seats: Mapping[str, int]) -> Asked:
    return Asked(
        ref=row.ref,
        title=row.title,
        decide_by=row.decide_by,
        background=row.background,
        without_it=row.without_it,
        money=row.money,
        effect=row.effect,
        advice=row.advice,
        gate=row.gate_number if row.kind == DecisionKind.GATE else None,
        seats=seats["all"],
        answered=seats["answered"],
    )


def _decided(
    row: Decision, seats: Mapping[str, int], conditions: Sequence[Action], moment: Moment, *, is_reopened: bool
) -> Decided:
    return Decided(
        ref=row.ref,
        title=row.title,
        outcome=row.outcome,
        decided_on=row.decided_on or moment.day,
        manner=row.manner,
        gate=row.gate_number if row.kind == DecisionKind.GATE else None,
        dissent=seats[Choice.AGAINST],
        conditions=len(conditions),
        met=sum(_is_done(each, moment) for each in conditions),
        is_reopened=is_reopened,
    )


def _is_done(action: Action, moment: Moment) -> bool:
    return action.state == ActionState.DONE and action.done_on is not None and action.done_on <= moment.day


def actions_of(project: Project) -> list[Action]:
    """All actions of a project with their owners and decisions. One query."""
    return list(
        Action.objects.filter(project=project)
        .select_related("owner", "decision")
        .defer("decision__frozen", "decision__words", "decision__background")
        .order_by("due", "pk")
    )


def open_actions(actions: Iterable[Action], moment: Moment) -> tuple[ActionLine, ...]:
    """Those that were open, conditions first, then by their day."""
    lines = [
        ActionLine(
            ref=each.ref,
            text=each.text,
            owner=each.owner.name if each.owner is not None else "",
            due=each.due,
            is_condition=each.is_condition,
            decision=each.decision.ref if each.decision is not None else "",
        )
        for each in actions
        if moment.has(each.created_at)
        and (each.state == ActionState.OPEN or (each.done_on is not None and each.done_on > moment.day))
    ]
    return tuple(sorted(lines, key=lambda line: (not line.is_condition, line.due)))


def meetings_at(moment: Moment) -> tuple[MeetingLine | None, MeetingLine | None]:
    """The next meeting and the last one that was held, None where there is none. Two queries."""
    coming: Meeting | None = None
    held: Meeting | None = None
    for each in Meeting.objects.filter(project=moment.project).exclude(state=MeetingState.CANCELLED):
        day = moment.day_of(each.starts_at)
        if each.state == MeetingState.HELD and day <= moment.day:
            held = each
        elif coming is None and day >= moment.day and (moment.until is not None or each.state == MeetingState.PLANNED):
            coming = each
    found = [each.pk for each in (coming, held) if each is not None]
    people: Mapping[int, Counter[str]] = defaultdict(Counter)
    for meeting, presence in Attendance.objects.filter(meeting__in=found).values_list("meeting_id", "presence"):
        people[meeting]["asked"] += 1
        people[meeting]["present"] += presence in (Presence.PRESENT, Presence.DEPUTY)
    return (_meeting(coming, people, moment), _meeting(held, people, moment))


def _meeting(row: Meeting | None, people: Mapping[int, Mapping[str, int]], moment: Moment) -> MeetingLine | None:
    if row is None:
        return None
    is_approved = moment.has(row.minutes_approved_at)
    return MeetingLine(
        ref=row.ref,
        day=moment.day_of(row.starts_at),
        starts_at=row.starts_at,
        place=row.place,
        # What a past day said is not kept in these rows, unless it was approved: then it never changes.
        agenda=row.agenda if moment.until is None else "",
        minutes=row.minutes if moment.until is None or is_approved else "",
        present=people[row.pk]["present"],
        asked=people[row.pk]["asked"],
        is_approved=is_approved,
    )


def lessons_at(moment: Moment, since: date | None) -> tuple[LessonLine, ...]:
    """What was learnt after `since` (None: the newest ones), newest first. One query."""
    rows = Lesson.objects.filter(project=moment.project)
    if moment.until is not None:
        rows = rows.filter(captured_at__lt=moment.until)
    if since is not None:
        rows = rows.filter(captured_at__gte=clock.end_of(since, moment.project.time_zone))
    return tuple(
        LessonLine(each.ref, each.happened, each.change, each.phase_number, each.component)
        for each in rows[:MOST_LESSONS]
    )


def gates_at(moment: Moment, decided: Sequence[Decided], ends: Mapping[int, date | None]) -> tuple[GateLine, ...]:
    """All gates: the day of each, and the decision that held. One query."""
    planned = dict(Gate.objects.filter(project=moment.project).values_list("number", "planned_on"))
    holds = {each.gate: each for each in reversed(decided) if each.gate is not None and not each.is_reopened}
    return tuple(
        GateLine(
            number,
            gate_day(number, planned.get(number), ends, LAST_GATE),
            holds[number].outcome if number in holds else "",
            holds[number].decided_on if number in holds else None,
        )
        for number in GATES
    )


def outcomes_at(moment: Moment, edition: str) -> tuple[frozenset[tuple[int, str]], frozenset[tuple[int, str]]]:
    """The outcomes (phase and key) that were attested as reached, and those of them that were confirmed. One query."""
    rows = OutcomeReport.objects.filter(project=moment.project, edition=edition, attested=Attested.REACHED)
    attested, confirmed = set(), set()
    for phase, key, attested_at, confirmed_at in rows.values_list("phase_number", "key", "attested_at", "confirmed_at"):
        if moment.has(attested_at):
            attested.add((phase, key))
        if moment.has(confirmed_at):
            confirmed.add((phase, key))
    return frozenset(attested), frozenset(confirmed)
