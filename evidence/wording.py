"""How the trail says what was done with evidence."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short

_SAID: Mapping[str, str | Promise] = {
    "add": gettext_lazy("{actor} added the evidence {object}"),
    "revise": gettext_lazy("{actor} added a newer revision of {object}"),
    "withdraw": gettext_lazy("{actor} withdrew {object}"),
    "hold": gettext_lazy("{actor} put {object} under legal hold"),
    "lift hold": gettext_lazy("{actor} lifted the legal hold of {object}"),
    "dispose": gettext_lazy("{actor} disposed of {object}"),
}


def say_evidence(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with an item."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action in _SAID:
        return phrase(str(_SAID[facts.action]), **values)
    if facts.action == "prove":
        proves = facts.after("shown for") or facts.after("clause")
        return phrase(_("{actor} linked {object} to {proves}"), **values, proves=short(proves))
    if facts.action == "no longer prove":
        return phrase(_("{actor} took {object} off {proves}"), **values, proves=short(facts.pair("shown for")[0]))
    return None


def say_many(facts: Facts, count: int) -> tuple[Part, ...] | None:
    """The same done with several items."""
    templates = {
        "add": ngettext("{actor} added {count} item of evidence", "{actor} added {count} items of evidence", count),
        "dispose": ngettext(
            "{actor} disposed of {count} item of evidence", "{actor} disposed of {count} items of evidence", count
        ),
        "prove": ngettext("{actor} linked {count} item of evidence", "{actor} linked {count} items of evidence", count),
    }
    template = templates.get(facts.action)
    return phrase(template, actor=facts.actor, count=str(count)) if template else None


def say_request(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with a request."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "ask for evidence":
        return phrase(
            _("{actor} asked {name} for evidence by {day}: {object}"),
            **values,
            name=short(facts.after("of")),
            day=day_text(facts.after("due")),
        )
    templates = {
        "given": _("{actor} gave {item} for {object}"),
        "accepted": _("{actor} accepted {item} for {object}"),
        "sent back": _("{actor} sent {item} back for {object}"),
        "cancelled": _("{actor} took back the request {object}"),
    }
    template = templates.get(facts.after("state"))
    if template is None:
        return None
    return phrase(template, **values, item=short(facts.after("item")))


def say_rules(facts: Facts) -> tuple[Part, ...] | None:
    """That the rules were changed; the table beneath says how."""
    if facts.action == "change":
        return phrase(_("{actor} changed the rules of evidence"), actor=facts.actor)
    return None


def _name(key: str, label: str) -> str:
    return f"{key} {label}" if label else key


def register() -> None:
    """Let the trail speak of evidence."""
    register_wording("evidence", say_evidence, title=gettext_lazy("Evidence"), name=_name, say_many=say_many)
    register_wording("evidence request", say_request, title=gettext_lazy("Request for evidence"), name=_name)
    register_wording(
        "evidence rules",
        say_rules,
        title=gettext_lazy("Rules of evidence"),
        name=lambda _key, _label: "",
    )
