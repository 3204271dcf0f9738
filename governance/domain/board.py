"""The committee's one page as a plain value: the same for the page, its PDF and what is kept of past days. No Django.

Words are put to it when it is shown; it holds figures, dates and what people wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

SCHEMA = 1
T = TypeVar("T")
MINUS = "\u2212"


def signed(number: int) -> str:
    """A number with its sign as print sets it; zero has none.

    >>> [signed(each) for each in (2, 0, -3)]
    ['+2', '0', '−3']
    """
    return f"+{number}" if number > 0 else str(number).replace("-", MINUS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision that the committee is asked for. `answered` of its `seats` have said something."""

    ref: str
    title: str
    decide_by: date
    background: str = ""
    without_it: str = ""
    money: str = ""
    effect: str = ""
    advice: str = ""
    gate: int | None = None
    seats: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was made. `conditions` of it, and how many were met by the day."""

    ref: str
    title: str
    outcome: str
    decided_on: date
    manner: str = ""
    gate: int | None = None
    dissent: int = 0
    conditions: int = 0
    met: int = 0
    is_reopened: bool = False


@dataclass(frozen=True, slots=True)
class PhaseFigures:
    """A phase: its dates, the counts that `show_figures` gives, and outcomes attested and confirmed of all."""

    number: int
    name: str
    state: str
    start: date | None = None
    end: date | None = None
    started_on: date | None = None
    closed_on: date | None = None
    applicable: int = 0
    done: int = 0
    verified: int = 0
    blocked: int = 0
    overdue: int = 0
    unassigned: int = 0
    planned: int = 0
    carried: int = 0
    outcomes: int = 0
    attested: int = 0
    confirmed: int = 0

    @property
    def finished(self) -> int:
        """Done or verified."""
        return self.done + self.verified

    @property
    def against_words(self) -> str:
        """Finished less planned, with its sign."""
        return signed(self.finished - self.planned)

    @property
    def is_closed(self) -> bool:
        """Whether it is over."""
        return self.state == "closed"

    @property
    def is_under_way(self) -> bool:
        """Whether it was started and is not over."""
        return self.state in ("active", "in review")


@dataclass(frozen=True, slots=True)
class ComponentFigures:
    """A component in the phase that the project is in."""

    code: str
    title: str
    applicable: int
    planned: int
    finished: int
    overdue: int = 0
    blocked: int = 0

    @property
    def against_plan(self) -> int:
        """How many more (below zero: fewer) are done than were to be."""
        return self.finished - self.planned

    @property
    def against_words(self) -> str:
        """The same with its sign."""
        return signed(self.against_plan)


@dataclass(frozen=True, slots=True)
class PhaseMoney:
    """Money of a phase. `is_beyond` where it leaves its tolerance; `reason` is what was said about that."""

    number: int
    name: str
    budget: Decimal
    actual: Decimal
    forecast: Decimal
    is_beyond: bool = False
    reason: str = ""

    @property
    def difference(self) -> Decimal:
        """Forecast less budget: above zero is dearer."""
        return self.forecast - self.budget


@dataclass(frozen=True, slots=True)
class Money:
    """The money of the project. `approved` names the version in force; without one the budget is that of the draft.

    `benefits_planned` and `benefits_confirmed` are those up to the month `until`.
    """

    currency: str
    phases: tuple[PhaseMoney, ...]
    approved: str = ""
    until: date | None = None
    health: str = ""
    benefits_planned: Decimal = Decimal(0)
    benefits_confirmed: Decimal = Decimal(0)
    payback: date | None = None

    @property
    def budget(self) -> Decimal:
        """Of all phases together."""
        return sum((each.budget for each in self.phases), Decimal(0))

    @property
    def actual(self) -> Decimal:
        """Spent in all phases together."""
        return sum((each.actual for each in self.phases), Decimal(0))

    @property
    def forecast(self) -> Decimal:
        """What all phases together will have cost."""
        return sum((each.forecast for each in self.phases), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """Forecast less budget: above zero is dearer."""
        return self.forecast - self.budget


@dataclass(frozen=True, slots=True)
class RiskLine:
    """An open risk, with its level, its score (1 to 16) and which way it moved lately."""

    ref: str
    title: str
    level: str
    score: int
    trend: str
    response: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day of the plan against the baseline. `kind` is gate or stage 1; `late` in calendar days.

    `now` is when it was reached, else when it is planned or forecast. `before` is how late it was at the last meeting.
    """

    kind: str
    number: int
    baseline: date | None
    now: date | None
    is_reached: bool = False
    is_forecast: bool = False
    before: int | None = None

    @property
    def late(self) -> int | None:
        """Days from the baseline; below zero is earlier. None without both."""
        return (self.now - self.baseline).days if self.now and self.baseline else None


