"""All that a standing is made of in two queries, however much there is of it.

A page has few queries, a panel of another page two; and eight tables know something about the money of a case. Their
rows are therefore read as one union of equal columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    DecimalField,
    Field,
    FilteredRelation,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from accounts.models import User
from businesscase.choices import APPROVED_STATES, BenefitForm, CaseKind, VersionState
from businesscase.domain.content import BenefitItem, CostItem, Estimate
from businesscase.domain.money import ZERO
from businesscase.domain.months import Month, month_of
from businesscase.domain.outlook import Actuals
from businesscase.models import (
    ActualBenefit,
    ActualCost,
    BenefitLine,
    BusinessCase,
    CaseVersion,
    Condition,
    CostLine,
    PhaseMoney,
)
from phases.models import Phase
from projects.models import Project

IN_FORCE = (*APPROVED_STATES, VersionState.SUBMITTED)
_CASE = tuple(each.attname for each in BusinessCase._meta.concrete_fields)
_VERSION = tuple(each.attname for each in CaseVersion._meta.concrete_fields)


def case_and_versions(project: Project) -> tuple[BusinessCase | None, list[CaseVersion]]:
    """The case for the implementation, and of its versions the one in force and the one that waits. One query."""
    rows = list(
        BusinessCase.objects.filter(project=project, kind=CaseKind.IMPLEMENTATION)
        .annotate(live=FilteredRelation("versions", condition=Q(versions__state__in=IN_FORCE)))
        .order_by("live__number")
        .values(*_CASE, *(f"live__{name}" for name in _VERSION), "live__submitted_by__name")
    )
    if not rows:
        return None, []
    case = BusinessCase(**{name: rows[0][name] for name in _CASE})
    case._state.adding, case.project = False, project
    versions = []
    for row in rows:
        if row["live__id"] is None:
            continue
        version = CaseVersion(**{name: row[f"live__{name}"] for name in _VERSION})
        version._state.adding, version.case, version.project = False, case, project
        if version.submitted_by_id is not None:
            version.submitted_by = User(pk=version.submitted_by_id, name=row["live__submitted_by__name"])
        versions.append(version)
    return case, versions


@dataclass
class Rows:
    """What the union found. `costs` and `benefits` have no words, and are empty unless they were asked for."""

    actuals: Actuals
    phases: list[Phase] = field(default_factory=list)
    money: dict[int, PhaseMoney] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    costs: list[CostItem] = field(default_factory=list)
    benefits: list[BenefitItem] = field(default_factory=list)


_KINDS: dict[str, "Field[Any, Any]"] = {
    "what": CharField(max_length=12),
    "words": TextField(),
    "more": TextField(),
    "number": IntegerField(),
    "start": DateField(),
    "until": DateField(),
    "low": DecimalField(max_digits=14, decimal_places=2),
    "likely": DecimalField(max_digits=14, decimal_places=2),
    "high": DecimalField(max_digits=14, decimal_places=2),
    "rate": DecimalField(max_digits=14, decimal_places=2),
    "one": IntegerField(),
    "other": IntegerField(),
}


def _part(found: "QuerySet[Any]", what: str, **columns: str) -> "QuerySet[Any, Any]":
    """Rows of one table under the columns of the union; a column that is not given is empty."""
    values = {
        f"u_{name}": Cast(columns[name], kind) if name in columns else Cast(Value(None), kind)
        for name, kind in _KINDS.items()
        if name != "what"
    }
    part: QuerySet[Any, Any] = (
        found.order_by()
        .annotate(u_what=Cast(Value(what), _KINDS["what"]), **values)
        .values_list(*(f"u_{name}" for name in _KINDS))
    )
    return part


def rows_of(case: BusinessCase, in_force: CaseVersion | None, *, with_lines: bool = False) -> Rows:
    """What was spent and confirmed, what is settled about phases, the conditions of the version in force; with
    `with_lines` the lines of the draft too, without their words. One query."""
    parts = [
        _part(
            Phase.objects.filter(project=case.project),
            "phase",
            number="number",
            words="state",
            start="start",
            until="end",
        ),
        _part(
            PhaseMoney.objects.filter(case=case),
            "money",
            number="phase_number",
            words="reason",
            more="tolerance",
            low="remaining",
            one="version",
        ),
        _part(ActualCost.objects.filter(case=case), "spent", number="phase_number", start="month", low="amount"),
        _part(
            ActualBenefit.objects.filter(benefit_line__case=case, amount__isnull=False, confirmed_at__isnull=False),
            "confirmed",
            words="benefit_line__ref",
            start="month",
            low="amount",
        ),
    ]
    if in_force is not None:
        parts.append(
            _part(
                Condition.objects.filter(approval__case_version=in_force),
                "condition",
                words="text",
                start="due",
                until="met_on",
                one="pk",
                other="version",
            )
        )
    if with_lines:
        parts += _lines(case)
    return _read(case, parts[0].union(*parts[1:], all=True))


def _lines(case: BusinessCase) -> "list[QuerySet[Any, Any]]":
    points = {"low": "low", "likely": "likely", "high": "high"}
    return [
        _part(
            CostLine.objects.filter(case=case),
            "cost",
            words="ref",
            more="rhythm",
            number="phase_number",
            start="first_month",
            until="last_month",
            rate="day_rate",
            **points,
        ),
        _part(
            BenefitLine.objects.filter(case=case, form=BenefitForm.FIGURES, from_month__isnull=False),
            "benefit",
            words="ref",
            number="phase_number",
            start="from_month",
            until="until_month",
            one="ramp_months",
            other="confidence",
            **points,
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Row:
    what: str
    words: str | None
    more: str | None
    number: int
    start: date | None
    until: date | None
    low: Decimal
    likely: Decimal
    high: Decimal
    rate: Decimal | None
    one: int
    other: int

    @property
    def first(self) -> Month:
        return month_of(self.start) if self.start is not None else 0

    @property
    def last(self) -> Month | None:
        return month_of(self.until) if self.until is not None else None


def _read(case: BusinessCase, found: Iterable[tuple[Any, ...]]) -> Rows:
    spent: dict[tuple[int, Month], Decimal] = {}
    confirmed: dict[tuple[str, Month], Decimal] = {}
    until = month_of(case.actual_until) if case.actual_until is not None else None
    rows = Rows(Actuals(until, spent, confirmed))
    for row in (_Row(*each) for each in found):
        if row.what == "phase":
            rows.phases.append(
                Phase(project=case.project, number=row.number, state=row.words or "", start=row.start, end=row.until)
            )
        elif row.what == "money":
            rows.money[row.number] = PhaseMoney(
                project=case.project,
                case=case,
                phase_number=row.number,
                tolerance=Decimal(row.more or 0),
                remaining=_cents(row.low),
                reason=row.words or "",
                version=row.one,
            )
        elif row.what == "spent":
            key = (row.number, row.first)
            spent[key] = spent.get(key, ZERO) + _sure(row.low)
        elif row.what == "confirmed":
            confirmed[(row.words or "", row.first)] = _sure(row.low)
        elif row.what == "condition":
            rows.conditions.append(
                Condition(
                    project=case.project,
                    pk=row.one,
                    text=row.words or "",
                    due=row.start,
                    met_on=row.until,
                    version=row.other,
                )
            )
        else:
            _read_line(rows, row)
    rows.phases.sort(key=lambda each: each.number)
    rows.conditions.sort(key=lambda each: (each.due is None, each.due or date.max, each.pk))
    return rows


def _read_line(rows: Rows, row: _Row) -> None:
    estimate = Estimate(_sure(row.low), _sure(row.likely), _sure(row.high))
    if row.what == "cost":
        rows.costs.append(
            CostItem(
                ref=row.words or "",
                title="",
                category="",
                phase=row.number,
                rhythm=row.more or "",
                first_month=row.first,
                last_month=row.last,
                estimate=estimate,
                day_rate=_cents(row.rate),
            )
        )
    else:
        rows.benefits.append(
            BenefitItem(
                ref=row.words or "",
                kind="",
                form=BenefitForm.FIGURES,
                title="",
                phase=row.number,
                estimate=estimate,
                from_month=row.first,
                ramp_months=row.one,
                until_month=row.last,
                confidence=Decimal(row.other) / 100,
            )
        )


def _sure(amount: Decimal) -> Decimal:
    return Decimal(amount).quantize(ZERO)


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else _sure(amount)
