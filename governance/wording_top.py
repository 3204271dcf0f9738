"""How the trail says what top management said of its commitment."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, object_name, phrase, register_wording


def say_commitment(facts: Facts) -> tuple[Part, ...] | None:
    """Words of top management on one point."""
    if facts.action != "say":
        return None
    return phrase(_("{actor} said how top management keeps to {object}"), actor=facts.actor, object=object_name(facts))


def register() -> None:
    """Let the trail speak of it."""
    register_wording("commitment", say_commitment, title=gettext_lazy("Commitment of top management"))
