"""Risks in words: their fields, steps, levels, and how the trail says what was done to them."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short
from businesscase.choices import Impact, Probability, RiskCategory, RiskResponse, RiskState
from businesscase.domain.risks import Level, Trend

LEVEL_WORDS: Mapping[Level, str | Promise] = {
    Level.HIGH: gettext_lazy("High"),
    Level.MEDIUM: gettext_lazy("Medium"),
    Level.LOW: gettext_lazy("Low"),
}
LEVEL_TONES = {Level.HIGH: "bad", Level.MEDIUM: "warn", Level.LOW: ""}
TREND_WORDS: Mapping[Trend, str | Promise] = {
    Trend.RISING: gettext_lazy("rising"),
    Trend.FALLING: gettext_lazy("falling"),
    Trend.STEADY: "",
}
FIELD_TITLES: Mapping[str, str | Promise] = {
    "title": gettext_lazy("what may happen"),
    "category": gettext_lazy("kind"),
    "cause": gettext_lazy("cause"),
    "event": gettext_lazy("event"),
    "effect": gettext_lazy("effect"),
    "probability": gettext_lazy("probability"),
    "impact": gettext_lazy("impact"),
    "response": gettext_lazy("response"),
    "response_text": gettext_lazy("what is done"),
    "response_cost": gettext_lazy("what it costs"),
    "residual_probability": gettext_lazy("probability after that"),
    "residual_impact": gettext_lazy("impact after that"),
    "owner": gettext_lazy("owner"),
    "review_on": gettext_lazy("next look"),
    "challenge": gettext_lazy("challenge"),
}
WHY_FILTERS: Mapping[str, str | Promise] = {
    "attention": gettext_lazy("Needs somebody"),
    "unanswered": gettext_lazy("High, no response"),
    "unowned": gettext_lazy("High, no owner"),
    "owner has left": gettext_lazy("Owner has left"),
    "overdue": gettext_lazy("Overdue for a look"),
    "rising": gettext_lazy("Rising"),
    "new": gettext_lazy("New, no owner"),
    "undated": gettext_lazy("No day for the next look"),
    "not in the costs": gettext_lazy("Response not in the costs"),
}
_LONG = frozenset({"cause", "event", "effect", "response_text"})
_CHOICES: Mapping[str, Any] = {
    "category": RiskCategory,
    "probability": Probability,
    "impact": Impact,
    "residual_probability": Probability,
    "residual_impact": Impact,
    "response": RiskResponse,
}


def value_words(name: str, value: Any) -> str:
    """A value of the field `name`, as the trail keeps it, for a person; "" for none."""
    if value is None or value == "":
        return ""
    if name == "review_on":
        return day_text(value)
    choices = _CHOICES.get(name)
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    return str(value)


def level_words(level: Level, trend: Trend) -> str:
    """The level, and which way it moves: "High, rising"."""
    moves = str(TREND_WORDS[trend])
    return (
        _("%(level)s, %(trend)s") % {"level": LEVEL_WORDS[level], "trend": moves} if moves else str(LEVEL_WORDS[level])
    )


def say_risk(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a risk."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "report":
        return phrase(_("{actor} reported the risk {object}"), **values)
    if facts.action == "review":
        return phrase(
            _("{actor} looked at the risk {object}, which stands as it is; next look {day}"),
            **values,
            day=day_text(facts.after("review_on")),
        )
    if facts.action == "settle":
        template = {
            RiskState.HAPPENED: _("{actor} said that the risk {object} happened"),
            RiskState.CLOSED: _("{actor} closed the risk {object}"),
            RiskState.OPEN: _("{actor} opened the risk {object} again"),
        }[RiskState(facts.after("state"))]
        outcome = facts.after("outcome")
        return (*phrase(template, **values), *(phrase(": {outcome}", outcome=short(outcome)) if outcome else ()))
    if facts.action == "change":
        said = [_change(facts, name) for name in FIELD_TITLES if name in facts.changes]
        parts = [part for number, each in enumerate(said) for part in (Part(", " if number else ": "), *each)]
        return (*phrase(_("{actor} changed the risk {object}"), **values), *parts)
    return None


def _change(facts: Facts, name: str) -> tuple[Part, ...]:
    before, after = (value_words(name, value) for value in facts.pair(name))
    named = Part(str(FIELD_TITLES[name]))
    if name in _LONG:
        template = (
            _("{field} written anew") if before and after else _("{field} emptied") if before else _("{field} written")
        )
        return phrase(template, field=named)
    return phrase(
        _("{field} from {before} to {after}"), field=named, before=short(before or None), after=short(after or None)
    )


def register() -> None:
    """Let the trail speak of risks."""
    register_wording("risk", say_risk, title=gettext_lazy("Risk"), name=lambda key, label: f"{key} {label}")
