"""How the trail says what was asked for by auditors, what was found, and what became of it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.choices import FindingState, Grade
from audits.services.finding_telling import FINDING, REQUEST
from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short

_FINDING: Mapping[str, str | Promise] = {
    "describe": gettext_lazy("{actor} put the words of the finding {object} right"),
    "treat": gettext_lazy("{actor} said how the finding {object} is corrected"),
    "withdraw": gettext_lazy("{actor} took the finding {object} back"),
    "await effect": gettext_lazy("{actor} reported all actions on {object} done"),
    "close": gettext_lazy("{actor} closed the finding {object}"),
    "say": gettext_lazy("{actor} said something about the finding {object}"),
}
_STEP: Mapping[str, str | Promise] = {
    "finish action": gettext_lazy("{actor} finished an action on {object}: {action}"),
    "drop action": gettext_lazy("{actor} dropped an action on {object}: {action}"),
    "take up action": gettext_lazy("{actor} took up an action on {object} again: {action}"),
}
_REQUEST: Mapping[str, str | Promise] = {
    "change": gettext_lazy("{actor} changed what {object} asks"),
    "accept": gettext_lazy("{actor} accepted what was given for {object}"),
    "not enough": gettext_lazy("{actor} said that what was given for {object} is not enough"),
    "withdraw": gettext_lazy("{actor} withdrew the request {object}"),
    "say": gettext_lazy("{actor} said something about the request {object}"),
}


def say_finding(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with a finding."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action in _FINDING:
        return phrase(str(_FINDING[facts.action]), **values)
    if facts.action in _STEP:
        return phrase(str(_STEP[facts.action]), action=short(facts.after("action")), **values)
    if facts.action == "raise":
        return phrase(_("{actor} raised {object}: {grade}"), grade=_grade(facts.after("grade")), **values)
    if facts.action == "grade":
        words = _("{actor} graded {object} anew: {before} became {grade}")
        return phrase(words, before=_grade(facts.before("grade")), grade=_grade(facts.after("grade")), **values)
    if facts.action == "add action":
        words = _("{actor} gave an action on {object} to {owner}, by {day}")
        return phrase(words, owner=short(facts.after("owner")), day=day_text(facts.after("due")), **values)
    if facts.action == "change action":
        return phrase(_("{actor} changed action {number} on {object}"), number=short(facts.after("number")), **values)
    if facts.action == "check effect":
        words = (
            _("{actor} verified that the actions on {object} work")
            if facts.after("holds")
            else _("{actor} saw that the actions on {object} do not work yet")
        )
        return phrase(words, **values)
    if facts.action == "take up":
        words = (
            _("{actor} took {object} back to correcting")
            if facts.before("state") == FindingState.VERIFYING
            else _("{actor} took up the finding {object} again")
        )
        return phrase(words, **values)
    return _proof(facts, values)


def say_request(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with a request of an auditor."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action in _REQUEST:
        return phrase(str(_REQUEST[facts.action]), **values)
    if facts.action == "ask for proof":
        if not facts.after("of"):
            return phrase(_("{actor} asks for {object}, by {day}"), day=day_text(facts.after("due")), **values)
        words = _("{actor} asks {of} for {object}, by {day}")
        return phrase(words, of=short(facts.after("of")), day=day_text(facts.after("due")), **values)
    if facts.action == "give":
        if facts.after("item"):
            return phrase(_("{actor} gave {item} for {object}"), item=short(facts.after("item")), **values)
        return phrase(_("{actor} answered {object}"), **values)
    return _proof(facts, values)


def _proof(facts: Facts, values: Mapping[str, str]) -> tuple[Part, ...] | None:
    if facts.action == "prove":
        return phrase(_("{actor} linked {item} to {object}"), item=short(facts.after("item")), **values)
    if facts.action == "no longer prove":
        return phrase(_("{actor} took {item} off {object}"), item=short(facts.before("item")), **values)
    return None


def _grade(value: object) -> str:
    label = str(Grade(value).label).lower() if value in Grade.values else value
    return short(label)


def _name(key: str, label: str) -> str:
    return f"{key} {short(label)}" if label else key


def register() -> None:
    """Let the trail speak of findings and requests of auditors."""
    register_wording(FINDING, say_finding, title=gettext_lazy("Finding"), name=_name)
    register_wording(REQUEST, say_request, title=gettext_lazy("Request of an auditor"), name=_name)
