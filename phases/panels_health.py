"""Health in words: the level, and each rule that fired with the figure that made it fire."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from phases.choices import HealthLevel
from phases.domain.health import AT_RISK, LATE, ON_TRACK, OVERDUE_DAYS, UNKNOWN, Health, Rule

SHAPES = {ON_TRACK: "health-on-track", AT_RISK: "health-at-risk", LATE: "health-late", UNKNOWN: "health-unknown"}
TONES = {ON_TRACK: "ok", AT_RISK: "warn", LATE: "bad", UNKNOWN: "mute"}


@dataclass(frozen=True, slots=True)
class HealthLine:
    """The health of a project for a page: the rule that decided, and the others that fired."""

    level: str
    word: str
    shape: str
    tone: str
    why: str
    others: tuple[str, ...]


def rule_sentence(rule: Rule) -> str:
    """What a rule saw, as a sentence."""
    if rule.key == "forecast":
        return ngettext(
            "The end of the phase is forecast %(n)d working day after the plan.",
            "The end of the phase is forecast %(n)d working days after the plan.",
            rule.value,
        ) % {"n": rule.value}
    if rule.key == "overdue":
        return _("%(n)d of the %(of)d activities that were due are more than %(days)d days overdue.") % {
            "n": rule.value,
            "of": rule.of,
            "days": OVERDUE_DAYS,
        }
    if rule.key == "blocked":
        return _("The oldest block has lasted %(days)d days.") % {"days": rule.value}
    if rule.key == "unassigned":
        return ngettext(
            "%(n)d activity that nobody is responsible for is due within 30 days.",
            "%(n)d activities that nobody is responsible for are due within 30 days.",
            rule.value,
        ) % {"n": rule.value}
    if rule.key == "silence":
        return _("Nothing was reported for %(days)d days.") % {"days": rule.value}
    return _("The first four weeks say too little.")


def health_line(health: Health) -> HealthLine:
    """`health` for a page."""
    said = tuple(rule_sentence(rule) for rule in health.rules)
    return HealthLine(
        health.level,
        str(HealthLevel(health.level).label),
        SHAPES[health.level],
        TONES[health.level],
        said[0] if said else _("No rule of health fires."),
        said[1:],
    )
