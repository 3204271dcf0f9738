"""How the trail says what was done about internal audits."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.choices import CheckResult
from audittrail.sentences import Facts, Part, object_name, phrase, register_wording, short


def _audit_templates() -> dict[str, str]:
    return {
        "plan": _("{actor} planned audit {object}"),
        "change": _("{actor} changed the plan of audit {object}"),
        "name auditors": _("{actor} named the auditors of {object}: {auditors}"),
        "begin": _("{actor} began audit {object}"),
        "cancel": _("{actor} gave up audit {object}"),
        "fill checklist": _("{actor} put {points} questions of the bank onto the checklist of {object}"),
        "add point": _("{actor} put a point onto the checklist of {object}: {point}"),
        "drop point": _("{actor} took a point off the checklist of {object}: {point}"),
        "take sample": _("{actor} looked at {sample} for {object}, {point}"),
        "drop sample": _("{actor} took {sample} back from the samples of {object}, {point}"),
        "draw sample": _("{actor} drew {items} at random for {object}, {point} (seed {seed})"),
        "report": _("{actor} reported audit {object} as document {document}"),
    }


def say_audit(facts: Facts) -> tuple[Part, ...] | None:
    """What was done about an audit."""
    values: dict[str, Part | str] = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "check":
        result = str(facts.after("result"))
        word = str(CheckResult(result).label).lower() if result in CheckResult.values else result
        return phrase(
            _("{actor} looked at a point of {object}: {result} ({point})"),
            **values,
            result=word,
            point=short(facts.after("point")),
        )
    template = _audit_templates().get(facts.action)
    if template is None:
        return None
    for name in ("auditors", "points", "point", "sample", "items", "seed", "document"):
        if f"{{{name}}}" in template:
            said = facts.after(name)
            values[name] = short(", ".join(str(each) for each in said) if isinstance(said, list) else said)
    return phrase(template, **values)


def say_programme(facts: Facts) -> tuple[Part, ...] | None:
    """What was done about a programme of audits."""
    templates = {
        "begin": _("{actor} wrote down the audit programme {object}"),
        "change": _("{actor} changed the audit programme {object}"),
        "agree": _("{actor} agreed to the audit programme {object}"),
        "close": _("{actor} closed the audit programme {object}"),
    }
    template = templates.get(facts.action)
    return phrase(template, actor=facts.actor, object=object_name(facts)) if template else None


def _programme_name(_key: str, label: str) -> str:
    return label


def register() -> None:
    """Let the trail speak of them."""
    register_wording("audit", say_audit, title=gettext_lazy("Internal audit"))
    register_wording("audit programme", say_programme, title=gettext_lazy("Audit programme"), name=_programme_name)
