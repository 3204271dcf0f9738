"""Whether the values of a row of a case can be stored. Each check gives the values as they are stored, or refuses."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from businesscase.choices import AssumptionKind, BenefitForm, BenefitKind, Category, Grade, Rhythm
from businesscase.domain.money import LARGEST, cents
from businesscase.domain.months import first_day, month_label, month_of
from businesscase.model_fields import month_start
from businesscase.models import BusinessCase, Risk
from common.exceptions import RuleBroken
from common.texts import clean_line, clean_text
from projects.models import Party, Project

MOST_DAYS = Decimal(100_000)
LONGEST_TEXT = 4000

Values = Mapping[str, Any]


def line(values: Values, name: str, most: int, *, needed: str = "") -> str:
    """One line of text, cleaned. `needed` is what is said where it is empty."""
    text = clean_line(str(values.get(name) or ""))
    if not text and needed:
        raise RuleBroken(needed, field=name)
    if len(text) > most:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": most}, field=name)
    return text


def text(values: Values, name: str, most: int = LONGEST_TEXT, *, needed: str = "") -> str:
    """A text of several lines, cleaned."""
    found = clean_text(str(values.get(name) or ""))
    if not found and needed:
        raise RuleBroken(needed, field=name)
    if len(found) > most:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": most}, field=name)
    return found


def choice(values: Values, name: str, choices: Any) -> str:
    """One of `choices`."""
    found = str(values.get(name) or "")
    if found not in choices.values:
        raise RuleBroken(_("Choose one of the list."), field=name)
    return found


def amount(values: Values, name: str, *, most: Decimal = LARGEST) -> Decimal | None:
    """Money or days, zero or more, in cents; None where nothing is given."""
    found = values.get(name)
    if found is None or found == "":
        return None
    if not isinstance(found, Decimal) or not found.is_finite():
        raise RuleBroken(_("This is no number."), field=name)
    if found < 0:
        raise RuleBroken(_("This cannot be below zero."), field=name)
    if found > most:
        raise RuleBroken(_("This is too large. The most is %(most)s.") % {"most": f"{most:,.0f}"}, field=name)
    return cents(found)


def three_points(values: Values, *, most: Decimal = LARGEST) -> dict[str, Decimal]:
    """The three estimates; the outer ones are the likely one where they are not given."""
    likely = amount(values, "likely", most=most)
    if likely is None:
        raise RuleBroken(_("Give the likely figure. The two others may stay empty."), field="likely")
    low, high = amount(values, "low", most=most), amount(values, "high", most=most)
    low, high = likely if low is None else low, likely if high is None else high
    if low > likely:
        raise RuleBroken(_("The low figure lies above the likely one."), field="low")
    if high < likely:
        raise RuleBroken(_("The high figure lies below the likely one."), field="high")
    return {"low": low, "likely": likely, "high": high}


def phase(values: Values) -> int:
    """A phase, 0 to 4."""
    found = values.get("phase_number")
    if not isinstance(found, int) or not 0 <= found <= 4:
        raise RuleBroken(_("Choose a phase from 0 to 4."), field="phase_number")
    return found


def month(case: BusinessCase, values: Values, name: str, *, needed: str = "") -> date | None:
    """The first day of a month within the horizon."""
    found = values.get(name)
    if not isinstance(found, date):
        if needed:
            raise RuleBroken(needed, field=name)
        return None
    first, last = month_of(case.first_month), month_of(case.first_month) + case.months - 1
    if not first <= month_of(found) <= last:
        raise RuleBroken(
            _("%(month)s lies outside the horizon, which goes from %(first)s to %(last)s.")
            % {"month": month_label(month_of(found)), "first": month_label(first), "last": month_label(last)},
            field=name,
        )
    return month_start(found)


def party(project: Project, values: Values, name: str) -> Party | None:
    """A party of the project, or none. Raises Party.DoesNotExist for another project's."""
    found = values.get(name)
    if found is None:
        return None
    if not isinstance(found, Party) or found.project_id != project.pk:
        raise Party.DoesNotExist
    return found


def service(project: Project, values: Values) -> str:
    """A service of the scope, or none."""
    found = line(values, "service", 200)
    if found and found not in project.services:
        raise RuleBroken(_("The scope has no service of this name."), field="service")
    return found


