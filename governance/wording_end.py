"""How the trail says what was done about lessons, outcomes and the end of a phase."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audittrail.sentences import Facts, Part, object_name, phrase, register_act_wording, register_wording, short
from governance.choices import Attested, LessonState


def say_lesson(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a lesson."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "capture":
        return phrase(_("{actor} captured lesson {object}"), **values)
    if facts.action == "settle":
        templates = {
            LessonState.OPEN.value: _("{actor} wants {object} to be acted on again"),
            LessonState.APPLIED.value: _("{actor} acted on {object}: {note}"),
            LessonState.NOTED.value: _("{actor} noted {object} with nothing to do: {note}"),
        }
        template = templates.get(str(facts.after("state")))
        return phrase(template, **values, note=short(facts.after("outcome"))) if template else None
    return None


def say_outcome(facts: Facts) -> tuple[Part, ...] | None:
    """What was said of an outcome."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "confirm":
        if facts.after("own work"):
            return phrase(
                _("{actor} confirmed that {object} is reached, which is their own word (very small entity)"), **values
            )
        return phrase(_("{actor} confirmed that {object} is reached"), **values)
    if facts.action == "attest":
        said = str(facts.after("attested"))
        word = str(Attested(said).label).lower() if said in Attested.values else said
        template = _("{actor} attested {object}: {word}")
        if "confirmed" in facts.changes:
            template = _("{actor} attested {object}: {word}. Its confirmation ended")
        return phrase(template, **values, word=word)
    return None


def say_going_on(facts: Facts) -> tuple[Part, ...] | None:
    """That unfinished work goes on."""
    refs = facts.after("activities")
    count = len(refs) if isinstance(refs, list) else 0
    template = ngettext(
        "{actor} let {count} unfinished activity of phase {phase} go on in the next one",
        "{actor} let {count} unfinished activities of phase {phase} go on in the next one",
        count,
    )
    return phrase(template, actor=facts.actor, count=str(count), phase=facts.key)


def _outcome_name(key: str, label: str) -> str:
    code, _at, phase = key.partition("@")
    return _("outcome %(code)s of phase %(phase)s") % {"code": code, "phase": phase}


def register() -> None:
    """Let the trail speak of them."""
    register_wording("lesson", say_lesson, title=gettext_lazy("Lesson learnt"))
    register_wording("outcome", say_outcome, title=gettext_lazy("Outcome of a phase"), name=_outcome_name)
    register_act_wording("let go on", say_going_on)
