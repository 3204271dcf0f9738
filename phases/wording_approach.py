"""How the trail says that a plan goes by another approach."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audittrail.sentences import Facts, Part, object_name, phrase, register_act_wording
from phases.choices import Approach
from phases.wording import many_wordings


def say_approach(facts: Facts) -> tuple[Part, ...] | None:
    """Another approach, other phases of components, or another kind of entity."""
    after = facts.after("approach")
    if after in Approach.values:
        return phrase(
            _("{actor} let the plan go by another approach: {after}"),
            actor=facts.actor,
            after=str(Approach(after).label).lower(),
        )
    if facts.after("component phases") is not None:
        return phrase(_("{actor} changed the phases of components"), actor=facts.actor)
    if facts.after("very small entity") is not None:
        if facts.after("very small entity"):
            return phrase(_("{actor} let the plan be that of a very small entity"), actor=facts.actor)
        return phrase(_("{actor} let the plan no longer be that of a very small entity"), actor=facts.actor)
    return phrase(_("{actor} brought the plan back to its approach"), actor=facts.actor)


def say_placed(facts: Facts) -> tuple[Part, ...] | None:
    """A row that the approach places in another phase."""
    return phrase(
        _("the approach moved {object} to phase {after}"), object=object_name(facts), after=str(facts.after("phase"))
    )


def many_placed(_facts: Facts, count: int) -> tuple[Part, ...] | None:
    """Rows that the approach places in other phases."""
    return phrase(
        ngettext(
            "the approach moved %(count)d activity to another phase",
            "the approach moved %(count)d activities to other phases",
            count,
        )
        % {"count": count}
    )


def say_taken_over(facts: Facts) -> tuple[Part, ...] | None:
    """What a new project has from an earlier one of the organization."""
    own = facts.changes.get("own activities") or []
    said = facts.changes.get("exists already") or 0
    source = str(facts.changes.get("from") or "")
    if own and said:
        return phrase(
            _("{actor} took own activities over from {source}: {refs}; {count} rows exist already there"),
            actor=facts.actor,
            refs=", ".join(own),
            source=source,
            count=str(said),
        )
    if said:
        return phrase(_("{count} rows exist already in {source}"), count=str(said), source=source)
    return phrase(
        _("{actor} took own activities over from {source}: {refs}"),
        actor=facts.actor,
        source=source,
        refs=", ".join(own),
    )


def register() -> None:
    """Let the trail speak of it."""
    register_act_wording("change approach", say_approach)
    register_act_wording("move by approach", say_placed)
    register_act_wording("take from earlier", say_taken_over)
    many_wordings.register("move by approach", many_placed)
