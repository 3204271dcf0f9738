"""Whether each point of a case is complete, by rules that the page shows in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from businesscase.domain.content import CaseContent
from businesscase.domain.risks import Level, level_of

SHORTEST = 40
POINTS = tuple("abcdefghijkl")
SMALL_POINTS = ("purpose", "cost", "approval")
COUNTED_KINDS = 9


@dataclass(frozen=True, slots=True)
class Missing:
    """What a point lacks: a code that the page puts into words, and how many of it."""

    code: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class PointState:
    """One point: what it lacks, and whether anything was said to it at all. `count` is how many items it has."""

    point: str
    missing: tuple[Missing, ...]
    started: bool
    count: int = 0

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


Rule = Callable[[CaseContent], Iterator[Missing]]


def states_of(content: CaseContent) -> list[PointState]:
    """The points of a case of its kind, in order."""
    points = POINTS if content.kind == "implementation" else SMALL_POINTS
    return [
        PointState(point, tuple(_RULES[point](content)), _started(content, point), _count(content, point))
        for point in points
    ]


def _has_text(content: CaseContent, point: str) -> bool:
    return len(content.sections.get(point, "").strip()) >= SHORTEST


def _text(point: str) -> Rule:
    def rule(content: CaseContent) -> Iterator[Missing]:
        if not _has_text(content, point):
            yield Missing("text")

    return rule


def _scope(content: CaseContent) -> Iterator[Missing]:
    if not content.known.scope.strip():
        yield Missing("scope")


def _assumptions(content: CaseContent) -> Iterator[Missing]:
    for kind in ("assumption", "constraint"):
        if not any(each.kind == kind for each in content.assumptions):
            yield Missing(kind)
    unchecked = sum(each.kind == "assumption" and not each.check.strip() for each in content.assumptions)
    if unchecked:
        yield Missing("unchecked", unchecked)


def _benefits(content: CaseContent) -> Iterator[Missing]:
    if not any(each.form == "figures" for each in content.benefits):
        yield Missing("figures")
    if not any(each.form == "words" for each in content.benefits):
        yield Missing("words")
    unconfirmed = sum(each.form == "figures" and not each.confirmed_by for each in content.benefits)
    if unconfirmed:
        yield Missing("unconfirmed", unconfirmed)
    vague = sum(each.form == "words" and not (each.indicator and each.target) for each in content.benefits)
    if vague:
        yield Missing("vague", vague)


def _costs(content: CaseContent) -> Iterator[Missing]:
    if not content.costs:
        yield Missing("costs")
        return
    if content.kind == "implementation":
        if not any(each.category == "own people" for each in content.costs):
            yield Missing("own people")
        empty = {1, 2, 3} - {each.phase for each in content.costs}
        if empty:
            yield Missing("phases without cost", len(empty))
    unsourced = sum(not each.source.strip() for each in content.costs)
    if unsourced:
        yield Missing("unsourced", unsourced)


def _risks(content: CaseContent) -> Iterator[Missing]:
    categories = {"organizational change", "financial", "technical"} - {each.category for each in content.risks}
    if categories:
        yield Missing("risk categories", len(categories))
    unanswered = sum(
        each.state == "open"
        and level_of(each.probability, each.impact) == Level.HIGH
        and not (each.response and each.owner)
        for each in content.risks
    )
    if unanswered:
        yield Missing("unanswered", unanswered)


def _measures(content: CaseContent) -> Iterator[Missing]:
    if not content.measures:
        yield Missing("measures")
    unowned = sum(not each.owner for each in content.measures)
    if unowned:
        yield Missing("unowned", unowned)
    undated = sum(not each.when.strip() for each in content.measures)
    if undated:
        yield Missing("undated", undated)


def _conformity(content: CaseContent) -> Iterator[Missing]:
    if content.conformity == "open":
        yield Missing("conformity")
    elif not _has_text(content, "h"):
        yield Missing("text")


def _timescales(content: CaseContent) -> Iterator[Missing]:
    undated = sum(each.number in (1, 2, 3) and not (each.start and each.end) for each in content.known.phases)
    if undated:
        yield Missing("phase dates", undated)
    if not content.known.phases:
        yield Missing("phase dates", 3)


def _interested(content: CaseContent) -> Iterator[Missing]:
    if not content.interested:
        yield Missing("interested")
    uninvolved = sum(not each.involvement.strip() for each in content.interested)
    if uninvolved:
        yield Missing("uninvolved", uninvolved)


_RULES: dict[str, Rule] = {
    "a": _text("a"),
    "b": _scope,
    "c": _assumptions,
    "d": _benefits,
    "e": _costs,
    "f": _risks,
    "g": _measures,
    "h": _conformity,
    "i": _timescales,
    "j": _interested,
    "k": _text("k"),
    "l": _text("l"),
    "purpose": _text("purpose"),
    "cost": _costs,
    "approval": _text("approval"),
}
_ITEMS = {
    "c": "assumptions",
    "d": "benefits",
    "e": "costs",
    "f": "risks",
    "g": "measures",
    "j": "interested",
    "cost": "costs",
}


def _count(content: CaseContent, point: str) -> int:
    return len(getattr(content, _ITEMS[point])) if point in _ITEMS else 0


def _started(content: CaseContent, point: str) -> bool:
    return bool(content.sections.get(point, "").strip()) or _count(content, point) > 0


def kinds_of_benefit(content: CaseContent) -> int:
    """How many of the nine kinds that a person can name (the tenth is computed) have a benefit."""
    return len({each.kind for each in content.benefits} - {"10"})
