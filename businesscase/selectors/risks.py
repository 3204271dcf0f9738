"""The risk register: what needs somebody first, where risks stand, the list that was asked for."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from accounts.models import User
from businesscase.choices import RiskCategory, RiskState
from businesscase.domain.risks import Cell, Level, Trend, level_of, matrix_of, score, trend_of
from businesscase.models import CostLine, Risk
from common import clock
from common.highlight import contains_all, search_words
from projects.models import Project

SOON_DAYS = 14
NEW_DAYS = 28
"""For so many days after it was reported a risk without an owner counts as new."""
NOBODY, MINE = "nobody", "mine"


class Why(StrEnum):
    """Why an open risk needs somebody, the most urgent first."""

    UNANSWERED = "unanswered"
    UNOWNED = "unowned"
    LEFT = "owner has left"
    OVERDUE = "overdue"
    RISING = "rising"
    NEW = "new"


class Look(StrEnum):
    """What the list can be narrowed to, beside the whys."""

    ANY = "attention"
    UNDATED = "undated"
    UNPRICED = "not in the costs"


@dataclass(frozen=True, slots=True)
class Line:
    """A risk as it stands today.

    `left` is its level once the response works, where somebody assessed that. `days_late` counts from the day of its
    look, `days_left` to it where it is near. `whys` say what it needs, the most urgent first.
    """

    risk: Risk
    level: Level
    trend: Trend
    left: Level | None
    days_late: int | None
    days_left: int | None
    whys: tuple[Why, ...]
    in_costs: bool

    @property
    def score(self) -> int:
        """1 to 16, by which risks are put in order."""
        return score(self.risk.probability, self.risk.impact)

    @property
    def is_open(self) -> bool:
        """Whether it may still happen."""
        return self.risk.state == RiskState.OPEN


@dataclass(frozen=True, slots=True)
class RiskQuery:
    """What the register is asked for. `sort` begins with "-" for descending; "" is the most serious first.

    `probability` and `impact` name a cell of the matrix, of what is left once the responses work where `after`.
    """

    text: str = ""
    category: str = ""
    level: str = ""
    state: str = RiskState.OPEN
    owner: str = ""
    why: str = ""
    probability: int | None = None
    impact: int | None = None
    after: bool = False
    sort: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves out risks that are open."""
        named = (self.text, self.category, self.level, self.owner, self.why, self.probability, self.impact)
        return any(named) or self.state != RiskState.OPEN


@dataclass(frozen=True, slots=True)
class Register:
    """All risks of a project."""

    project: Project
    lines: tuple[Line, ...]

    @property
    def open(self) -> tuple[Line, ...]:
        """What may still happen, the most serious first."""
        return tuple(sorted((line for line in self.lines if line.is_open), key=_by_weight))

    @property
    def attention(self) -> tuple[Line, ...]:
        """What needs somebody, each once: high without a response, overdue for a look, rising, new without an owner."""
        order = list(Why)
        needing = (line for line in self.open if line.whys)
        return tuple(sorted(needing, key=lambda line: (order.index(line.whys[0]), -line.score, -(line.days_late or 0))))

    @property
    def coming(self) -> tuple[Line, ...]:
        """Those whose look comes within two weeks and that need nobody else, the soonest first."""
        near = (line for line in self.open if line.days_left is not None and not line.whys)
        return tuple(sorted(near, key=lambda line: line.days_left or 0))

    def counted(self, why: Why) -> int:
        """How many need somebody for this reason."""
        return sum(why in line.whys for line in self.open)

    def levels(self) -> Mapping[Level, int]:
        """How many open ones there are of each level."""
        return Counter(line.level for line in self.open)

    def categories(self) -> list[tuple[str, int]]:
        """How many open ones there are of each kind, with its name."""
        found = Counter(line.risk.category for line in self.open)
        return [(str(each.label), found[each.value]) for each in RiskCategory]

    @property
    def undated(self) -> int:
        """How many open ones have no day for the next look."""
        return sum(line.risk.review_on is None for line in self.open)

    def matrix(self, *, after: bool = False) -> tuple[tuple[Cell, ...], ...]:
        """Where the open ones stand now, or once their responses work; what nobody assessed so stays where it is."""
        return matrix_of((line.risk.ref, *place_of(line.risk, after=after)) for line in self.open)

    def owners(self) -> list[tuple[int, str]]:
        """Who owns a risk."""
        found = {line.risk.owner.pk: line.risk.owner.name for line in self.lines if line.risk.owner}
        return sorted(found.items(), key=lambda pair: pair[1].casefold())

    def asked(self, query: RiskQuery, user: User | None = None) -> list[Line]:
        """The lines that `query` asks for, in its order. `user` is who asks, for their own risks."""
        words = search_words(query.text)
        found = [line for line in self.lines if _fits(line, query, user) and contains_all(_text_of(line.risk), words)]
        name = query.sort.removeprefix("-")
        ordered = sorted(found, key=_by_weight)
        if name in SORTS:
            ordered.sort(key=SORTS[name], reverse=query.sort.startswith("-"))
        return ordered


def place_of(risk: Risk, *, after: bool) -> tuple[int, int]:
    """Probability and impact of now, or once the response works, where that was assessed."""
    if after and risk.residual_probability and risk.residual_impact:
        return risk.residual_probability, risk.residual_impact
    return risk.probability, risk.impact


