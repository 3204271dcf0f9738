"""How a case stands, in words."""

from dataclasses import dataclass

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.charts import Unit, unit_for
from businesscase.domain.content import CaseContent
from businesscase.domain.outlook import Bounds, PhaseOutlook
from businesscase.selectors.standing import Health, Standing
from businesscase.templatetags.case_ui import month, percent

SHAPES = {
    Health.UNKNOWN: "health-unknown",
    Health.ON_TRACK: "health-on-track",
    Health.AT_RISK: "health-at-risk",
    Health.OFF_TRACK: "health-late",
}
TONES = {Health.UNKNOWN: "mute", Health.ON_TRACK: "ok", Health.AT_RISK: "warn", Health.OFF_TRACK: "bad"}


@dataclass(frozen=True, slots=True)
class HealthWords:
    """The health of a case for a page: a word, the sentence that matters, and what else is to be known."""

    word: str
    shape: str
    tone: str
    first: str
    rest: tuple[str, ...]


def health_words(found: Standing) -> HealthWords:
    """The first thing on the page of a case."""
    health = found.health
    return HealthWords(_word(found), SHAPES[health], TONES[health], _first(found), tuple(_rest(found)))


def _word(found: Standing) -> str:
    if found.health == Health.OFF_TRACK:
        return _("Off track") if found.pays else _("No longer pays")
    if found.health == Health.AT_RISK:
        return _("At risk")
    if found.health == Health.ON_TRACK:
        return _("On track")
    if found.waiting is not None:
        return _("To be decided")
    return _("Draft") if found.approved is None else _("Not known yet")


def _first(found: Standing) -> str:
    unit = unit_for(found.now, found.content.currency)
    if not found.now.cost and not found.now.benefit:
        return _("The case has no costs and no benefits in figures yet, so it cannot say whether it pays.")
    if not found.now.benefit:
        return _(
            "The case counts costs only, %(cost)s %(unit)s. With benefits in figures it can say whether it pays."
        ) % {"cost": unit.say(found.now.cost), "unit": unit.word}
    if not found.now.cost:
        return _("The case counts benefits only. With costs it can say whether it pays.")
    return _approved_first(found, unit) if found.then is not None else _draft_first(found, unit)


def _draft_first(found: Standing, unit: Unit) -> str:
    values = {"cost": unit.say(found.now.cost), "unit": unit.word, **_back(found, unit)}
    if found.pays and found.payback is not None:
        return _("As it stands, the case pays: %(cost)s %(unit)s to spend, back in %(month)s.") % values
    if found.pays:
        return _("As it stands, the case is worth more than it costs, but has not paid back by %(end)s.") % values
    return _("As it stands, the case does not pay by %(end)s: it is worth %(npv)s %(unit)s.") % values


def _back(found: Standing, unit: Unit) -> dict[str, str]:
    return {
        "month": month(found.payback),
        "end": month(found.content.last_month),
        "npv": unit.say(found.now.npv),
    }


def _approved_first(found: Standing, unit: Unit) -> str:
    values = {"unit": unit.word, **_back(found, unit), "then": unit.say(found.then.npv) if found.then else ""}
    if not found.pays:
        return _("The case no longer pays by %(end)s: it is worth %(npv)s %(unit)s, %(then)s were approved.") % values
    values["spend"] = _spend(found, unit)
    if found.payback is None:
        return _("The case is worth more than it costs, but no longer pays back by %(end)s: %(spend)s.") % values
    return _("The case still pays, %(when)s: %(spend)s, back in %(month)s.") % {**values, "when": _when(found)}


def _when(found: Standing) -> str:
    later = found.months_later
    if not later:
        return _("as approved") if later == 0 else _("and pays back now")
    text = (
        ngettext("%(count)d month later than approved", "%(count)d months later than approved", later)
        if later > 0
        else ngettext("%(count)d month earlier than approved", "%(count)d months earlier than approved", -later)
    )
    return text % {"count": abs(later)}


def _spend(found: Standing, unit: Unit) -> str:
    values = {"now": unit.say(found.to_implement), "then": unit.say(found.to_implement_as_approved), "unit": unit.word}
    if values["now"] == values["then"]:
        return _("%(now)s %(unit)s to implement") % values
    return _("%(now)s instead of %(then)s %(unit)s to implement") % values


def _rest(found: Standing) -> list[str]:
    said = [phase_words(found, each) for each in (*found.beyond, *found.near)]
    overdue = len(found.overdue_conditions)
    if overdue:
        said.append(
            ngettext(
                "%(count)d condition of the approval is overdue.",
                "%(count)d conditions of the approval are overdue.",
                overdue,
            )
            % {"count": overdue}
        )
    if found.waiting is not None:
        said.append(
            _("Version %(number)d waits for a decision until %(day)s.")
            % {"number": found.waiting.number, "day": dateformat.format(found.waiting.decide_by, "j M Y")}
        )
    elif found.approved is None:
        said.append(_("Nobody has approved it yet."))
    return said


def phase_words(found: Standing, each: PhaseOutlook) -> str:
    """How near its tolerance a phase is, or how far beyond, and why."""
    if each.share is None:
        text = _("Phase %(phase)d costs money for which none was approved.") % {"phase": each.phase}
    elif each.bounds == Bounds.NEAR:
        return _("Phase %(phase)d costs %(share)s more than approved; %(tolerance)s are tolerated.") % {
            "phase": each.phase,
            "share": percent(each.share, 1),
            "tolerance": percent(each.tolerance),
        }
    else:
        text = _("Phase %(phase)d costs %(share)s more than approved, beyond the %(tolerance)s that are tolerated.") % {
            "phase": each.phase,
            "share": percent(each.share, 1),
            "tolerance": percent(each.tolerance),
        }
    reason = found.reasons.get(each.phase, "")
    return f"{text} {reason}" if reason else f"{text} " + _("Nobody has said why.")


def horizon_words(content: CaseContent) -> str:
    """How long the horizon is: "5 years", or in months where it is no whole number of years."""
    years, rest = divmod(content.months, 12)
    if rest or not years:
        return ngettext("%(count)d month", "%(count)d months", content.months) % {"count": content.months}
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
