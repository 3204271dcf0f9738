"""How the trail says what was done in a gap analysis."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from audittrail.sentences import Facts, Part, object_name, phrase, register_wording, short
from gapanalysis.choices import AnswerValue, AssessmentState, Reading

_MOVES = {
    AssessmentState.OPEN: gettext_lazy("{actor} opened {object}"),
    AssessmentState.REVIEW: gettext_lazy("{actor} handed {object} to review"),
    AssessmentState.LOCKED: gettext_lazy("{actor} locked {object}, with {unanswered} unanswered"),
}
_DECIDED = {
    "accept proposals": ngettext_lazy(
        "{actor} accepted {count} proposal of {object}", "{actor} accepted {count} proposals of {object}", "count"
    ),
    "dismiss proposals": ngettext_lazy(
        "{actor} dismissed {count} proposal of {object}", "{actor} dismissed {count} proposals of {object}", "count"
    ),
}


def say_assessment(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to an assessment."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "start assessment":
        return phrase(
            _("{actor} started {object} with {count} questions"), **values, count=str(facts.after("questions"))
        )
    if facts.action == "move assessment":
        return phrase(
            str(_MOVES[AssessmentState(facts.after("state"))]),
            **values,
            unanswered=str(facts.after("unanswered") or 0),
        )
    if facts.action in _DECIDED:
        count = len(facts.after("proposals"))
        template = _DECIDED[facts.action] % {"count": count}
        return phrase(template, **values, count=str(count))
    if facts.action == "make proposals":
        return phrase(_("{actor} worked out anew what {object} proposes for the plan"), **values)
    if facts.action == "set assessors":
        return phrase(
            _("{actor} asked {names} to answer {object}"), **values, names=", ".join(facts.after("assessors")) or "–"
        )
    return None


def say_answer(facts: Facts) -> tuple[Part, ...] | None:
    """What was answered to a question."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "write finding":
        return phrase(_("{actor} wrote a finding on {object}: “{gap}”"), **values, gap=short(facts.after("gap")))
    if facts.action != "answer question":
        return None
    said = facts.after("value")
    if said is not None:
        template = _("{actor} answered {object} with {value}")
        if facts.after("reading") == Reading.REGRESSED:
            template = _("{actor} answered {object} with {value}, which is worse than before")
        return phrase(template, **values, value=str(AnswerValue(said).label))
    if set(facts.changes) - {"reading"} == {"is_for_later"}:
        template = _("{actor} put {object} aside for later")
        if not facts.after("is_for_later"):
            template = _("{actor} took {object} up again")
        return phrase(template, **values)
    if facts.after("reading") == Reading.CONFIRMED:
        return phrase(_("{actor} confirmed the earlier answer to {object}"), **values)
    return phrase(_("{actor} added to the answer to {object}"), **values)


def say_answers(facts: Facts, count: int) -> tuple[Part, ...] | None:
    """What was said to several questions at once."""
    templates = {
        "answer question": ngettext("{actor} answered {count} question", "{actor} answered {count} questions", count),
        "write finding": ngettext("{actor} wrote {count} finding", "{actor} wrote {count} findings", count),
    }
    template = templates.get(facts.action)
    return phrase(template, actor=facts.actor, count=str(count)) if template else None


def say_targets(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to the targets: how many changed; the changes themselves name them."""
    if facts.action != "set targets":
        return None
    count = len(facts.changes)
    template = ngettext("{actor} set {count} target", "{actor} set {count} targets", count)
    return phrase(template, actor=facts.actor, count=str(count))


def answer_name(key: str, label: str) -> str:
    """`baseline Q-8.6.1-01` as "Q-8.6.1-01 (baseline)"."""
    assessment, _space, ref = key.partition(" ")
    return f"{label or ref} ({assessment})"


def register() -> None:
    """Let the trail speak of assessments and answers."""
    register_wording(
        "assessment", say_assessment, title=gettext_lazy("Gap analysis"), name=lambda key, label: label or key
    )
    register_wording("targets", say_targets, title=gettext_lazy("Targets"), name=lambda _key, _label: str(_("Targets")))
    register_wording("answer", say_answer, title=gettext_lazy("Answer"), name=answer_name, say_many=say_answers)
