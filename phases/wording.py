"""How the trail says what happened to a plan."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audittrail.sentences import (
    Facts,
    Part,
    SayMany,
    day_text,
    object_name,
    phrase,
    register_act_wording,
    register_wording,
    short,
)
from common.registry import Registry
from phases.choices import BY_PLAN, IMPROVE_ONLY

# Acts on many phase activities at once that other modules word: by action.
many_wordings: Registry[SayMany] = Registry("wordings of many rows")


def row_name(key: str, _label: str = "") -> str:
    """`CH.i@2` as "CH.i in phase 2"."""
    ref, _at, phase = key.rpartition("@")
    return _("%(ref)s in phase %(phase)s") % {"ref": ref, "phase": phase} if ref else key


def _who(name: Any) -> str:
    return str(name) if name else _("nobody")


def say_row(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a phase activity."""
    actor, thing = facts.actor, object_name(facts)
    if facts.action == "change status":
        before, after = facts.pair("status")
        if facts.after("verified by the same person"):
            return phrase(
                _("{actor} verified {object}, which the same person had reported done (very small entity)"),
                actor=actor,
                object=thing,
            )
        since = facts.after("operating since")
        if since:
            return phrase(
                _("{actor} set {object} from {before} to {after}, operating since {since}"),
                actor=actor,
                object=thing,
                before=str(before),
                after=str(after),
                since=day_text(since),
            )
        return phrase(
            _("{actor} set {object} from {before} to {after}"),
            actor=actor,
            object=thing,
            before=str(before),
            after=str(after),
        )
    if facts.action == "assign":
        before, after = facts.pair("responsible party")
        if not after:
            return phrase(
                _("{actor} took {object} from {before}; nobody is responsible for it now"),
                actor=actor,
                object=thing,
                before=_who(before),
            )
        return phrase(
            _("{actor} gave {object} to {after} (was {before})"),
            actor=actor,
            object=thing,
            after=_who(after),
            before=_who(before),
        )
    if facts.action == "set contributors" and "contributors" not in facts.changes:
        if facts.after("contributors by hand"):
            return phrase(_("{actor} kept who contributes to {object} by hand"), actor=actor, object=thing)
        return phrase(_("{actor} let {object} follow the role map again"), actor=actor, object=thing)
    if facts.action == "set contributors":
        _before, after = facts.pair("contributors")
        return phrase(
            _("{actor} let {names} contribute to {object}"),
            actor=actor,
            object=thing,
            names=", ".join(after or []) or _("nobody else"),
        )
    if facts.action == "reschedule":
        return _say_due(facts, thing)
    if facts.action == "add from catalogue":
        return phrase(_("{actor} took {object} into the plan"), actor=actor, object=thing)
    if facts.action == "write note":
        return _say_note(facts, thing)
    if facts.action == IMPROVE_ONLY:
        template = _("{actor} set {object} to improve only: what it asks is met already")
        if not facts.after("improve only"):
            template = _("{actor} set {object} back to the whole work, no longer improve only")
        return phrase(template, actor=actor, object=thing)
    return None


def _say_due(facts: Facts, thing: str) -> tuple[Part, ...]:
    before, after = facts.pair("due")
    if not after:
        return phrase(
            _("{actor} removed the due date of {object} (was {before})"),
            actor=facts.actor,
            object=thing,
            before=day_text(before),
        )
    if not before:
        return phrase(
            _("{actor} set the due date of {object} to {after}"),
            actor=facts.actor,
            object=thing,
            after=day_text(after),
        )
    return phrase(
        _("{actor} moved the due date of {object} from {before} to {after}"),
        actor=facts.actor,
        object=thing,
        before=day_text(before, year=str(before)[:4] != str(after)[:4]),
        after=day_text(after),
    )


def _say_note(facts: Facts, thing: str) -> tuple[Part, ...]:
    before, after = facts.pair("note")
    if not after:
        template = _("{actor} removed the note on {object}")
    elif not before:
        template = _("{actor} wrote a note on {object}")
    else:
        template = _("{actor} changed the note on {object}")
    return phrase(template, actor=facts.actor, object=thing)


