"""How the trail says that a plan was tailored."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audittrail.sentences import Facts, Part, object_name, phrase, register_act_wording
from phases.selectors.tailoring import (
    ADD_OWN,
    ADD_PART,
    ADD_PHASE,
    BE_PART,
    CHANGE_OWN,
    CREATE_OWN,
    JOIN,
    MOVE_ROW,
    REMOVE_OWN,
    REMOVE_ROW,
    SPLIT_UP,
)
from phases.wording import many_wordings


def say_placed(facts: Facts) -> tuple[Part, ...] | None:
    """A row that came into the plan or went out of it."""
    templates = {
        ADD_PHASE: _("{actor} added {object} to the plan"),
        ADD_OWN: _("{actor} added {object}, an activity of the plan's own"),
        ADD_PART: _("{actor} added {object}, a part of a split activity"),
        REMOVE_ROW: _("{actor} took {object} out of the plan again"),
    }
    return phrase(templates[facts.action], actor=facts.actor, object=object_name(facts))


def say_moved(facts: Facts) -> tuple[Part, ...] | None:
    """A row that went to another phase."""
    return phrase(
        _("{actor} moved {object} to phase {after}"),
        actor=facts.actor,
        object=facts.key.rpartition("@")[0],
        after=str(facts.after("phase")),
    )


def say_activity(facts: Facts) -> tuple[Part, ...] | None:
    """An activity of the plan's own, or one that was split or joined."""
    templates = {
        CREATE_OWN: _("{actor} made {object}, an activity of the plan's own"),
        CHANGE_OWN: _("{actor} changed {object}, an activity of the plan's own"),
        REMOVE_OWN: _("{actor} took {object}, an activity of the plan's own, out of the plan again"),
        JOIN: _("{actor} joined the parts of {object} again"),
    }
    name = facts.key if facts.action == JOIN else f"{facts.key} {facts.label}".strip()
    return phrase(templates[facts.action], actor=facts.actor, object=name)


def say_split(facts: Facts) -> tuple[Part, ...] | None:
    """An activity with parts from now on."""
    return phrase(
        _("{actor} split {object} into {parts}"),
        actor=facts.actor,
        object=facts.key,
        parts=str(facts.after("parts")),
    )


def say_part(facts: Facts) -> tuple[Part, ...] | None:
    """An activity that is a part of another."""
    return phrase(
        _("{actor} made {object} a part of {whole}"),
        actor=facts.actor,
        object=f"{facts.key} {facts.label}".strip(),
        whole=str(facts.after("part of")),
    )


def many_placed(facts: Facts, count: int) -> tuple[Part, ...] | None:
    """Several rows that came into the plan."""
    rows = Part(ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}, "object")
    templates = {
        ADD_PHASE: _("{actor} added {object} to the plan"),
        ADD_OWN: _("{actor} added {object} of an activity of the plan's own"),
        ADD_PART: _("{actor} added {object} of parts of a split activity"),
    }
    return phrase(templates[facts.action], actor=facts.actor, object=rows)


def many_parts(facts: Facts, count: int) -> tuple[Part, ...] | None:
    """The parts of one activity."""
    parts = Part(ngettext("%(count)d part", "%(count)d parts", count) % {"count": count}, "object")
    return phrase(
        _("{actor} made {parts} of {whole}"), actor=facts.actor, parts=parts, whole=str(facts.after("part of"))
    )


def register() -> None:
    """Let the trail speak of tailoring."""
    for action in (ADD_PHASE, ADD_OWN, ADD_PART, REMOVE_ROW):
        register_act_wording(action, say_placed)
    for action in (CREATE_OWN, CHANGE_OWN, REMOVE_OWN, JOIN):
        register_act_wording(action, say_activity)
    register_act_wording(MOVE_ROW, say_moved)
    register_act_wording(SPLIT_UP, say_split)
    register_act_wording(BE_PART, say_part)
    for action in (ADD_PHASE, ADD_OWN, ADD_PART):
        many_wordings.register(action, many_placed)
    many_wordings.register(BE_PART, many_parts)
