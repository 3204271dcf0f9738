"""A decision on paper, from the moment that was kept of it and nothing else: made again, it says the same."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import clock
from common.paper.paper import ControlledPaper
from common.paper.text import markdown_to_paper
from documents.domain.fill import literal, table
from documents.selectors.style import style_of
from governance.choices import Choice, Manner, Outcome, Setting
from governance.models import Decision


def decision_paper(decision: Decision) -> ControlledPaper:
    """The paper of a decision that was made: what, by whom, on what, with which votes and conditions."""
    moment, zone = decision.frozen or {}, decision.project.time_zone
    parts = [*_asked(moment), *_decided(moment), *_criteria(moment), *_figures(moment), *_attachments(moment)]
    body = markdown_to_paper("\n\n".join(parts))
    decided_at = decision.decided_at or clock.now()
    return ControlledPaper(
        title=str(moment.get("title", decision.title)),
        organization=str(moment.get("organization", "")),
        created=decided_at,
        body=body.html,
        headings=body.headings,
        number=decision.ref,
        kind=_("Decision of the committee"),
        lede=_sentence(moment),
        state=str(Outcome(moment["outcome"]).label),
        facts=tuple(_facts(moment, decided_at, zone)),
        digest=decision.sha256,
        digest_label=_("SHA-256 of the record"),
        style=style_of(decision.project.organization),
        title_page=False,
        numbered=False,
    )


def file_name(decision: Decision) -> str:
    """What the PDF is called."""
    return f"{decision.project.slug}-{decision.ref}.pdf"


def _sentence(moment: Mapping[str, Any]) -> str:
    said = _("%(outcome)s, decided on %(day)s by %(manner)s, %(setting)s.") % {
        "outcome": Outcome(moment["outcome"]).label,
        "day": _day(moment["decided_on"]),
        "manner": str(Manner(moment["manner"]).label).lower(),
        "setting": str(Setting(moment["setting"]).label).lower(),
    }
    if moment.get("hold_until"):
        said += " " + _("The gate is met again on %(day)s.") % {"day": _day(moment["hold_until"])}
    if moment.get("reopens"):
        said += " " + _("It takes the place of %(ref)s.") % {"ref": moment["reopens"]}
    return said


def _facts(moment: Mapping[str, Any], decided_at: datetime, zone: str) -> list[tuple[str, str]]:
    rows = [
        (_("Asked by"), f"{moment['asked_by']}, {_day(moment['asked_at'][:10])}"),
        (_("Recorded by"), f"{moment['decided_by']}, {clock.day_of(decided_at, zone).isoformat()}"),
        (_("Gate"), moment.get("gate") or ""),
        (_("Meeting"), moment.get("meeting") or ""),
        (_("Own work"), _("as allowed in a very small entity") if moment.get("own_work") else ""),
    ]
    return [(label, str(value)) for label, value in rows if value]


def _asked(moment: Mapping[str, Any]) -> list[str]:
    said = [f"## {_('What was asked')}"]
    said += [literal(moment["background"])] if moment["background"] else []
    rows = [
        (_("Without it"), moment["without_it"]),
        (_("Money"), moment["money"]),
        (_("Effect"), moment["effect"]),
        (_("Advice"), moment["advice"]),
    ]
    kept = [[label, value] for label, value in rows if value]
    return [*said, table([_("Point"), _("Said")], kept)] if kept else said


def _decided(moment: Mapping[str, Any]) -> list[str]:
    said = [f"## {_('What was decided')}", literal(_sentence(moment))]
    if moment["words"]:
        said.append(literal(moment["words"]))
    if moment["conditions"]:
        rows = [[each["ref"], each["text"], each["owner"], each["due"]] for each in moment["conditions"]]
        said += [f"### {_('Conditions')}", table([_("Ref"), _("Condition"), _("Owner"), _("By")], rows)]
    if moment["seats"]:
        rows = [[_seat(each), _choice(each), each["words"]] for each in moment["seats"]]
        said += [f"### {_('Who was called')}", table([_("Member"), _("Answer"), _("In their words")], rows)]
    return said


def _seat(seat: Mapping[str, Any]) -> str:
    return _("%(name)s, chair") % {"name": seat["name"]} if seat["chair"] else str(seat["name"])


def _choice(seat: Mapping[str, Any]) -> str:
    if seat["left"]:
        return _("left before the decision")
    return str(Choice(seat["choice"]).label) if seat["choice"] else "–"


def _criteria(moment: Mapping[str, Any]) -> list[str]:
    if not moment["criteria"]:
        return []
    rows = [[each["title"], each["value"], each["threshold"], _met(each)] for each in moment["criteria"]]
    return [
        f"## {_('Criteria of the gate')}",
        table([_("Criterion"), _("Value"), _("Threshold"), _("State")], rows),
    ]


def _met(criterion: Mapping[str, Any]) -> str:
    if criterion["met"] == "waived":
        return _("waived by %(who)s: %(why)s") % {"who": criterion["waived_by"], "why": criterion["waived_why"]}
    return _("met") if criterion["met"] else _("not met")


def _figures(moment: Mapping[str, Any]) -> list[str]:
    phases = moment["figures"].get("phases", {})
    if not phases:
        return []
    names = ("applicable", "done", "verified", "blocked", "overdue", "unassigned")
    heads = [_("Phase"), _("Activities"), _("Done"), _("Verified"), _("Blocked"), _("Overdue"), _("Unassigned")]
    rows = [[number, *(str(tally[name]) for name in names)] for number, tally in sorted(phases.items())]
    return [f"## {_('Figures of the day')}", table(heads, rows)]


def _attachments(moment: Mapping[str, Any]) -> list[str]:
    if not moment["attachments"]:
        return []
    rows = [
        [each["key"], each["title"] or _("confidential"), each["version"], each["sha256"][:16]]
        for each in moment["attachments"]
    ]
    return [
        f"## {_('What it was decided on')}",
        table([_("Key"), _("Title"), _("Version"), _("SHA-256 begins with")], rows),
    ]


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "j F Y")
