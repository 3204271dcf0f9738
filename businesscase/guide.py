"""The guide of the business case: what to write under each point, examples, scales, typical costs, benefits and risks.

Read from `fixtures/businesscase/guide/`, checked as it is read, and kept. No database. Every row has exactly the keys
of its class; `GuideError` names the file, the row and what is wrong with it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NewType, TypeVar, get_args, get_origin, get_type_hints

import yaml
from django.conf import settings

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Line breaks inside a paragraph are those of the file, and our Markdown would show them.
_WRAPPED = re.compile(r"(?<=[^\n|])\n(?!\n|[|>#]|[-*] |\d+\. )")
T = TypeVar("T")
Markdown = NewType("Markdown", str)


class GuideError(ValueError):
    """A file of the guide does not have the shape that it must have."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a case. `for_whom` is the board's question that the point answers."""

    key: str
    title: str
    for_whom: str
    help: str
    ask: tuple[str, ...]
    example: Markdown
    complete_when: str


@dataclass(frozen=True, slots=True)
class SmallCase:
    """The case for the gap analysis: why there is one, and its three points."""

    why: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class WordsExample:
    """A benefit in words, filled in. `confirm` says who could confirm it, and from what record."""

    indicator: str
    baseline: str
    target: str
    confirm: str


@dataclass(frozen=True, slots=True)
class BenefitGuide:
    """One of the ten kinds of benefit."""

    key: str
    title: str
    help: str
    figure_example: str
    words_example: WordsExample
    caution: str


