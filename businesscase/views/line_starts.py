"""What a new line starts from (a category, a typical line of the guide), and the guide that stands beside its form."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import BadRequest

from businesscase import guide
from businesscase.choices import AssumptionKind, BenefitForm, BenefitKind, Category, Grade, Rhythm
from businesscase.domain.months import first_day, month_of
from businesscase.models import CostLine
from businesscase.views.case_pages import CasePage
from common.query import choice, whole_number

Asked = Mapping[str, str]
T = TypeVar("T")
ASKED = ("category", "kind", "typical", "phase", "what")


def _typical(asked: Asked, rows: Sequence[T]) -> T | None:
    """The row of the guide that `typical` counts to (1 is the first). Raises BadRequest where there is none."""
    number = whole_number("typical", asked.get("typical", ""))
    if number is None:
        return None
    if not 1 <= number <= len(rows):
        raise BadRequest("typical has no such row")
    return rows[number - 1]


def _links(rows: Sequence[T], title: str, url: str, **more: str) -> list[dict[str, Any]]:
    return [
        {"row": row, "title": getattr(row, title), "url": f"{url}?{urlencode({**more, 'typical': number})}"}
        for number, row in enumerate(rows, start=1)
    ]


def _category(asked: Asked) -> guide.CostGuide:
    key = choice("category", asked.get("category", ""), Category.values) or Category.OWN_PEOPLE.value
    return next(each for each in guide.costs().categories if each.key == key)


def _phase(page: CasePage, asked: Asked, usual: int) -> int:
    found = whole_number("phase", asked.get("phase", ""))
    if found is not None and found > 4:
        raise BadRequest("phase has no such value")
    return usual if found is None else found


def _month_of_phase(page: CasePage, phase: int) -> Any:
    """The first month of a phase, or the nearest of the horizon."""
    first, last = month_of(page.case.first_month), month_of(page.case.first_month) + page.case.months - 1
    starts = {each.number: each.start for each in page.outline.known.phases}
    start = starts.get(phase, "")
    wanted = int(start[:4]) * 12 + int(start[5:7]) - 1 if start else first
    return first_day(min(max(wanted, first), last))


def cost_start(page: CasePage, asked: Asked) -> dict[str, Any]:
    """A cost of the category that was asked for, after a typical line, with the day rate that was used last."""
    category = _category(asked)
    typical = _typical(asked, category.typical)
    phase = _phase(page, asked, 0 if page.is_small else typical.phase if typical else 1)
    in_days = category.key == Category.OWN_PEOPLE
    return {
        "category": category.key,
        "title": typical.title if typical else "",
        "rhythm": typical.rhythm if typical else Rhythm.ONCE,
        "phase_number": phase,
        "first_month": _month_of_phase(page, phase),
        "day_rate": _last_rate(page) if in_days else None,
    }


def _last_rate(page: CasePage) -> Any:
    rows = CostLine.objects.filter(case=page.case, category=Category.OWN_PEOPLE).order_by("-pk")
    return rows.values_list("day_rate", flat=True).first()


def cost_guide(page: CasePage, asked: Asked) -> dict[str, Any]:
    """What is forgotten, typical lines with their ranges, where figures come from."""
    category = _category(asked)
    costs = guide.costs()
    url = page.url("line_new", "cost")
    return {
        "aside": "businesscase/_guide_cost.html",
        "category": category,
        "note": costs.note,
        "sizes": costs.sizes,
        "typical": _links(category.typical, "title", url, category=category.key),
        "chosen": _typical(asked, category.typical),
    }


def _benefit_kind(asked: Asked) -> guide.BenefitGuide:
    kinds = [value for value in BenefitKind.values if value != BenefitKind.RETURN]
    return guide.benefits()[choice("kind", asked.get("kind", ""), kinds) or BenefitKind.SERVICES]


def benefit_start(page: CasePage, asked: Asked) -> dict[str, Any]:
    """A benefit of the kind that was asked for."""
    phase = _phase(page, asked, 1)
    return {
        "kind": _benefit_kind(asked).key,
        "form": BenefitForm.FIGURES,
        "phase_number": phase,
        "from_month": _month_of_phase(page, min(phase + 1, 4)),
        "ramp_months": 0,
        "confidence": 80,
    }


def benefit_guide(page: CasePage, asked: Asked) -> dict[str, Any]:
    """How such a benefit is counted, and how it looks in words."""
    kinds = [each for key, each in guide.benefits().items() if key != BenefitKind.RETURN]
    return {
        "aside": "businesscase/_guide_benefit.html",
        "kind_guide": _benefit_kind(asked) if asked.get("kind") else None,
        "kinds": kinds,
        "steps": guide.scales().confidence,
    }


def _assumption_kind(asked: Asked) -> str:
    return choice("kind", asked.get("kind", ""), AssumptionKind.values) or AssumptionKind.ASSUMPTION.value


def _assumptions(kind: str) -> Sequence[guide.TypicalAssumption]:
    found = guide.assumptions()
    return found.constraints if kind == AssumptionKind.CONSTRAINT else found.assumptions


def assumption_start(page: CasePage, asked: Asked) -> dict[str, Any]:
    """An assumption or a constraint, after a typical one."""
    kind = _assumption_kind(asked)
    typical = _typical(asked, _assumptions(kind))
    if typical is None:
        return {"kind": kind}
    return {"kind": kind, "text": typical.text, "what_if": typical.what_if, "check_how": typical.check}


def assumption_guide(page: CasePage, asked: Asked) -> dict[str, Any]:
    """Typical ones, to begin from."""
    kind = _assumption_kind(asked)
    return {
        "aside": "businesscase/_guide_typical.html",
        "typical": _links(_assumptions(kind), "text", page.url("line_new", "assumption"), kind=kind),
    }


def interested_start(page: CasePage, asked: Asked) -> dict[str, Any]:
    """An interested party, after a typical one."""
    typical = _typical(asked, list(guide.interested_parties().values()))
    if typical is None:
        return {"interest": Grade.MEDIUM, "influence": Grade.MEDIUM}
    return {
        "name": typical.title,
        "interest": typical.interest,
        "influence": typical.influence,
        "wants": f"{typical.wants}\n{typical.fears}",
        "involvement": typical.involve,
    }


def interested_guide(page: CasePage, asked: Asked) -> dict[str, Any]:
    """Typical ones, and what the steps of interest and influence mean."""
    return {
        "aside": "businesscase/_guide_typical.html",
        "typical": _links(list(guide.interested_parties().values()), "title", page.url("line_new", "interested-party")),
        "scales": guide.scales(),
    }


def measure_start(page: CasePage, asked: Asked) -> dict[str, Any]:
    """A measure for the benefit that was asked for."""
    return {"what": asked.get("what", "")}


def measure_guide(page: CasePage, asked: Asked) -> dict[str, Any]:
    """Nothing but the help of the point."""
    return {}
