"""Audits by certification bodies and customers: planned, booked, held, with what they came to."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import BodyState, ExternalAuditKind, ExternalAuditOutcome, ExternalAuditState
from audits.domain.certifying import planned_days, weekday
from audits.models import CertificationBody, ExternalAudit
from audits.selectors.certification import end_of_phase_3
from audits.services.certification_checks import any_day, day_gone, proof_of
from audits.services.certification_telling import differences, tell
from audittrail.services import Draft
from common.exceptions import RuleBroken
from governance.services.texts import line, lines
from projects.models import Project
from projects.services.guards import lock_project, require_capability, write_versioned
from projects.services.refs import next_ref

KIND = "external audit"
AHEAD = (ExternalAuditState.PLANNED, ExternalAuditState.BOOKED)
DAYS = {ExternalAuditKind.STAGE_1: 2, ExternalAuditKind.STAGE_2: 3}
CERTIFIES = (ExternalAuditKind.STAGE_2, ExternalAuditKind.FOLLOW_UP, ExternalAuditKind.RECERTIFICATION)


@dataclass(frozen=True, slots=True)
class ExternalFacts:
    """What is known of an audit before it is held; `booked` once its days are agreed with who comes."""

    kind: str
    starts_on: date | None
    ends_on: date | None
    body: CertificationBody | None = None
    auditors: str = ""
    scope: str = ""
    booked: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What an audit came to. `report` is the key of the item that holds its report."""

    outcome: str
    words: str
    ended_on: date | None = None
    certificate_number: str = ""
    certificate_until: date | None = None
    report: str = ""


@transaction.atomic
def plan_external_audits(*, acting_user: User | None, project: Project) -> int:
    """Plan the audits of a round of certification from the day that phase 3 ends; those that stand stay as they are.

    Returns how many are new. One trail event, or none. Raises NotPermitted, RuleBroken where phase 3 has no day.
    """
    require_capability(acting_user, "certification.manage", project)
    phase_3 = end_of_phase_3(project)
    if phase_3 is None:
        raise RuleBroken(_("Phase 3 has no last day yet. Plan it, then the audits follow from it."))
    there = {
        row.kind: row.starts_on
        for row in ExternalAudit.objects.filter(project=project).exclude(state=ExternalAuditState.CANCELLED)
    }
    days = planned_days(phase_3, there)
    body = CertificationBody.objects.filter(project=project, state=BodyState.CHOSEN).first()
    made = [
        ExternalAudit(
            project=project,
            ref=next_ref(project, "X", series="external audit"),
            kind=kind,
            body=body,
            starts_on=day,
            ends_on=day + timedelta(days=DAYS.get(ExternalAuditKind(kind), 2) - 1),
        )
        for kind, day in ((kind, weekday(day)) for kind, day in days.items())
        if kind not in there
    ]
    if made:
        ExternalAudit.objects.bulk_create(made)
        said: dict[str, object] = {row.ref: [None, row.starts_on.isoformat()] for row in made}
        tell(acting_user, project, Draft("plan all", KIND, "round", "", said))
    return len(made)


@transaction.atomic
def add_external_audit(*, acting_user: User | None, project: Project, facts: ExternalFacts) -> ExternalAudit:
    """Plan one audit. One trail event. Raises NotPermitted, RuleBroken, DoesNotExist for a body of another project."""
    require_capability(acting_user, "certification.manage", project)
    values = _checked(project, facts)
    row = ExternalAudit.objects.create(project=project, ref=next_ref(project, "X", series="external audit"), **values)
    tell(acting_user, project, Draft("plan", KIND, row.ref, _label(row), {"from": [None, row.starts_on.isoformat()]}))
    return row


@transaction.atomic
def change_external_audit(
    *, acting_user: User | None, audit: ExternalAudit, version: int, facts: ExternalFacts
) -> ExternalAudit:
    """Change an audit that was not held yet. One trail event, or none. Raises NotPermitted, StaleWrite, RuleBroken."""
    fresh = _own(audit)
    require_capability(acting_user, "certification.manage", fresh.project)
    _refuse_settled(fresh)
    values = _checked(fresh.project, facts)
    changes = differences(fresh, values)
    changes = {name: [str(before or ""), str(after or "")] for name, (before, after) in changes.items()}
    if not changes:
        return fresh
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={_("From"): fresh.starts_on, _("Until"): fresh.ends_on, _("Auditors"): fresh.auditors},
        sent={_("From"): values["starts_on"], _("Until"): values["ends_on"], _("Auditors"): values["auditors"]},
    )
    action = "book" if "state" in changes and fresh.state == ExternalAuditState.BOOKED else "change"
    tell(acting_user, fresh.project, Draft(action, KIND, fresh.ref, _label(fresh), dict(changes)))
    return fresh


