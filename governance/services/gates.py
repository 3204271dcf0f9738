"""What people say of a gate: attesting and waiving criteria, what a project asks for, when the gate is planned."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.texts import clean_text
from governance.choices import GATES, PASSING, CriterionKind
from governance.models import Attestation, CriterionRule, Gate, Waiver
from governance.registries import GateCriterion
from governance.selectors import gate_decision
from governance.selectors.gates import MET, criteria_of, gate_standing
from projects.models import Project
from projects.services.guards import LAST_DAY, require_capability, write_versioned

LONGEST = 2000
LONGEST_WHY = 300
LARGEST = Decimal(9999)


@transaction.atomic
def attest(*, acting_user: User | None, project: Project, number: int, key: str, holds: bool, note: str) -> Attestation:
    """Say whether a criterion holds that nothing computes, with a note; the newest word counts. One trail event.

    Raises NotPermitted; RuleBroken where the gate has passed, does not ask for it, computes it, or nothing is noted.
    """
    require_capability(acting_user, "governance.attest", project)
    criterion, title = _asked(project, number, key)
    if criterion.kind != CriterionKind.ATTESTED:
        raise RuleBroken(_("This is read from the record; nobody can set it."))
    words = _words(note, _("Say in a line what you rest this on. An auditor will read it."), "note", LONGEST)
    gate = _gate(project, number)
    said = Attestation.objects.create(
        project=project, gate=gate, key=key, holds=holds, note=words, attested_by=acting_user, attested_at=clock.now()
    )
    _record(acting_user, project, number, key, "attest", title, {"holds": [None, holds]}, words)
    return said


@transaction.atomic
def waive(*, acting_user: User | None, project: Project, number: int, key: str, why: str) -> Waiver:
    """Let a gate pass without a criterion, for a reason. One trail event.

    Raises NotPermitted; RuleBroken where the gate has passed, does not ask for it, it may not be waived, it is met or
    waived already, or no reason is given.
    """
    require_capability(acting_user, "governance.decide", project)
    criterion, title = _asked(project, number, key)
    if not criterion.may_be_waived:
        raise RuleBroken(_("%(title)s: this cannot be waived.") % {"title": title})
    words = _words(why, _("Say why the gate may pass without it."), "why", LONGEST)
    gate = _gate(project, number)
    if Waiver.objects.filter(gate=gate, key=key, ended_at__isnull=True).exists():
        raise RuleBroken(_("%(title)s is waived already.") % {"title": title})
    if any(each.key == key and each.state == MET for each in gate_standing(project, number).criteria):
        raise RuleBroken(_("%(title)s is met. There is nothing to waive.") % {"title": title})
    waiver = Waiver.objects.create(
        project=project, gate=gate, key=key, why=words, waived_by=acting_user, waived_at=clock.now()
    )
    _record(acting_user, project, number, key, "waive", title, {}, words)
    return waiver


@transaction.atomic
def end_waiver(*, acting_user: User | None, project: Project, number: int, key: str, version: int, why: str) -> Waiver:
    """Ask for a waived criterion again. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken where the gate has passed, nothing is waived or no reason is given.
    """
    require_capability(acting_user, "governance.decide", project)
    _criterion, title = _asked(project, number, key)
    words = _words(why, _("Say why it is asked for again."), "why", LONGEST)
    waiver = Waiver.objects.filter(project=project, gate__number=number, key=key, ended_at__isnull=True).first()
    if waiver is None:
        raise StaleWrite(_("This is not waived any more."), current={}, sent={})
    write_versioned(
        waiver,
        version=version,
        values={"ended_at": clock.now()},
        shown={_("Waived"): _("yes")},
        sent={_("Waived"): _("no")},
    )
    _record(acting_user, project, number, key, "end waiver", title, {}, words)
    return waiver


@transaction.atomic
def set_rule(
    *,
    acting_user: User | None,
    project: Project,
    number: int,
    key: str,
    version: int,
    is_used: bool = True,
    threshold: Decimal | None = None,
    why: str = "",
) -> CriterionRule:
    """Ask for another threshold at one gate of a project (None: the usual one), or not for the criterion at all.

    `version` is that of the rule as it was seen, 0 where there was none. One trail event. Raises NotPermitted,
    StaleWrite; RuleBroken where the gate has passed, the criterion cannot be left out or takes no threshold, the
    threshold is none that can be, or no reason is given.
    """
    require_capability(acting_user, "governance.decide", project)
    criterion, title = _asked(project, number, key, used=False)
    if not is_used and not criterion.may_be_waived:
        raise RuleBroken(_("%(title)s: no gate goes without this.") % {"title": title}, field="is_used")
    limit = _threshold(criterion, threshold) if is_used else None
    words = _words(why, _("Say why this project does it otherwise."), "why", LONGEST_WHY)
    gate = _gate(project, number)
    rule = CriterionRule.objects.filter(gate=gate, key=key).first()
    before = (rule.is_used, rule.threshold) if rule is not None else (True, None)
    if before == (is_used, limit):
        raise RuleBroken(_("This is as it was. Nothing was saved."))
    shown = {_("Used"): _yes(before[0]), _("Threshold"): _number(before[1])}
    sent = {_("Used"): _yes(is_used), _("Threshold"): _number(limit)}
    if rule is None:
        if version:
            raise StaleWrite(_("This was changed meanwhile."), current=shown, sent=sent)
        rule = CriterionRule.objects.create(
            project=project, gate=gate, key=key, threshold=limit, is_used=is_used, why=words
        )
    else:
        write_versioned(
            rule,
            version=version,
            values={"threshold": limit, "is_used": is_used, "why": words},
            shown=shown,
            sent=sent,
        )
    changes = {
        "used": [before[0], is_used],
        "threshold": [_number(before[1]) or None, _number(limit) or None],
    }
    _record(acting_user, project, number, key, "set rule", title, changes, words)
    return rule


@transaction.atomic
def plan_gate(
    *,
    acting_user: User | None,
    project: Project,
    number: int,
    version: int,
    planned_on: date | None,
    note: str = "",
) -> Gate:
    """Set the day for which a gate is planned, and a note. One trail event.

    `version` is that of the gate as it was seen, 0 where nothing was said of it. Raises NotPermitted, StaleWrite,
    RuleBroken where the gate has passed or the day is none that can be.
    """
    require_capability(acting_user, "governance.prepare", project)
    _refuse_passed(project, number)
    if planned_on is not None and planned_on < project.start_date:
        raise RuleBroken(_("Choose a day after the project's start."), field="planned_on")
    if planned_on is not None and planned_on > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="planned_on")
    words = clean_text(note)[:LONGEST]
    gate = Gate.objects.filter(project=project, number=number).first()
    # Attesting makes the row too; who filled the form before that saw an empty one.
    if gate is not None and not version and gate.version == 1 and gate.planned_on is None and not gate.note:
        version = 1
    before = gate.planned_on if gate is not None else None
    shown = {_("Planned for"): before or "", _("Note"): gate.note if gate is not None else ""}
    sent = {_("Planned for"): planned_on or "", _("Note"): words}
    if gate is None:
        if version:
            raise StaleWrite(_("This was changed meanwhile."), current=shown, sent=sent)
        gate = Gate.objects.create(project=project, number=number, planned_on=planned_on, note=words)
    else:
        write_versioned(gate, version=version, values={"planned_on": planned_on, "note": words}, shown=shown, sent=sent)
    draft = Draft("plan", "gate", f"G{number}", f"G{number}", {"planned for": [before, planned_on]}, words)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[draft])
    return gate


def _asked(project: Project, number: int, key: str, *, used: bool = True) -> tuple[GateCriterion, str]:
    """The criterion `key` of a gate that is still open, with its title; `used`: one that the project asks for."""
    _refuse_passed(project, number)
    found = next(((each, title) for name, each, title in criteria_of(project, number) if name == key), None)
    if found is None:
        raise RuleBroken(_("Gate %(number)d does not ask for this.") % {"number": number})
    if used and CriterionRule.objects.filter(project=project, gate__number=number, key=key, is_used=False).exists():
        raise RuleBroken(_("%(title)s is not used at this gate.") % {"title": found[1]})
    return found


def _refuse_passed(project: Project, number: int) -> None:
    if number not in GATES:
        raise RuleBroken(_("There is no gate %(number)d.") % {"number": number})
    decision = gate_decision(project, number)
    if decision is not None and decision.outcome in PASSING:
        raise RuleBroken(
            _("Gate %(number)d was decided (%(ref)s): what it rests on stays as it is. Reopen the decision first.")
            % {"number": number, "ref": decision.ref}
        )


def _gate(project: Project, number: int) -> Gate:
    return Gate.objects.get_or_create(project=project, number=number)[0]


def _words(text: str, needed: str, field: str, longest: int) -> str:
    words = clean_text(text)
    if not words:
        raise RuleBroken(needed, field=field)
    if len(words) > longest:
        raise RuleBroken(_("Say it in %(n)d characters at most.") % {"n": longest}, field=field)
    return words


def _threshold(criterion: GateCriterion, threshold: Decimal | None) -> Decimal | None:
    if threshold is None or threshold == criterion.threshold:
        return None
    if not criterion.takes_threshold:
        raise RuleBroken(_("This has no threshold to set."), field="threshold")
    if not 0 <= threshold <= (Decimal(100) if criterion.unit == "percent" else LARGEST):
        raise RuleBroken(
            _("Give a percentage from 0 to 100.") if criterion.unit == "percent" else _("Give a number from 0 on."),
            field="threshold",
        )
    if criterion.unit != "percent" and threshold != threshold.to_integral_value():
        raise RuleBroken(_("Give a whole number."), field="threshold")
    return threshold.quantize(Decimal("0.01"))


def _number(value: Decimal | None) -> str:
    return f"{value.normalize():f}" if value is not None else ""


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _record(
    acting_user: User | None,
    project: Project,
    number: int,
    key: str,
    action: str,
    title: str,
    changes: dict[str, object],
    reason: str,
) -> None:
    draft = Draft(action, "gate criterion", f"G{number}/{key}", title, changes, reason)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[draft])
