"""How the trail says that a plan got other dates, rules or links."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_act_wording, register_wording


def package_name(key: str, _label: str = "") -> str:
    """`RE@2` as "RE in phase 2"."""
    code, _at, phase = key.rpartition("@")
    return _("package %(code)s, phase %(phase)s") % {"code": code, "phase": phase} if code else key


def say_package(facts: Facts) -> tuple[Part, ...] | None:
    """A package that got dates, an owner, or both."""
    if facts.action != "set package":
        return None
    said = []
    if "end" in facts.changes:
        start, end = facts.after("start"), facts.after("end")
        said.append(
            _("%(start)s to %(end)s") % {"start": day_text(start), "end": day_text(end)}
            if end
            else _("the dates of its phase")
        )
    if "owner" in facts.changes:
        owner = facts.after("owner")
        said.append(_("%(name)s as its owner") % {"name": owner} if owner else _("no owner"))
    return phrase(
        _("{actor} gave {object} {what}"), actor=facts.actor, object=object_name(facts), what=_(" and ").join(said)
    )


def say_plan(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a plan as a whole."""
    if facts.action == "recompute":
        count = int(facts.after("moved") or 0)
        return phrase(
            ngettext(
                "{actor} recomputed the plan: {count} date moved",
                "{actor} recomputed the plan: {count} dates moved",
                count,
            ),
            actor=facts.actor,
            count=str(count),
        )
    if facts.action == "set plan rules":
        return phrase(_("{actor} changed the rules by which the plan is dated"), actor=facts.actor)
    return None


def say_moved_phase(facts: Facts) -> tuple[Part, ...] | None:
    """A phase with other dates."""
    return phrase(
        _("{actor} moved {object} to {start} to {end} (ended {before})"),
        actor=facts.actor,
        object=object_name(facts),
        start=day_text(facts.after("start")),
        end=day_text(facts.after("end")),
        before=day_text(facts.before("end")),
    )


def say_linked(facts: Facts) -> tuple[Part, ...] | None:
    """An activity that now waits for another."""
    return phrase(
        _("{actor} let {object} wait for {before}"),
        actor=facts.actor,
        object=object_name(facts),
        before=str(facts.after("waits for")),
    )


def say_unlinked(facts: Facts) -> tuple[Part, ...] | None:
    """An activity that waits no longer."""
    return phrase(
        _("{actor} let {object} no longer wait for {before}"),
        actor=facts.actor,
        object=object_name(facts),
        before=str(facts.before("waits for")),
    )


def register() -> None:
    """Let the trail speak of dates of the plan."""
    register_wording("package", say_package, title=gettext_lazy("Package"), name=package_name)
    register_wording("plan", say_plan, title=gettext_lazy("Plan"))
    register_act_wording("move phase", say_moved_phase)
    register_act_wording("link", say_linked)
    register_act_wording("unlink", say_unlinked)