@transaction.atomic
def hold_external_audit(*, acting_user: User | None, audit: ExternalAudit, version: int, held: Held) -> ExternalAudit:
    """Say what an audit came to. One trail event. Its findings go on the register of findings.

    Raises NotPermitted, StaleWrite, RuleBroken without words or an outcome, for a day to come, for a certificate that
    such an audit does not give.
    """
    fresh = _own(audit)
    project = fresh.project
    require_capability(acting_user, "certification.manage", project)
    _refuse_settled(fresh)
    if held.outcome not in ExternalAuditOutcome.values or not held.outcome:
        raise RuleBroken(_("Say what it came to."), field="outcome")
    ended = day_gone(held.ended_on, "ended_on", project)
    if ended < fresh.starts_on:
        raise RuleBroken(_("It had not begun then."), field="ended_on")
    number = line(held.certificate_number, "certificate_number", 60)
    until = any_day(held.certificate_until, "certificate_until")
    if (number or until) and (fresh.kind not in CERTIFIES or held.outcome == ExternalAuditOutcome.NOT_PASSED):
        raise RuleBroken(
            _("No certificate comes of this audit. Leave its number and day empty."), field="certificate_number"
        )
    if until is not None and until <= ended:
        raise RuleBroken(_("The certificate would have ended already."), field="certificate_until")
    values: dict[str, object] = {
        "state": ExternalAuditState.HELD,
        "outcome": held.outcome,
        "ends_on": ended,
        "words": lines(held.words, "words", needed=_("Say in a few words what they said.")),
        "certificate_number": number,
        "certificate_until": until,
        "report": proof_of(acting_user, project, held.report, "report"),
    }
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={_("State"): ExternalAuditState(fresh.state).label},
        sent={_("State"): ExternalAuditState.HELD.label},
    )
    said: dict[str, object] = {"outcome": [None, held.outcome]}
    if until is not None:
        said["certificate until"] = [None, until.isoformat()]
    tell(acting_user, project, Draft("hold", KIND, fresh.ref, _label(fresh), said))
    return fresh


@transaction.atomic
def cancel_external_audit(*, acting_user: User | None, audit: ExternalAudit, version: int, why: str) -> ExternalAudit:
    """Let an audit go, with words. One trail event. Raises NotPermitted, StaleWrite, RuleBroken."""
    fresh = _own(audit)
    require_capability(acting_user, "certification.manage", fresh.project)
    _refuse_settled(fresh)
    said = line(why, "why", 300, needed=_("Say why it does not take place."))
    write_versioned(
        fresh,
        version=version,
        values={"state": ExternalAuditState.CANCELLED, "words": said},
        shown={_("State"): ExternalAuditState(fresh.state).label},
        sent={_("State"): ExternalAuditState.CANCELLED.label},
    )
    tell(acting_user, fresh.project, Draft("cancel", KIND, fresh.ref, _label(fresh), {}, said))
    return fresh


def _own(audit: ExternalAudit) -> ExternalAudit:
    """The audit as it stands now, its project locked for the rest of the transaction."""
    project = audit.project
    lock_project(project)
    fresh = ExternalAudit.objects.select_related("body").get(pk=audit.pk, project_id=project.pk)
    fresh.project = project
    return fresh


def _label(row: ExternalAudit) -> str:
    return str(ExternalAuditKind(row.kind).label)


def _refuse_settled(row: ExternalAudit) -> None:
    if row.state not in AHEAD:
        state = str(ExternalAuditState(row.state).label).lower()
        raise RuleBroken(_("%(ref)s is %(state)s already.") % {"ref": row.ref, "state": state})


def _checked(project: Project, facts: ExternalFacts) -> dict[str, object]:
    if facts.kind not in ExternalAuditKind.values:
        raise RuleBroken(_("Choose which audit it is."), field="kind")
    starts_on, ends_on = any_day(facts.starts_on, "starts_on"), any_day(facts.ends_on, "ends_on")
    if starts_on is None:
        raise RuleBroken(_("Say when it begins."), field="starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken(_("It would end before it begins."), field="ends_on")
    if facts.body is not None and facts.body.project_id != project.pk:
        raise CertificationBody.DoesNotExist
    return {
        "kind": facts.kind,
        "starts_on": starts_on,
        "ends_on": ends_on or starts_on,
        "body": facts.body,
        "auditors": line(facts.auditors, "auditors", 200),
        "scope": lines(facts.scope, "scope", 2000),
        "state": ExternalAuditState.BOOKED if facts.booked else ExternalAuditState.PLANNED,
    }
