"""What completeness looks at, and no more, in two queries: for pages that show a case's points beside one of them.

The whole draft (`content_of`) takes a query for each table.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from businesscase.domain.content import (
    AssumptionItem,
    BenefitItem,
    CaseContent,
    CostItem,
    Estimate,
    InterestedItem,
    Known,
    MeasureItem,
    PhaseFact,
    RiskItem,
)
from businesscase.domain.months import month_of
from businesscase.models import (
    Assumption,
    BenefitLine,
    BusinessCase,
    CaseSection,
    CostLine,
    InterestedParty,
    Measure,
    Risk,
)
from phases.models import Phase

WIDTH = 6
_NOTHING = Estimate(Decimal(0), Decimal(0), Decimal(0))
# The table, and those of its fields that rules of completeness look at, in the order of the items below.
_LOOKED_AT: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (CaseSection, ("point", "text")),
    (CostLine, ("category", "phase_number", "source")),
    (BenefitLine, ("form", "confirmed_by", "indicator", "target", "kind")),
    (Assumption, ("kind", "check_how")),
    (InterestedParty, ("involvement",)),
    (Measure, ("owner", "when")),
)
_OF_RISKS = ("category", "state", "probability", "impact", "response", "owner")


def outline_of(case: BusinessCase) -> CaseContent:
    """A content that `completeness.states_of` judges as it judges the draft; its items hold nothing else."""
    found = _facts(case)
    project = case.project
    first = month_of(case.first_month)
    return CaseContent(
        kind=case.kind,
        currency=project.currency,
        first_month=first,
        months=case.months,
        discount_rate=case.discount_rate.normalize(),
        conformity=case.conformity,
        sections={point: text for point, text, *_rest in found[CaseSection] if text.strip()},
        costs=tuple(
            CostItem("", "", category, int(phase), "once", first, None, _NOTHING, source=source)
            for category, phase, source, *_rest in found[CostLine]
        ),
        benefits=tuple(
            BenefitItem("", kind, form, "", 0, confirmed_by=by, indicator=indicator, target=target)
            for form, by, indicator, target, kind, *_rest in found[BenefitLine]
        ),
        assumptions=tuple(AssumptionItem("", kind, "", check=check) for kind, check, *_rest in found[Assumption]),
        interested=tuple(InterestedItem("", "", "", "", involvement=how) for how, *_rest in found[InterestedParty]),
        measures=tuple(MeasureItem("", "", when=when, owner=owner) for owner, when, *_rest in found[Measure]),
        risks=tuple(
            RiskItem("", "", category, "", "", "", int(odds), int(impact), state, response=response, owner=owner)
            for category, state, odds, impact, response, owner in found[Risk]
        ),
        services=tuple(str(each) for each in project.services),
        known=Known(
            project=project.name,
            organization=project.organization.name,
            scope="" if project.scope_is_missing else project.scope_statement,
            edition=project.edition,
            phases=tuple(
                PhaseFact(
                    phase.number,
                    str(phase.name),
                    phase.start.isoformat() if phase.start else "",
                    phase.end.isoformat() if phase.end else "",
                )
                for phase in Phase.objects.filter(project=project)
            ),
        ),
    )


def _facts(case: BusinessCase) -> dict[type[Model], list[tuple[str, ...]]]:
    """The rows of all tables in one query, by table."""
    parts = [
        _as_text(model._default_manager.filter(case=case), str(place), names)
        for place, (model, names) in enumerate(_LOOKED_AT)
    ]
    if not case.is_small:
        parts.append(_as_text(Risk.objects.filter(project=case.project), str(len(_LOOKED_AT)), _OF_RISKS))
    models: list[type[Model]] = [*(model for model, _names in _LOOKED_AT), Risk]
    found: dict[type[Model], list[tuple[str, ...]]] = defaultdict(list)
    # union_all keeps rows that look alike: two costs of one category are two costs.
    for place, *texts in parts[0].union(*parts[1:], all=True):
        found[models[int(place)]].append(tuple(texts))
    return found


def _as_text(rows: QuerySet[Any], place: str, names: tuple[str, ...]) -> QuerySet[Any, Any]:
    columns: list[Any] = [Coalesce(Cast(F(name), TextField()), Value("", TextField())) for name in names]
    columns += [Value("", TextField())] * (WIDTH - len(names))
    return rows.order_by().values_list(Value(place, CharField()), *columns)
