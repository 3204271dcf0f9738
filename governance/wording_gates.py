"""How the trail says what was done to gates and their criteria."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording

_ACTS: Mapping[str, str | Promise] = {
    "waive": gettext_lazy("{actor} waived at {gate}: {object}"),
    "end waiver": gettext_lazy("{actor} asked again at {gate} for: {object}"),
}


def say_criterion(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a criterion of a gate."""
    values = {"actor": facts.actor, "object": object_name(facts), "gate": facts.key.partition("/")[0]}
    if facts.action in _ACTS:
        return phrase(str(_ACTS[facts.action]), **values)
    if facts.action == "attest":
        holds = _("{actor} attested at {gate}: {object}")
        return phrase(
            holds if facts.after("holds") else _("{actor} said at {gate} that this does not hold: {object}"), **values
        )
    if facts.action == "set rule":
        if facts.after("used") is False:
            return phrase(_("{actor} left out at {gate}: {object}"), **values)
        limit = facts.after("threshold")
        if limit is not None:
            return phrase(_("{actor} set the threshold at {gate} to {limit}: {object}"), limit=str(limit), **values)
        return phrase(_("{actor} asks at {gate} as usual for: {object}"), **values)
    return None


def say_gate(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a gate."""
    if facts.action != "plan":
        return None
    after = facts.after("planned for")
    if not after:
        return phrase(_("{actor} took the planned day from {object}"), actor=facts.actor, object=object_name(facts))
    return phrase(
        _("{actor} planned {object} for {day}"), actor=facts.actor, object=object_name(facts), day=day_text(after)
    )


def register() -> None:
    """Register them."""
    register_wording("gate criterion", say_criterion, title=gettext_lazy("Criterion of a gate"))
    register_wording("gate", say_gate, title=gettext_lazy("Gate"))
