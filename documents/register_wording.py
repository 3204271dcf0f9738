"""How the trail says what was done with interfaces, with the communication plan and with competences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, object_name, phrase, register_wording, short
from documents.choices import Effect, InterfaceState, LineState


def say_interface(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with the register of interfaces."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "adopt":
        return phrase(
            _("{actor} took {lines} interfaces over from our model"),
            actor=facts.actor,
            lines=short(facts.after("lines")),
        )
    if facts.action == "add":
        return phrase(_("{actor} added the interface {object}"), **values)
    if facts.action == "change":
        return phrase(_("{actor} changed the interface {object}"), **values)
    if facts.action == "settle":
        words = {
            InterfaceState.AGREED.value: _("{actor} noted that the interface {object} is agreed"),
            InterfaceState.OPEN.value: _("{actor} opened the interface {object} again"),
            InterfaceState.DROPPED.value: _("{actor} dropped the interface {object}"),
        }
        said = words.get(str(facts.after("state")))
        return phrase(said, **values) if said else None
    return None


def say_line(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with the communication and training plan."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "adopt":
        return phrase(
            _("{actor} took {lines} lines of the communication and training plan over from our list"),
            actor=facts.actor,
            lines=short(facts.after("lines")),
        )
    if facts.action == "settle":
        words = {
            LineState.DROPPED.value: _("{actor} dropped {object} from the communication plan"),
            LineState.PLANNED.value: _("{actor} planned {object} of the communication plan again"),
        }
        said = words.get(str(facts.after("state")))
        return phrase(said, **values) if said else None
    if facts.action == "check":
        effect = str(facts.after("effect"))
        label = Effect(effect).label if effect in Effect.values else effect
        return phrase(_("{actor} checked the effect of {object}: {effect}"), effect=str(label), **values)
    words = {
        "add": _("{actor} added {object} to the communication plan"),
        "change": _("{actor} changed {object} in the communication plan"),
        "do": _("{actor} noted that {object} of the communication plan was done"),
    }
    return phrase(words[facts.action], **values) if facts.action in words else None


def say_competence(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with the competence matrix."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "adopt":
        return phrase(
            _("{actor} took {lines} competences over from our model"),
            actor=facts.actor,
            lines=short(facts.after("lines")),
        )
    if facts.action == "need":
        return phrase(
            _("{actor} set what {role} needs of {object}: level {level}"),
            role=short(facts.after("role")),
            level=short(facts.after("level")),
            **values,
        )
    if facts.action == "judge":
        return phrase(
            _("{actor} judged {person} in {object}: level {level}"),
            person=short(facts.after("person")),
            level=short(facts.after("level")),
            **values,
        )
    if facts.action == "add":
        return phrase(_("{actor} added the competence {object}"), **values)
    return None


def _name(key: str, label: str) -> str:
    return label or key


def register() -> None:
    """Let the trail speak of the living registers."""
    register_wording("interface", say_interface, title=gettext_lazy("Interface"), name=_name)
    register_wording("communication line", say_line, title=gettext_lazy("Communication and training"), name=_name)
    register_wording("competence", say_competence, title=gettext_lazy("Competence"), name=_name)