def say_rows(facts: Facts, count: int) -> tuple[Part, ...] | None:
    """The same act on `count` phase activities at once: only what all of them have in common."""
    activities = Part(ngettext("%(count)d activity", "%(count)d activities", count) % {"count": count}, "object")
    if facts.action == "change status":
        return phrase(
            _("{actor} set {object} to {after}"),
            actor=facts.actor,
            object=activities,
            after=str(facts.after("status")),
        )
    if facts.action == "assign":
        # One edit by hand gives all to one party; the role map gives each to whom it names.
        after = facts.after("responsible party")
        if facts.reason == "role map":
            return phrase(_("{actor} gave out {object} by the role map"), actor=facts.actor, object=activities)
        if facts.reason == "package":
            return phrase(
                _("{actor} gave out {object} by the owner of the package"), actor=facts.actor, object=activities
            )
        if not after:
            return phrase(_("{actor} left {object} without anybody responsible"), actor=facts.actor, object=activities)
        return phrase(_("{actor} gave {object} to {after}"), actor=facts.actor, object=activities, after=_who(after))
    if facts.action == "set contributors":
        return phrase(_("{actor} named who contributes to {object}"), actor=facts.actor, object=activities)
    if facts.action == "reschedule":
        after = facts.after("due")
        if facts.reason == BY_PLAN:
            return phrase(_("{actor} moved {object} along with the plan"), actor=facts.actor, object=activities)
        if not after:
            return phrase(_("{actor} removed the due dates of {object}"), actor=facts.actor, object=activities)
        return phrase(
            _("{actor} set the due date of {object} to {after}"),
            actor=facts.actor,
            object=activities,
            after=day_text(after),
        )
    if facts.action == "add from catalogue":
        return phrase(_("{actor} took {object} into the plan"), actor=facts.actor, object=activities)
    if facts.action == IMPROVE_ONLY:
        return phrase(_("{actor} set {object} to improve only"), actor=facts.actor, object=activities)
    if facts.action in many_wordings:
        return many_wordings[facts.action](facts, count)
    return None


def say_activities(facts: Facts, count: int) -> tuple[Part, ...] | None:
    """What was done at once to several activities, wherever they stand."""
    return many_wordings[facts.action](facts, count) if facts.action in many_wordings else None


def say_phase(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a phase; its key is its number."""
    templates = {
        "start phase": _("{actor} started {object}"),
        "review phase": _("{actor} took {object} into review"),
        "resume phase": _("{actor} took {object} back from review into work"),
        "close phase": _("{actor} closed {object}"),
    }
    if missing := facts.after("closed without"):
        without = _("{actor} closed {object} for the reason given, without: {missing}")
        return phrase(without, actor=facts.actor, object=object_name(facts), missing=str(missing))
    template = templates.get(facts.action)
    return phrase(template, actor=facts.actor, object=object_name(facts)) if template else None


def say_overlay(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to an organization's own copy of the wording; the wording itself is never recorded."""
    count = str(facts.after("wordings") if facts.action == "load wording" else facts.before("wordings"))
    if facts.action == "load wording":
        return phrase(
            _("{actor} loaded {count} wordings of the organization's own copy over {object}"),
            actor=facts.actor,
            count=count,
            object=object_name(facts),
        )
    if facts.action == "remove wording":
        return phrase(
            _("{actor} removed the organization's own copy of the wording over {object} ({count} wordings)"),
            actor=facts.actor,
            count=count,
            object=object_name(facts),
        )
    return None


def say_activity(facts: Facts) -> tuple[Part, ...] | None:
    """What a newer version of the catalogue meant for an activity over all its phases; comments are worded apart."""
    templates = {
        "keep as own": _("{actor} kept {object} as an activity of the plan's own"),
        "rejoin catalogue": _("{actor} made {object} an activity of the catalogue again"),
    }
    template = templates.get(facts.action)
    return phrase(template, actor=facts.actor, object=object_name(facts)) if template else None


def say_move(facts: Facts) -> tuple[Part, ...] | None:
    """A plan that moved to another version of its catalogue, or took what it had left out of it."""
    name = "supplement" if "supplement" in facts.changes else "catalogue"
    before, after = facts.pair(name)
    if before == after:
        return phrase(
            _("{actor} took {refs} from {after} into the plan"),
            actor=facts.actor,
            refs=short(facts.after("taken")),
            after=str(after),
        )
    return phrase(
        _("{actor} moved the plan from {before} to {after}"), actor=facts.actor, before=str(before), after=str(after)
    )


def _phase_name(key: str, _label: str) -> str:
    return _("phase %(number)s") % {"number": key}


def register() -> None:
    """Let the trail speak of phase activities and phases."""
    register_wording("phase activity", say_row, title=gettext_lazy("Phase activity"), name=row_name, say_many=say_rows)
    register_wording("activity", say_activity, title=gettext_lazy("Activity"), say_many=say_activities)
    register_act_wording("move to version", say_move)
    register_wording("wording overlay", say_overlay, title=gettext_lazy("Wording of the standard"))
    register_wording("phase", say_phase, title=gettext_lazy("Phase"), name=_phase_name)