def cost_line(case: BusinessCase, values: Values) -> dict[str, Any]:
    """The values of a cost line."""
    category = choice(values, "category", Category)
    rate = amount(values, "day_rate")
    if category == Category.OWN_PEOPLE and not rate:
        raise RuleBroken(_("Own people are counted in days. Give the rate of a day."), field="day_rate")
    if rate is not None and not rate:
        rate = None
    points = three_points(values, most=LARGEST if rate is None else MOST_DAYS)
    if rate is not None and points["high"] * rate > LARGEST:
        raise RuleBroken(_("Days times rate come to more than can be kept."), field="day_rate")
    first = month(case, values, "first_month", needed=_("Give the month in which it falls due."))
    last = month(case, values, "last_month")
    if first is not None and last is not None and last < first:
        raise RuleBroken(_("The last month lies before the first."), field="last_month")
    risk = values.get("risk")
    if risk is not None and (not isinstance(risk, Risk) or risk.project_id != case.project_id):
        raise Risk.DoesNotExist
    return {
        "title": line(values, "title", 160, needed=_("Say what is paid for.")),
        "category": category,
        "role": line(values, "role", 120),
        "phase_number": 0 if case.is_small else phase(values),
        "rhythm": choice(values, "rhythm", Rhythm),
        "first_month": first,
        "last_month": last,
        **points,
        "day_rate": rate,
        "service": service(case.project, values),
        "source": line(values, "source", 300),
        "risk": risk,
    }


def benefit_line(case: BusinessCase, values: Values) -> dict[str, Any]:
    """The values of a benefit; those of its other form are emptied."""
    kind, form = choice(values, "kind", BenefitKind), choice(values, "form", BenefitForm)
    if kind == BenefitKind.RETURN:
        raise RuleBroken(_("The return on investment is computed from the others. Choose another kind."), field="kind")
    found: dict[str, Any] = {
        "kind": kind,
        "form": form,
        "title": line(values, "title", 160, needed=_("Say what becomes better.")),
        "description": text(values, "description"),
        "phase_number": phase(values),
        "confirmed_by": party(case.project, values, "confirmed_by"),
        "service": service(case.project, values),
        "source": line(values, "source", 300),
    }
    empty = {"low": None, "likely": None, "high": None, "from_month": None, "until_month": None}
    empty |= {"ramp_months": 0, "confidence": 100, "indicator": "", "baseline": "", "target": ""}  # type: ignore[dict-item]  # one value of each field's own type
    return {**empty, **found, **(_in_figures(case, values) if form == BenefitForm.FIGURES else _in_words(values))}


def _in_figures(case: BusinessCase, values: Values) -> dict[str, Any]:
    start = month(case, values, "from_month", needed=_("Give the month from which it comes in."))
    until = month(case, values, "until_month")
    if start is not None and until is not None and until < start:
        raise RuleBroken(_("It ends before it begins."), field="until_month")
    ramp, confidence = values.get("ramp_months") or 0, values.get("confidence")
    if not isinstance(ramp, int) or not 0 <= ramp <= 60:
        raise RuleBroken(_("The ramp-up takes 0 to 60 months."), field="ramp_months")
    confidence = 100 if confidence is None else confidence
    if not isinstance(confidence, int) or not 1 <= confidence <= 100:
        raise RuleBroken(_("Confidence is a percentage from 1 to 100."), field="confidence")
    return {
        **three_points(values),
        "from_month": start,
        "until_month": until,
        "ramp_months": ramp,
        "confidence": confidence,
    }


def _in_words(values: Values) -> dict[str, Any]:
    return {
        "indicator": line(values, "indicator", 200, needed=_("Say by what it will be seen.")),
        "baseline": line(values, "baseline", 120),
        "target": line(values, "target", 120),
    }


def assumption(case: BusinessCase, values: Values) -> dict[str, Any]:
    """The values of an assumption or a constraint."""
    return {
        "kind": choice(values, "kind", AssumptionKind),
        "text": text(values, "text", 1000, needed=_("Say what is assumed, or what cannot be chosen.")),
        "what_if": text(values, "what_if", 1000),
        "check_how": line(values, "check_how", 300),
        "owner": party(case.project, values, "owner"),
    }


def interested_party(_case: BusinessCase, values: Values) -> dict[str, Any]:
    """The values of an interested party."""
    return {
        "name": line(values, "name", 160, needed=_("Say who it is.")),
        "interest": choice(values, "interest", Grade),
        "influence": choice(values, "influence", Grade),
        "wants": text(values, "wants", 1000),
        "involvement": text(values, "involvement", 1000),
    }


def measure(case: BusinessCase, values: Values) -> dict[str, Any]:
    """The values of a measure."""
    return {
        "what": line(values, "what", 200, needed=_("Say what is judged.")),
        "how": text(values, "how", 1000),
        "when": line(values, "when", 120),
        "owner": party(case.project, values, "owner"),
    }


def horizon_months(case: BusinessCase) -> tuple[date, date]:
    """The first days of the first and the last month of the horizon."""
    return case.first_month, first_day(month_of(case.first_month) + case.months - 1)