@dataclass(frozen=True, slots=True)
class TypicalCost:
    """A line that most cases have. The ranges (from, to) are days or euro, for providers of three sizes.

    A recurring line gives the amount of each time. `figure` says how to get one's own.
    """

    title: str
    rhythm: str
    phase: int
    figure: str
    unit: str
    small: tuple[int, int]
    medium: tuple[int, int]
    large: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CostGuide:
    """One category of cost."""

    key: str
    title: str
    help: str
    forgotten: tuple[str, ...]
    typical: tuple[TypicalCost, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sizes:
    """What small, medium and large mean in the ranges of typical costs."""

    small: str
    medium: str
    large: str


@dataclass(frozen=True, slots=True)
class CostsGuide:
    """All categories. `note` says where the ranges come from; show it wherever a range is shown."""

    note: str
    sizes: Sizes
    categories: tuple[CostGuide, ...]


@dataclass(frozen=True, slots=True)
class ProbabilityLevel:
    """One step of probability; its band is from `from_percent` to below `to_percent`."""

    key: int
    title: str
    from_percent: int
    to_percent: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ImpactLevel:
    """One step of impact, in money, in time and for customers."""

    key: int
    title: str
    money: str
    time: str
    customers: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of interest, influence or response, in words."""

    key: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ConfidenceStep:
    """How much of a benefit is counted (`key`, in percent), and what that takes."""

    key: int
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Scales:
    """The scales of ratings."""

    probability: tuple[ProbabilityLevel, ...]
    impact: tuple[ImpactLevel, ...]
    interest: tuple[Step, ...]
    influence: tuple[Step, ...]
    confidence: tuple[ConfidenceStep, ...]
    responses: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class TypicalRisk:
    """A risk that many have, ready to be taken into a register. `challenges` are refs of the library of challenges."""

    key: str
    title: str
    category: str
    cause: str
    event: str
    effect: str
    signs: tuple[str, ...]
    probability: int
    impact: int
    response: str
    response_text: str
    challenges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureGuide:
    """One figure, explained to somebody who never studied finance."""

    key: str
    title: str
    in_words: str
    formula: str
    reads: str
    misleads: str


@dataclass(frozen=True, slots=True)
class TypicalParty:
    """An interested party that most projects have."""

    key: str
    title: str
    interest: str
    influence: str
    wants: str
    fears: str
    involve: str


@dataclass(frozen=True, slots=True)
class TypicalAssumption:
    """An assumption or a constraint that many cases rest on."""

    key: str
    text: str
    what_if: str
    check: str


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Typical assumptions and constraints."""

    assumptions: tuple[TypicalAssumption, ...]
    constraints: tuple[TypicalAssumption, ...]


@lru_cache(maxsize=1)
def points() -> Mapping[str, Point]:
    """The points a to l of the case for the implementation, by key, in order."""
    return _by_key("points.yaml", Point)


@lru_cache(maxsize=1)
def small_case() -> SmallCase:
    """The case for the gap analysis."""
    return _made(SmallCase, _read("small_case.yaml"), "small_case.yaml")


@lru_cache(maxsize=1)
def benefits() -> Mapping[str, BenefitGuide]:
    """The ten kinds of benefit, by key "1" to "10"."""
    return _by_key("benefits.yaml", BenefitGuide)


@lru_cache(maxsize=1)
def costs() -> CostsGuide:
    """The categories of cost, with typical lines."""
    return _made(CostsGuide, _read("costs.yaml"), "costs.yaml")


@lru_cache(maxsize=1)
def scales() -> Scales:
    """The scales of ratings."""
    return _made(Scales, _read("scales.yaml"), "scales.yaml")


@lru_cache(maxsize=1)
def risks() -> Mapping[str, TypicalRisk]:
    """Typical risks, by key."""
    return _by_key("risks.yaml", TypicalRisk)


@lru_cache(maxsize=1)
def figures() -> Mapping[str, FigureGuide]:
    """The figures of a case explained, by key."""
    return _by_key("figures.yaml", FigureGuide)


@lru_cache(maxsize=1)
def interested_parties() -> Mapping[str, TypicalParty]:
    """Typical interested parties, by key."""
    return _by_key("interested.yaml", TypicalParty)


@lru_cache(maxsize=1)
def assumptions() -> Assumptions:
    """Typical assumptions and constraints."""
    return _made(Assumptions, _read("assumptions.yaml"), "assumptions.yaml")


def _read(name: str) -> Any:
    path = Path(settings.CONTENT_DIR, "businesscase", "guide", name)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, the C one where there is one)
    except OSError as error:
        raise GuideError(f"{name} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise GuideError(f"{name}: not readable as YAML: {error}") from error


def _by_key(name: str, kind: type[T]) -> Mapping[str, T]:
    return rows_by_key(_read(name), kind, name)


def rows_by_key(rows: Any, kind: type[T], where: str) -> Mapping[str, T]:
    """The `rows` of a file as objects of `kind`, by their key, in their order. Raises GuideError."""
    made = _many(kind, rows, where)
    return MappingProxyType({getattr(each, "key"): each for each in made})  # noqa: B009 (T has no key to a type checker)


def _many(kind: type[T], rows: Any, where: str) -> tuple[T, ...]:
    if not isinstance(rows, list) or not rows:
        raise GuideError(f"{where}: it is a list with one row at least")
    made = tuple(_made(kind, row, f"{where}: {_name(row, number)}") for number, row in enumerate(rows, start=1))
    _refuse_twice((str(getattr(each, "key", "") or getattr(each, "title", "")) for each in made), where)
    return made


def _name(row: Any, number: int) -> str:
    named = row.get("key") or row.get("title") if isinstance(row, dict) else None
    return str(named) if named else f"row {number}"


def _refuse_twice(keys: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise GuideError(f"{where}: {key} stands there twice")
        seen.add(key)


def _made(kind: type[T], row: Any, where: str) -> T:
    """An object of the dataclass `kind` from a mapping with exactly its fields."""
    if not isinstance(row, dict):
        raise GuideError(f"{where}: it must be a mapping")
    hints = get_type_hints(kind)
    names = list(hints)
    if set(row) != set(names):
        lacks = [name for name in names if name not in row]
        unknown = [str(name) for name in row if name not in names]
        said = [f"{word} {', '.join(found)}" for word, found in (("lacks", lacks), ("does not know", unknown)) if found]
        raise GuideError(f"{where}: it {' and '.join(said)}")
    return kind(**{name: _value(hints[name], row[name], f"{where}: {name}") for name in names})


def _value(hint: Any, value: Any, where: str) -> Any:
    if hint is str:
        if not isinstance(value, str) or not value.strip():
            raise GuideError(f"{where} must be a text (quote numbers)")
        return value.strip()
    if hint is Markdown:
        return Markdown(_WRAPPED.sub(" ", _value(str, value, where)))
    if hint is int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise GuideError(f"{where} must be a whole number, zero or more")
        return value
    if get_origin(hint) is tuple:
        return _items(get_args(hint), value, where)
    if isinstance(hint, type) and is_dataclass(hint):
        return _made(hint, value, where)
    raise TypeError(f"no way to read {hint}")


def _items(inside: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if inside[-1] is not Ellipsis:
        if not isinstance(value, list) or len(value) != len(inside) or not _is_range(value):
            raise GuideError(f"{where} must be a range [from, to]")
        return tuple(value)
    kind = inside[0]
    if isinstance(kind, type) and is_dataclass(kind):
        return _many(kind, value, where)
    if not isinstance(value, list) or not value:
        raise GuideError(f"{where} must be a list of texts, one at least")
    made = tuple(_value(kind, each, where) for each in value)
    _refuse_twice(made, where)
    return made


def _is_range(value: list[Any]) -> bool:
    whole = all(isinstance(each, int) and not isinstance(each, bool) and each >= 0 for each in value)
    return whole and value == sorted(value)