@dataclass(frozen=True, slots=True)
class AssessmentFigures:
    """An assessment: how many questions of the edition have which answer after it."""

    title: str
    day: date
    conforms: int
    minor: int
    major: int
    no_case: int
    excluded: int
    unanswered: int
    is_locked: bool = True

    @property
    def asked(self) -> int:
        """All questions."""
        return self.conforms + self.minor + self.major + self.other

    @property
    def other(self) -> int:
        """Those that neither conform nor show a gap: no case yet, excluded, unanswered."""
        return self.no_case + self.excluded + self.unanswered


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An open action; one that a decision depends on is a condition of it."""

    ref: str
    text: str
    owner: str
    due: date
    is_condition: bool = False
    decision: str = ""


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson learnt since the last meeting."""

    ref: str
    happened: str
    change: str
    phase: int
    component: str = ""


@dataclass(frozen=True, slots=True)
class LateFinding:
    """A nonconformity whose correction is so late that the committee hears of it. `grade` in a word."""

    ref: str
    title: str
    grade: str
    due: date
    owner: str = ""


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting on `day` of the project's time zone, with its agenda or, where it was held, its minutes (Markdown)."""

    ref: str
    day: date
    starts_at: datetime
    place: str = ""
    agenda: str = ""
    minutes: str = ""
    present: int = 0
    asked: int = 0
    is_approved: bool = False


@dataclass(frozen=True, slots=True)
class GateLine:
    """A gate in the strip: when it is planned, and what was decided."""

    number: int
    planned_on: date | None
    outcome: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """What the committee's page says of a project on one day.

    `rules` are the rules of health that fired, as (key, level, value, of). `was` is the health at the last meeting that
    a board was kept of, on `was_on`. `figures_from` says what the figures of phases were read from (live, snapshot or
    trail), `rest_on` on which day the rest was taken where that is another one, and `loose` names parts that nobody
    kept for the day: they are shown as they stand now. `findings` are None where nobody kept them.
    """

    project: str
    organization: str
    day: date
    phase: int
    phases: tuple[PhaseFigures, ...]
    health: str
    rules: tuple[tuple[str, str, int, int], ...] = ()
    was: str = ""
    was_on: date | None = None
    manager: str = ""
    committee: str = ""
    gate_forecast: date | None = None
    slip: int | None = None
    baseline: str = ""
    next_meeting: MeetingLine | None = None
    last_meeting: MeetingLine | None = None
    gates: tuple[GateLine, ...] = ()
    asked: tuple[Asked, ...] = ()
    decided: tuple[Decided, ...] = ()
    components: tuple[ComponentFigures, ...] = ()
    money: Money | None = None
    risks: tuple[RiskLine, ...] = ()
    risks_open: int = 0
    milestones: tuple[Milestone, ...] = ()
    edition: str = ""
    assessments: tuple[AssessmentFigures, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    lessons: tuple[LessonLine, ...] = ()
    findings: tuple[LateFinding, ...] | None = None
    figures_from: str = "live"
    rest_on: date | None = None
    loose: tuple[str, ...] = ()
    schema: int = SCHEMA

    @property
    def current(self) -> PhaseFigures:
        """The phase that the project is in."""
        return next(each for each in self.phases if each.number == self.phase)

    @property
    def next_gate(self) -> GateLine | None:
        """The first gate, from that of the current phase on, that the committee has not let through."""
        return next(
            (each for each in self.gates if each.number >= self.phase and not each.outcome.startswith("go")), None
        )

    @property
    def since(self) -> date | None:
        """The day of the last meeting."""
        return self.last_meeting.day if self.last_meeting is not None else None

    @property
    def conditions(self) -> tuple[ActionLine, ...]:
        """The open actions that decisions depend on."""
        return tuple(each for each in self.actions if each.is_condition)

    @property
    def late(self) -> int:
        """How many of the open actions were due before the day."""
        return sum(each.due < self.day for each in self.actions)


def to_plain(value: Any) -> Any:
    """A board, or part of one, as JSON holds it: dates as YYYY-MM-DD, amounts as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def board_from_plain(plain: Mapping[str, Any]) -> Board:
    """The board that `to_plain` wrote. Raises ValueError for one of another schema."""
    if plain.get("schema") != SCHEMA:
        raise ValueError(f"a board of schema {plain.get('schema')}")
    return from_plain(Board, plain)


def from_plain(kind: type[T], plain: Mapping[str, Any]) -> T:
    """A dataclass read back. Names that it does not know are passed over; missing ones have their defaults."""
    hints = get_type_hints(kind)
    return kind(**{name: _read(hint, plain[name]) for name, hint in hints.items() if name in plain})


def _read(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) is UnionType:
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is tuple:
        kinds = get_args(hint)
        if kinds[-1] is Ellipsis:
            return tuple(_read(kinds[0], each) for each in value)
        return tuple(_read(each, one) for each, one in zip(kinds, value, strict=True))
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    if hint is Decimal:
        return Decimal(value)
    if is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, value)
    return value
