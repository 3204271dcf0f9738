"""What a business case says, as one value: the draft is read into it from rows, a version is kept as it.

Months are numbers (`months.Month`), money and days are `Decimal`, rates and shares are fractions (0.06 is six
percent). Every item has a `ref` that it keeps from version to version, so that versions can be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from businesscase.domain.months import Month

SCHEMA = 1
T = TypeVar("T")


class Scenario(StrEnum):
    """Which of the three estimates counts: `LOW` is the cautious one, with costs high and benefits low."""

    LOW = "low"
    LIKELY = "likely"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Three points of one figure, as it was estimated: the smallest, the likely and the largest."""

    low: Decimal
    likely: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class CostItem:
    """A line of cost. With `day_rate` the estimate is in days, else in money.

    `rhythm` once: the amount is spread evenly from `first_month` to `last_month` (without one, all in the first
    month). Otherwise the amount falls due in `first_month` and every 1, 3 or 12 months until `last_month` (without
    one, until the horizon ends).
    """

    ref: str
    title: str
    category: str
    phase: int
    rhythm: str
    first_month: Month
    last_month: Month | None
    estimate: Estimate
    day_rate: Decimal | None = None
    role: str = ""
    service: str = ""
    source: str = ""
    risk: str = ""


@dataclass(frozen=True, slots=True)
class BenefitItem:
    """A benefit, in money a month (`estimate`) or in words with an indicator.

    It begins in `from_month`, grows evenly over `ramp_months` months until it is whole, and ends after `until_month`
    (without one, with the horizon). `confidence` is the share of it that is counted.
    """

    ref: str
    kind: str
    form: str
    title: str
    phase: int
    description: str = ""
    estimate: Estimate | None = None
    from_month: Month | None = None
    ramp_months: int = 0
    until_month: Month | None = None
    confidence: Decimal = Decimal(1)
    service: str = ""
    source: str = ""
    confirmed_by: str = ""
    indicator: str = ""
    baseline: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class AssumptionItem:
    """An assumption or a constraint."""

    ref: str
    kind: str
    text: str
    what_if: str = ""
    check: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class InterestedItem:
    """Somebody who is affected or has a say."""

    ref: str
    name: str
    interest: str
    influence: str
    wants: str = ""
    involvement: str = ""


@dataclass(frozen=True, slots=True)
class MeasureItem:
    """How one cost or benefit will be judged once the SMS runs."""

    ref: str
    what: str
    how: str = ""
    when: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class RiskItem:
    """A risk of the register, as it stood. Probability and impact go from 1 to 4."""

    ref: str
    title: str
    category: str
    cause: str
    event: str
    effect: str
    probability: int
    impact: int
    state: str
    response: str = ""
    response_text: str = ""
    response_cost: Decimal | None = None
    owner: str = ""
    residual_probability: int | None = None
    residual_impact: int | None = None


@dataclass(frozen=True, slots=True)
class PhaseFact:
    """A phase of the plan: when it runs, as `YYYY-MM-DD` or "", and what the group that oversees it tolerates."""

    number: int
    name: str
    start: str = ""
    end: str = ""
    tolerance: Decimal = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Known:
    """What the project itself says, taken along so that a version can be read alone.

    `asked` to `gaps` come from the latest gap analysis: how many requirements were asked about, how many conform, the
    gaps, and the heaviest of them in words.
    """

    project: str = ""
    organization: str = ""
    scope: str = ""
    edition: str = ""
    phases: tuple[PhaseFact, ...] = ()
    assessment: str = ""
    asked: int = 0
    conform: int = 0
    minor_gaps: int = 0
    major_gaps: int = 0
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseContent:
    """All that a business case says. `sections` hold Markdown by point (a to l, or of the small case)."""

    kind: str
    currency: str
    first_month: Month
    months: int
    discount_rate: Decimal
    title: str = ""
    conformity: str = "open"
    sections: dict[str, str] = field(default_factory=dict)
    costs: tuple[CostItem, ...] = ()
    benefits: tuple[BenefitItem, ...] = ()
    assumptions: tuple[AssumptionItem, ...] = ()
    interested: tuple[InterestedItem, ...] = ()
    measures: tuple[MeasureItem, ...] = ()
    risks: tuple[RiskItem, ...] = ()
    services: tuple[str, ...] = ()
    known: Known = field(default_factory=Known)

    @property
    def last_month(self) -> Month:
        """The last month of the horizon."""
        return self.first_month + self.months - 1


def to_plain(value: Any) -> Any:
    """`value` as JSON holds it: decimals as strings, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: to_plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(each) for each in value]
    return value


def content_to_plain(content: CaseContent) -> dict[str, Any]:
    """What is stored of a version, and hashed."""
    return {"schema": SCHEMA, **to_plain(content)}


def content_from_plain(plain: Mapping[str, Any]) -> CaseContent:
    """The content that was stored. Raises ValueError for a schema that is not known."""
    if plain.get("schema") != SCHEMA:
        raise ValueError(f"business case content of schema {plain.get('schema')}")
    return from_plain(CaseContent, plain)


def from_plain(kind: type[T], plain: Mapping[str, Any]) -> T:
    """A dataclass read back from `to_plain`. Names that it does not know are passed over."""
    hints = get_type_hints(kind)
    return kind(**{name: _read(hint, plain[name]) for name, hint in hints.items() if name in plain})


def _read(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) is UnionType:
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    if hint is Decimal:
        return Decimal(value)
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], each) for each in value)
    if get_origin(hint) is dict:
        return dict(value)
    if is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, value)
    return value
