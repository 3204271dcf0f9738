"""How the trail says what happened to committees and their meetings."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short


def say_committee(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with the committee of a project."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action in ("set up", "oversee", "agree"):
        agreed = facts.after("agreed on")
        said = {
            "set up": _("{actor} set up the committee {object}"),
            "oversee": _("{actor} let the committee {object} oversee the project"),
            "agree": _("{actor} changed what is noted of the terms of the committee {object}"),
        }[facts.action]
        if agreed:
            return phrase(said + _(", its terms agreed on {day}"), day=day_text(agreed), **values)
        return phrase(said, **values)
    if facts.action == "move":
        before, _after = facts.pair("committee")
        return phrase(
            _("{actor} let the committee {object} oversee the project in place of {before}"),
            before=short(before),
            **values,
        )
    if facts.action == "name successor":
        successor = facts.after("successor")
        if successor:
            return phrase(
                _("{actor} named who takes over from the committee {object}: {successor}"),
                successor=short(successor),
                **values,
            )
        return phrase(_("{actor} changed what is noted of who takes over from the committee {object}"), **values)
    if facts.action == "change":
        return phrase(_("{actor} changed what the committee {object} is and may do"), **values)
    return None


def say_meeting(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with a meeting."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "plan":
        return phrase(_("{actor} planned the meeting {object} for {day}"), day=day_text(facts.after("day")), **values)
    if facts.action == "change":
        if facts.after("day"):
            return phrase(_("{actor} moved the meeting {object} to {day}"), day=day_text(facts.after("day")), **values)
        return phrase(_("{actor} changed the meeting {object}"), **values)
    if facts.action in ("ask more", "send pack"):
        told = {
            "ask more": _("{actor} asked {people} more to the meeting {object}"),
            "send pack": _("{actor} let {people} know that the board pack of the meeting {object} is there"),
        }[facts.action]
        return phrase(told, people=short(facts.after("people")), **values)
    words = {
        "cancel": _("{actor} cancelled the meeting {object}"),
        "attendance": _("{actor} noted who was at the meeting {object}"),
        "write": _("{actor} wrote minutes of the meeting {object}"),
        "approve": _("{actor} approved the minutes of the meeting {object}"),
        "take up": _("{actor} put a decision on the agenda of the meeting {object}"),
    }
    return phrase(words[facts.action], **values) if facts.action in words else None


def register() -> None:
    """Let the trail speak of committees and meetings."""
    register_wording("committee", say_committee, title=gettext_lazy("Committee"))
    register_wording("meeting", say_meeting, title=gettext_lazy("Meeting"))