def line_of(risk: Risk, time_zone: str, in_costs: bool = False) -> Line:
    """How `risk` stands today. No query."""
    today = clock.today(time_zone)
    level = level_of(risk.probability, risk.impact)
    was = (risk.was_probability, risk.was_impact) if risk.was_probability and risk.was_impact else None
    trend = trend_of((risk.probability, risk.impact), was, (today - clock.day_of(risk.assessed_at, time_zone)).days)
    left = None
    if risk.residual_probability and risk.residual_impact:
        left = level_of(risk.residual_probability, risk.residual_impact)
    to_look = (risk.review_on - today).days if risk.review_on and risk.state == RiskState.OPEN else None
    late = -to_look if to_look is not None and to_look < 0 else None
    days_known = (today - clock.day_of(risk.reported_at, time_zone)).days
    whys = []
    if risk.state == RiskState.OPEN:
        whys = [
            why
            for why, holds in (
                (Why.UNANSWERED, level is Level.HIGH and not risk.response),
                (Why.UNOWNED, level is Level.HIGH and risk.owner is None),
                (Why.LEFT, risk.owner is not None and not risk.owner.is_active),
                (Why.OVERDUE, late is not None),
                (Why.RISING, trend is Trend.RISING),
                (Why.NEW, level is not Level.HIGH and risk.owner is None and days_known <= NEW_DAYS),
            )
            if holds
        ]
    return Line(
        risk,
        level,
        trend,
        left,
        days_late=late,
        days_left=to_look if to_look is not None and 0 <= to_look <= SOON_DAYS else None,
        whys=tuple(whys),
        in_costs=in_costs,
    )


def register_of(project: Project) -> Register:
    """The register of `project`. Two queries."""
    priced = set(CostLine.objects.filter(project=project, risk__isnull=False).values_list("risk_id", flat=True))
    risks = Risk.objects.filter(project=project).select_related("owner")
    return Register(project, tuple(line_of(risk, project.time_zone, risk.pk in priced) for risk in risks))


def risk_of(project: Project, ref: str) -> Risk | None:
    """The risk `ref` with its owner and who reported it. One query."""
    risk = Risk.objects.filter(project=project, ref=ref).select_related("owner", "reported_by").first()
    if risk is not None:
        risk.project = project
    return risk


def costs_of(risk: Risk) -> Sequence[CostLine]:
    """What the draft spends on the response to `risk`. One query."""
    return list(CostLine.objects.filter(project_id=risk.project_id, risk=risk).select_related("case"))


def risks_by_challenge(project: Project) -> Mapping[str, list[Risk]]:
    """The risks that were made from challenges, by the ref of the challenge. One query."""
    found: dict[str, list[Risk]] = {}
    for risk in Risk.objects.filter(project=project).exclude(challenge=""):
        found.setdefault(risk.challenge, []).append(risk)
    return found


def looks_of(user: User, project_ids: Iterable[int]) -> list[Risk]:
    """The open risks in these projects that `user` owns and that have a day for the next look. One query."""
    return list(
        Risk.objects.filter(project_id__in=list(project_ids), owner__user=user, review_on__isnull=False)
        .open()
        .select_related("owner")
        .order_by("review_on", "pk")
    )


def _by_weight(line: Line) -> tuple[Any, ...]:
    """The most serious first, settled ones after those; of equals that which rises, then the older one."""
    return (not line.is_open, -line.score, line.trend is not Trend.RISING, line.risk.pk)


_NEVER = date.max
SORTS: Mapping[str, Callable[[Line], Any]] = {
    "ref": lambda line: line.risk.pk,
    "title": lambda line: line.risk.title.casefold(),
    "category": lambda line: list(RiskCategory.values).index(line.risk.category),
    "level": lambda line: line.score,
    "left": lambda line: score(*place_of(line.risk, after=True)),
    "owner": lambda line: (line.risk.owner is None, line.risk.owner.name.casefold() if line.risk.owner else ""),
    "look": lambda line: line.risk.review_on or _NEVER,
}


def _text_of(risk: Risk) -> str:
    parts = (risk.ref, risk.title, risk.cause, risk.event, risk.effect, risk.response_text, risk.outcome)
    return "\n".join((*parts, risk.challenge, risk.owner.name if risk.owner else ""))


def _fits(line: Line, query: RiskQuery, user: User | None) -> bool:
    risk = line.risk
    place = place_of(risk, after=query.after)
    return (
        (not query.state or risk.state == query.state)
        and (not query.category or risk.category == query.category)
        and (not query.level or (level_of(*place) == query.level))
        and (query.probability is None or place[0] == query.probability)
        and (query.impact is None or place[1] == query.impact)
        and _owned(risk, query.owner, user)
        and _needs(line, query.why)
    )


def _owned(risk: Risk, owner: str, user: User | None) -> bool:
    if owner == NOBODY:
        return risk.owner is None
    if owner == MINE:
        return risk.owner is not None and user is not None and risk.owner.user_id == user.pk
    return not owner or str(risk.owner_id) == owner


def _needs(line: Line, why: str) -> bool:
    if why == Look.ANY:
        return bool(line.whys)
    if why == Look.UNDATED:
        return line.is_open and line.risk.review_on is None
    if why == Look.UNPRICED:
        return bool(line.risk.response_cost) and not line.in_costs
    return not why or why in line.whys
