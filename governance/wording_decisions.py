"""How the trail says what was done with decisions and actions."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short

_DECISION: Mapping[str, str | Promise] = {
    "change": gettext_lazy("{actor} changed what {object} asks"),
    "withdraw": gettext_lazy("{actor} withdrew {object}"),
}
_ACTION: Mapping[str, str | Promise] = {
    "change": gettext_lazy("{actor} changed the action {object}"),
    "finish": gettext_lazy("{actor} finished the action {object}"),
    "take up": gettext_lazy("{actor} took up the action {object} again"),
}
_CHOICES: Mapping[str, str | Promise] = {
    "for": gettext_lazy("{actor} is for {object}"),
    "against": gettext_lazy("{actor} is against {object}"),
    "abstain": gettext_lazy("{actor} abstains from {object}"),
}


def say_decision(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with a decision."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action in _DECISION:
        return phrase(str(_DECISION[facts.action]), **values)
    if facts.action == "ask for":
        if facts.after("reopens"):
            words = _("{actor} asked the committee to reopen {old}: {object}")
            return phrase(words, old=short(facts.after("reopens")), **values)
        return phrase(
            _("{actor} asked the committee for {object}, by {day}"),
            day=day_text(facts.after("decide by")),
            **values,
        )
    if facts.action in ("attach", "detach"):
        item = facts.after("attachment") or facts.before("attachment")
        words = (
            _("{actor} attached {item} to {object}")
            if facts.action == "attach"
            else _("{actor} took {item} off {object}")
        )
        return phrase(words, item=short(item), **values)
    if facts.action == "call":
        return phrase(_("{actor} called {members} to {object}"), members=short(facts.after("members")), **values)
    if facts.action == "vote":
        return phrase(str(_CHOICES.get(str(facts.after("vote")), _("{actor} answered to {object}"))), **values)
    if facts.action == "decide":
        return phrase(
            _("{actor} recorded {object}: {outcome}, by {manner}"),
            outcome=short(facts.after("outcome")),
            manner=short(facts.after("manner")),
            **values,
        )
    return None


def say_action(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with an action of the committee."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action in _ACTION:
        return phrase(str(_ACTION[facts.action]), **values)
    if facts.action == "add":
        return phrase(
            _("{actor} gave the action {object} to {owner}, by {day}"),
            owner=short(facts.after("owner")),
            day=day_text(facts.after("due")),
            **values,
        )
    if facts.action == "drop":
        words = (
            _("{actor} let the condition {object} go")
            if facts.after("condition")
            else _("{actor} dropped the action {object}")
        )
        return phrase(words, **values)
    return None


def _name(key: str, label: str) -> str:
    return f"{key} {label}" if label else key


def register() -> None:
    """Let the trail speak of decisions and actions."""
    register_wording("decision", say_decision, title=gettext_lazy("Decision"), name=_name)
    register_wording("action", say_action, title=gettext_lazy("Action"), name=_name)
