"""How the trail says that a baseline was taken."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, object_name, phrase, register_wording


def baseline_name(key: str, label: str) -> str:
    """`1` as "B1 Start of phase 1"."""
    return f"B{key} {label}".strip()


def say_baseline(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a baseline; nothing but its taking can be."""
    if facts.action != "take baseline":
        return None
    return phrase(
        _("{actor} took the baseline {object} of {count} activities"),
        actor=facts.actor,
        object=object_name(facts),
        count=str(facts.after("activities")),
    )


def register() -> None:
    """Let the trail speak of baselines."""
    register_wording("baseline", say_baseline, title=gettext_lazy("Baseline"), name=baseline_name)
