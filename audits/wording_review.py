"""How the trail says what was done with reviews, improvements and risks to the SMS."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, object_name, phrase, register_wording, short

_IMPROVEMENT: Mapping[str, str | Promise] = {
    "propose": gettext_lazy("{actor} proposed the improvement {object}"),
    "change": gettext_lazy("{actor} changed the improvement {object}"),
    "approve": gettext_lazy("{actor} approved the improvement {object}"),
    "begin": gettext_lazy("{actor} began with the improvement {object}"),
    "finish": gettext_lazy("{actor} finished the improvement {object}"),
    "reject": gettext_lazy("{actor} let the improvement {object} go"),
    "take up": gettext_lazy("{actor} took up the improvement {object} again"),
}


def say_improvement(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with an improvement."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action in _IMPROVEMENT:
        return phrase(str(_IMPROVEMENT[facts.action]), **values)
    if facts.action == "measure":
        reached = facts.after("reached")
        words = {
            True: gettext_lazy("{actor} measured what {object} brought: its target is reached"),
            False: gettext_lazy("{actor} measured what {object} brought: its target is not reached"),
        }.get(reached, gettext_lazy("{actor} said what {object} brought"))
        return phrase(str(words), **values)
    return None


def _name(key: str, label: str) -> str:
    return f"{key} {short(label)}" if label else key


def register() -> None:
    """Let the trail speak of them."""
    register_wording("improvement", say_improvement, title=gettext_lazy("Improvement"), name=_name)
