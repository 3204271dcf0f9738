"""How the trail says that work went on from one phase into the next, and comes round in operation."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_act_wording
from phases.wording import many_wordings, row_name


def say_carried(facts: Facts) -> tuple[Part, ...] | None:
    """Unfinished work that goes on in the next phase."""
    return phrase(
        _("{object} goes on as {into}"), object=object_name(facts), into=row_name(str(facts.after("carried over")))
    )


def say_taken(facts: Facts) -> tuple[Part, ...] | None:
    """The row that unfinished work goes on in."""
    return phrase(
        _("{object} goes on from {before}"),
        object=object_name(facts),
        before=row_name(str(facts.after("carried from"))),
    )


def say_going_on(facts: Facts) -> tuple[Part, ...] | None:
    """An activity that begins to come round."""
    return phrase(
        _("{object} goes on in operation, {rhythm}, first due {due}"),
        object=object_name(facts),
        rhythm=str(facts.after("rhythm")),
        due=day_text(facts.after("due")),
    )


def say_rhythm(facts: Facts) -> tuple[Part, ...] | None:
    """Another rhythm, or none."""
    after = facts.after("rhythm")
    if not after:
        return phrase(_("{actor} took the rhythm from {object}"), actor=facts.actor, object=object_name(facts))
    return phrase(
        _("{actor} let {object} come round {rhythm}"),
        actor=facts.actor,
        object=object_name(facts),
        rhythm=str(after),
    )


def say_round(facts: Facts) -> tuple[Part, ...] | None:
    """An activity of operation that was seen to."""
    return phrase(
        _("{actor} saw to {object} on {day}; it is due again on {due}"),
        actor=facts.actor,
        object=object_name(facts),
        day=day_text(facts.after("round")),
        due=day_text(facts.after("due")),
    )


def many_carried(_facts: Facts, count: int) -> tuple[Part, ...] | None:
    """Rows of a phase that closed."""
    return phrase(
        ngettext(
            "%(count)d unfinished activity goes on in the next phase",
            "%(count)d unfinished activities go on in the next phase",
            count,
        )
        % {"count": count}
    )


def many_taken(_facts: Facts, count: int) -> tuple[Part, ...] | None:
    """Rows of the phase after it."""
    return phrase(
        ngettext(
            "%(count)d activity was taken over from the phase before",
            "%(count)d activities were taken over from the phase before",
            count,
        )
        % {"count": count}
    )


def many_going_on(_facts: Facts, count: int) -> tuple[Part, ...] | None:
    """Rows of operation."""
    return phrase(
        ngettext("%(count)d activity goes on in operation", "%(count)d activities go on in operation", count)
        % {"count": count}
    )


def many_rhythms(facts: Facts, count: int) -> tuple[Part, ...] | None:
    """Rows of operation that got the same rhythm."""
    return phrase(
        _("{actor} set the rhythm of {object}"),
        actor=facts.actor,
        object=Part(ngettext("%(count)d activity", "%(count)d activities", count) % {"count": count}, "object"),
    )


def register() -> None:
    """Let the trail speak of it."""
    register_act_wording("carry over", say_carried)
    register_act_wording("take over", say_taken)
    register_act_wording("go on", say_going_on)
    register_act_wording("set rhythm", say_rhythm)
    register_act_wording("finish round", say_round)
    many_wordings.register("carry over", many_carried)
    many_wordings.register("take over", many_taken)
    many_wordings.register("go on", many_going_on)
    many_wordings.register("set rhythm", many_rhythms)
