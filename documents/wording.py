"""How the trail says what was done with documents."""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short

_SAID: Mapping[str, str | Promise] = {
    "begin": gettext_lazy("{actor} began the document {object}"),
    "new version": gettext_lazy("{actor} began version {version} of {object}"),
    "edit": gettext_lazy("{actor} edited version {version} of {object}"),
    "drop": gettext_lazy("{actor} dropped the draft {version} of {object}"),
    "take in": gettext_lazy("{actor} took in a file as version {version} of {object}"),
    "submit": gettext_lazy("{actor} sent version {version} of {object} for review"),
    "withdraw": gettext_lazy("{actor} took version {version} of {object} back from review"),
    "approve": gettext_lazy("{actor} approved version {version} of {object}"),
    "send back": gettext_lazy("{actor} sent version {version} of {object} back"),
    "in force": gettext_lazy("{actor} put version {version} of {object} in force: its day has come"),
    "publish": gettext_lazy("{actor} published version {version} of {object}"),
    "keep paper": gettext_lazy("{actor} kept the PDF of version {version} of {object}"),
    "archive": gettext_lazy("{actor} archived {object}"),
    "bring back": gettext_lazy("{actor} brought {object} back from the archive"),
    "read": gettext_lazy("{actor} read and understood version {version} of {object}"),
    "link evidence": gettext_lazy("{actor} linked evidence to {object}"),
    "unlink evidence": gettext_lazy("{actor} took evidence off {object}"),
    "answer": gettext_lazy("{actor} answered what {object} asks"),
}


def say_document(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with a document."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action in _SAID:
        return phrase(str(_SAID[facts.action]), version=short(facts.after("version")), **values)
    if facts.action == "replace approver":
        gone, instead = facts.pair("approver")
        return phrase(
            _("{actor} asked {instead} in place of {gone} to decide about {object}"),
            instead=short(instead),
            gone=short(gone),
            **values,
        )
    if facts.action == "schedule":
        return phrase(
            _("{actor} published version {version} of {object}, in force from {day}"),
            version=short(facts.after("version")),
            day=day_text(facts.after("effective on")),
            **values,
        )
    if facts.action == "call off":
        return phrase(
            _("{actor} called off that version {version} of {object} comes into force on {day}"),
            version=short(facts.after("version")),
            day=day_text(facts.before("effective on")),
            **values,
        )
    if facts.action == "explain":
        return phrase(_("{actor} explained why {object} stays as it is"), **values)
    if facts.action == "confirm":
        return phrase(
            _("{actor} looked at {object} again and confirmed it until {day}"),
            day=day_text(facts.after("review on")),
            **values,
        )
    if facts.action == "stop asking":
        return phrase(
            _("{actor} asks {reader} no longer to read {object}"), reader=short(facts.before("reader")), **values
        )
    if facts.action == "ask to read":
        return phrase(_("{actor} asked {readers} to read {object}"), readers=short(facts.after("readers")), **values)
    return None


def say_objective(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with an objective."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "set":
        return phrase(_("{actor} set the objective {object}"), **values)
    if facts.action == "measure":
        return phrase(
            _("{actor} wrote {value} for {month} to {object}"),
            value=short(facts.after("value")),
            month=short(facts.after("month")),
            **values,
        )
    if facts.action == "settle":
        return phrase(_("{actor} settled the objective {object}: {state}"), state=short(facts.after("state")), **values)
    return None


_HOUSE: Mapping[tuple[str, str], str | Promise] = {
    ("house style", "set"): gettext_lazy("{actor} set the house style of {object}"),
    ("own template", "add"): gettext_lazy("{actor} added the template {object}"),
    ("own template", "change"): gettext_lazy("{actor} changed the template {object}"),
    ("own template", "stop"): gettext_lazy("{actor} no longer offers the template {object}"),
    ("own template", "offer"): gettext_lazy("{actor} offers the template {object} again"),
}


def _say_house(kind: str) -> Callable[[Facts], tuple[Part, ...] | None]:
    """What was done with what an organization brings along."""

    def say(facts: Facts) -> tuple[Part, ...] | None:
        words = _HOUSE.get((kind, facts.action))
        return phrase(str(words), actor=facts.actor, object=object_name(facts)) if words else None

    return say


def _name(key: str, label: str) -> str:
    return label or key


def register() -> None:
    """Let the trail speak of documents."""
    register_wording("document", say_document, title=gettext_lazy("Document"), name=_name)
    register_wording("objective", say_objective, title=gettext_lazy("Objective"), name=_name)
    for kind, title in (("house style", gettext_lazy("House style")), ("own template", gettext_lazy("Own template"))):
        register_wording(kind, _say_house(kind), title=title, name=_name)
