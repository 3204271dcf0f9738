"""How the trail says what happened to a plan."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short


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
    if facts.action == "reschedule":
        return _say_due(facts, thing)
    if facts.action == "write note":
        return _say_note(facts, thing)
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
        if not after:
            return phrase(_("{actor} left {object} without anybody responsible"), actor=facts.actor, object=activities)
        return phrase(_("{actor} gave {object} to {after}"), actor=facts.actor, object=activities, after=_who(after))
    if facts.action == "reschedule":
        after = facts.after("due")
        if not after:
            return phrase(_("{actor} removed the due dates of {object}"), actor=facts.actor, object=activities)
        return phrase(
            _("{actor} set the due date of {object} to {after}"),
            actor=facts.actor,
            object=activities,
            after=day_text(after),
        )
    return None


def say_role(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to an entry of the role map; its key is "role / component"."""
    if facts.action != "set role":
        return None
    role, _slash, component = facts.key.rpartition(" / ")
    before, after = facts.pair("party")
    where = Part(
        _("in all components") if component == "all components" else _("in component %(code)s") % {"code": component}
    )
    if not after:
        return phrase(
            _("{actor} took the role {object} {where} from {before}"),
            actor=facts.actor,
            object=role or facts.key,
            where=where,
            before=_who(before),
        )
    return phrase(
        _("{actor} gave the role {object} {where} to {after} (was {before})"),
        actor=facts.actor,
        object=role or facts.key,
        where=where,
        after=_who(after),
        before=_who(before),
    )


def say_roles(facts: Facts, count: int) -> tuple[Part, ...] | None:
    """Several entries of the role map set at once."""
    roles = Part(ngettext("%(count)d role", "%(count)d roles", count) % {"count": count}, "object")
    return phrase(_("{actor} set {object} in the role map"), actor=facts.actor, object=roles)


def say_phase(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a phase; its key is its number."""
    templates = {"start phase": _("{actor} started {object}"), "close phase": _("{actor} closed {object}")}
    template = templates.get(facts.action)
    return phrase(template, actor=facts.actor, object=object_name(facts)) if template else None


def _say_nothing(_facts: Facts) -> tuple[Part, ...] | None:
    return None


def _phase_name(key: str, _label: str) -> str:
    return _("phase %(number)s") % {"number": key}


def _map_entry(key: str, label: str) -> str:
    return label or short(key)


def register() -> None:
    """Let the trail speak of phase activities, phases and the role map."""
    register_wording("phase activity", say_row, title=gettext_lazy("Phase activity"), name=row_name, say_many=say_rows)
    # An activity over all its phases: so far people only comment on it, which notifications words.
    register_wording("activity", _say_nothing, title=gettext_lazy("Activity"))
    register_wording("phase", say_phase, title=gettext_lazy("Phase"), name=_phase_name)
    register_wording("role map", say_role, title=gettext_lazy("Role map"), name=_map_entry, say_many=say_roles)
