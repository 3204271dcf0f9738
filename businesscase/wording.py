"""How the trail says what was done to a business case, its money and the risks."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short
from businesscase.choices import CaseKind, Verdict

_ROWS: Mapping[str, str | Promise] = {
    "add": gettext_lazy("{actor} added {what} {object}"),
    "remove": gettext_lazy("{actor} took out {what} {object}"),
}
_ROW_NAMES: Mapping[str, str | Promise] = {
    "cost": gettext_lazy("Cost line"),
    "benefit": gettext_lazy("Benefit"),
    "assumption": gettext_lazy("Assumption or constraint"),
    "interested party": gettext_lazy("Interested party"),
    "measure": gettext_lazy("Measure"),
}
_VERDICTS: Mapping[str, str | Promise] = {
    Verdict.APPROVE: gettext_lazy("{actor} approved {object}"),
    Verdict.CONDITIONS: gettext_lazy("{actor} approved {object} with conditions"),
    Verdict.CHANGES: gettext_lazy("{actor} asked for changes of {object}"),
    Verdict.REJECT: gettext_lazy("{actor} rejected {object}"),
}
_COUNTED = ngettext_lazy("{actor} booked {count} amount", "{actor} booked {count} amounts", "count")


def say_case(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a case as a whole."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "start":
        return phrase(_("{actor} began {object}"), **values)
    if facts.action == "set actuals":
        return phrase(
            _("{actor} said that all costs of {object} are in until {month}"),
            **values,
            month=short(facts.after("until")),
        )
    return None


def say_row(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a line of a case."""
    if facts.action == "confirm":
        (month, (_before, after)), *_more = facts.changes.items()
        return phrase(
            _("{actor} confirmed {amount} for {month} of {object}"),
            actor=facts.actor,
            object=object_name(facts),
            amount=short(after),
            month=month,
        )
    template = _ROWS.get(facts.action)
    if template is None:
        return None
    return phrase(
        str(template), actor=facts.actor, object=object_name(facts), what=Part(str(_ROW_NAMES[facts.kind]).lower())
    )


def say_section(facts: Facts) -> tuple[Part, ...] | None:
    """What was written to a point."""
    return phrase(_("{actor} wrote point {object}"), actor=facts.actor, object=object_name(facts))


def say_version(facts: Facts) -> tuple[Part, ...] | None:
    """What happened to a version."""
    values = {"actor": facts.actor, "object": object_name(facts)}
    if facts.action == "submit":
        return phrase(
            _("{actor} submitted {object} to {names}, to decide by {day}"),
            **values,
            names=short(facts.after("approvers")),
            day=day_text(facts.after("decide by")),
        )
    if facts.action == "decide":
        said = str(_VERDICTS[facts.after("verdict")])
        if facts.after("own work"):
            said = _("{actor} approved {object}, which is their own work (very small entity)")
        return phrase(said, **values)
    if facts.action == "withdraw":
        return phrase(_("{actor} withdrew {object}"), **values)
    if facts.action == "replace approver":
        before, after = facts.pair("approver")
        return phrase(
            _("{actor} asked {after} to decide about {object} instead of {before}"),
            **values,
            before=short(before),
            after=short(after),
        )
    if facts.action == "release":
        return phrase(
            _("{actor} released {amount} for phase {phase} of {object}"),
            **values,
            amount=short(facts.after("amount")),
            phase=short(facts.after("phase")),
        )
    if facts.action == "meet condition":
        (text, (_before, after)), *_more = facts.changes.items()
        template = _("{actor} said that a condition of {object} is met: {text}")
        if after is None:
            template = _("{actor} took back that a condition of {object} is met: {text}")
        return phrase(template, **values, text=short(text))
    return None


def say_cost(facts: Facts) -> tuple[Part, ...] | None:
    """What was booked."""
    if facts.action not in ("book", "remove"):
        return None
    template = _("{actor} booked {amount} in {month} on {object}")
    if facts.action == "remove":
        template = _("{actor} took back {amount} in {month} on {object}")
    before_or_value = {name: _value(facts, name) for name in ("amount", "month")}
    return phrase(template, actor=facts.actor, object=object_name(facts), **before_or_value)


def _value(facts: Facts, name: str) -> str:
    found = facts.changes.get(name)
    return short(next((each for each in found if each is not None), "") if isinstance(found, list) else found)


def say_costs(facts: Facts, count: int) -> tuple[Part, ...] | None:
    """Many amounts booked at once."""
    if facts.action != "book":
        return None
    return phrase(_COUNTED % {"count": count}, actor=facts.actor, count=str(count))


def say_phase_money(facts: Facts) -> tuple[Part, ...] | None:
    """What was settled about the money of a phase."""
    said = phrase(_("{actor} settled the money of phase {object}"), actor=facts.actor, object=object_name(facts))
    changes = [
        part
        for name in facts.changes
        for part in phrase(
            ", {field} {after}", field=Part(str(_MONEY_FIELDS.get(name, name))), after=short(facts.after(name))
        )
    ]
    return (*said, *changes)


_MONEY_FIELDS: Mapping[str, str | Promise] = {
    "tolerance": gettext_lazy("tolerance"),
    "remaining": gettext_lazy("still to come"),
    "reason": gettext_lazy("reason"),
}


def _row_name(key: str, label: str) -> str:
    """`implementation C-03` as "C-03 Audit fees"."""
    ref = key.rpartition(" ")[2]
    return f"{ref} {label}" if label else ref


def _version_name(key: str, label: str) -> str:
    kind, _space, _number = key.rpartition(" ")
    return _("%(version)s of the %(kind)s") % {
        "version": label,
        "kind": str(CaseKind(kind).label).lower() if kind in CaseKind.values else kind,
    }


def _section_name(key: str, label: str) -> str:
    return f"{label})" if len(label) == 1 else label or key


def register() -> None:
    """Let the trail speak of this app's objects."""
    register_wording("business case", say_case, title=gettext_lazy("Business case"))
    for kind, title in _ROW_NAMES.items():
        register_wording(kind, say_row, title=title, name=_row_name)
    register_wording("case section", say_section, title=gettext_lazy("Point of a case"), name=_section_name)
    register_wording("case version", say_version, title=gettext_lazy("Version of a case"), name=_version_name)
    register_wording("actual cost", say_cost, title=gettext_lazy("Amount spent"), say_many=say_costs)
    register_wording("phase money", say_phase_money, title=gettext_lazy("Money of a phase"))
