"""How the trail says what was done with reviews, improvements and risks to the SMS."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short

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


def say_sms_risk(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with a risk to the SMS."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "keep":
        if facts.after("from"):
            words = gettext("{actor} took the risk {old} over as {object}")
            return phrase(words, old=short(facts.after("from")), **values)
        return phrase(gettext("{actor} put {object} on the register of the SMS"), **values)
    if facts.action == "change":
        words = (
            gettext("{actor} changed {object}, whose acceptance ended")
            if facts.after("acceptance ended")
            else gettext("{actor} changed {object}")
        )
        return phrase(words, **values)
    if facts.action == "accept":
        return phrase(
            gettext("{actor} accepted what is left of {object}: {level}"), level=short(facts.after("left")), **values
        )
    if facts.action == "look":
        return phrase(
            gettext("{actor} looked at {object}, which stands as it is; next look {day}"),
            day=day_text(facts.after("review_on")),
            **values,
        )
    if facts.action == "settle":
        words = {
            "open": gettext("{actor} opened {object} again"),
            "happened": gettext("{actor} said that {object} happened"),
        }.get(str(facts.after("state")), gettext("{actor} closed {object}"))
        return phrase(words, **values)
    return None


_REVIEW: Mapping[str, str | Promise] = {
    "change": gettext_lazy("{actor} changed when, where or with whom {object} is held"),
    "cancel": gettext_lazy("{actor} cancelled {object}"),
    "gather": gettext_lazy("{actor} gathered what the system knows for {object}"),
    "conclude": gettext_lazy("{actor} wrote what {object} concludes"),
    "take back": gettext_lazy("{actor} took an outcome of {object} back"),
}


def say_review(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with a management review."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action in _REVIEW:
        return phrase(str(_REVIEW[facts.action]), **values)
    if facts.action == "plan":
        return phrase(gettext("{actor} planned {object} for {day}"), day=day_text(facts.after("held on")), **values)
    if facts.action == "hold":
        there = facts.after("there")
        names = ", ".join(str(each) for each in there) if isinstance(there, list) else ""
        return phrase(gettext("{actor} noted who was at {object}: {names}"), names=short(names), **values)
    if facts.action == "treat":
        words = (
            gettext("{actor} treated an input of {object}: {input}")
            if facts.after("treated")
            else gettext("{actor} wrote about an input of {object}: {input}")
        )
        return phrase(words, input=short(facts.after("input")), **values)
    if facts.action == "output":
        return phrase(
            gettext("{actor} wrote down what {object} brings about: {text}"), text=short(facts.after("text")), **values
        )
    if facts.action == "approve":
        words = (
            gettext("{actor} approved the minutes of {object}, which is their own work (very small entity)")
            if facts.after("own work")
            else gettext("{actor} approved the minutes of {object}")
        )
        return phrase(words, **values)
    return None


def _review_name(key: str, _label: str) -> str:
    return gettext("management review %(ref)s") % {"ref": key}


def _name(key: str, label: str) -> str:
    return f"{key} {short(label)}" if label else key


def register() -> None:
    """Let the trail speak of them."""
    register_wording("improvement", say_improvement, title=gettext_lazy("Improvement"), name=_name)
    register_wording("sms risk", say_sms_risk, title=gettext_lazy("Risk to the SMS"), name=_name)
    register_wording("management review", say_review, title=gettext_lazy("Management review"), name=_review_name)
