"""An internal audit: planned, given its auditors, begun, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import AuditState
from audits.domain.impartial import order_of
from audits.models import Audit, AuditClause, AuditTeam, CheckItem, Programme
from audits.selectors.impartiality import Candidate, candidates, ties_of, why_refused
from audits.services.programmes import usual_criteria, usual_methods
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from governance.services.texts import line, lines
from phases.selectors.clauses import clause_titles
from projects.choices import Edition
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import LAST_DAY, lock_project, require, require_capability, write_versioned
from projects.services.refs import next_ref

KIND = "audit"
MOST_PEOPLE = 12
OPEN = (AuditState.PLANNED, AuditState.UNDERWAY)


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """What an audit is planned as."""

    title: str
    edition: str
    starts_on: date | None
    ends_on: date | None
    clauses: Sequence[str]
    scope: str = ""
    criteria: str = ""
    methods: str = ""
    programme: Programme | None = None


@dataclass(frozen=True, slots=True)
class Auditor:
    """Somebody who is to audit (of `candidates`), and what makes them able to."""

    person: Candidate
    is_lead: bool = False
    competence: str = ""


@transaction.atomic
def plan_audit(*, acting_user: User | None, project: Project, facts: AuditFacts) -> Audit:
    """Plan an audit. One trail event. Raises NotPermitted, RuleBroken at the field that is wrong."""
    require_capability(acting_user, "audits.manage", project)
    values = _checked(project, facts)
    clauses = values.pop("clauses")
    audit = Audit.objects.create(project=project, ref=next_ref(project, "IA"), created_at=clock.now(), **values)
    _put_clauses(audit, clauses)
    record(acting_user, audit, "plan", {"clauses": clauses})
    return audit


@transaction.atomic
def change_audit(*, acting_user: User | None, project: Project, ref: str, version: int, facts: AuditFacts) -> Audit:
    """Change the plan of an audit that was not begun. One trail event, or none where nothing changes.

    Refused where an auditor would then audit their own work. Raises NotPermitted, RuleBroken, StaleWrite,
    Audit.DoesNotExist.
    """
    require_capability(acting_user, "audits.manage", project)
    audit = own_audit(project, ref)
    if audit.state != AuditState.PLANNED:
        raise RuleBroken(_("This audit was begun; its plan stays as it is."))
    values = _checked(project, facts)
    clauses = values.pop("clauses")
    before = clauses_of(audit)
    if values["edition"] != audit.edition and audit.items.exists():
        raise RuleBroken(_("Its checklist is of the other edition."), field="edition")
    changes = {name: [getattr(audit, name), value] for name, value in values.items() if getattr(audit, name) != value}
    if clauses != before:
        changes["clauses"] = [before, clauses]
    if not changes and audit.version == version:
        return audit
    _refuse_own_work(audit, [each.party for each in team_of(audit)], clauses, values["edition"], "clauses")
    write_versioned(
        audit,
        version=version,
        values=values,
        shown={name: _plain(pair[0]) for name, pair in changes.items()},
        sent={name: _plain(pair[1]) for name, pair in changes.items()},
    )
    if clauses != before:
        AuditClause.objects.filter(audit=audit).exclude(clause__in=clauses).delete()
        _put_clauses(audit, [clause for clause in clauses if clause not in before])
    record(acting_user, audit, "change", {name: _plain(pair[1]) for name, pair in changes.items()})
    return audit


@transaction.atomic
def name_auditors(
    *, acting_user: User | None, project: Project, ref: str, version: int, auditors: Sequence[Auditor]
) -> Audit:
    """Say who audits; one of them leads. Nobody is taken who did, or answers for, what the audit looks at.

    One trail event. Raises NotPermitted, RuleBroken (with the reason, for each who is refused), StaleWrite,
    Audit.DoesNotExist.
    """
    require_capability(acting_user, "audits.manage", project)
    audit = own_audit(project, ref)
    if audit.state not in OPEN:
        raise RuleBroken(_("This audit is over."))
    known = candidates(project)
    # Who only audits gets a party with their first audit, so an older form may name them by their account still.
    now = {each.key: each for each in known} | {f"u{each.user.pk}": each for each in known if each.user is not None}
    people = [now.get(each.person.key) for each in auditors]
    keys = [each.key for each in people if each is not None]
    if len(keys) > MOST_PEOPLE or len(set(keys)) != len(keys):
        raise RuleBroken(_("Name each person once, and %(most)d at most.") % {"most": MOST_PEOPLE}, field="auditors")
    if len(keys) < len(people):
        raise RuleBroken(_("Name people of this project; a group cannot audit."), field="auditors")
    parties = [_party(project, each) for each in people if each is not None]
    if parties and sum(each.is_lead for each in auditors) != 1:
        raise RuleBroken(_("Say which one of them leads the audit."), field="lead")
    if audit.state == AuditState.UNDERWAY and not parties:
        raise RuleBroken(_("An audit that was begun keeps its lead."), field="auditors")
    _refuse_own_work(audit, parties, clauses_of(audit), audit.edition, "auditors")
    before = [_member(each.party.name, each.is_lead) for each in team_of(audit)]
    write_versioned(audit, version=version, values={}, shown={_("Auditors"): ", ".join(before)}, sent={})
    AuditTeam.objects.filter(audit=audit).delete()
    AuditTeam.objects.bulk_create(
        [
            AuditTeam(
                project=project,
                audit=audit,
                party=party,
                is_lead=each.is_lead,
                competence=line(each.competence, "auditors", 200),
            )
            for party, each in zip(parties, auditors, strict=True)
        ]
    )
    after = [_member(party.name, each.is_lead) for party, each in zip(parties, auditors, strict=True)]
    record(acting_user, audit, "name auditors", {"auditors": after}, {"auditors": before})
    return audit


@transaction.atomic
def begin_audit(*, acting_user: User | None, project: Project, ref: str, version: int) -> Audit:
    """Begin an audit: who manages audits, or its lead. It needs a lead, clauses and a checklist. One trail event.

    Impartiality is looked at again, since people get other work. Raises NotPermitted, RuleBroken, StaleWrite.
    """
    lock_project(project)
    audit = own_audit(project, ref)
    access = access_to(project, acting_user)
    team = team_of(audit)
    if not access.can("audits.manage"):
        require(access.can("audits.conduct"))
        require_auditor(audit, acting_user, lead=True)
    if audit.state != AuditState.PLANNED:
        raise RuleBroken(_("This audit was begun already, or is over."))
    if not any(each.is_lead for each in team):
        raise RuleBroken(_("Name who leads the audit first."))
    if not CheckItem.objects.filter(audit=audit).exists():
        raise RuleBroken(_("Make the checklist first."))
    _refuse_own_work(audit, [each.party for each in team], clauses_of(audit), audit.edition, "")
    write_versioned(
        audit,
        version=version,
        values={"state": AuditState.UNDERWAY},
        shown={_("State"): audit.get_state_display()},
        sent={_("State"): AuditState.UNDERWAY.label},
    )
    record(acting_user, audit, "begin", {"auditors": [_member(each.party.name, each.is_lead) for each in team]})
    return audit


@transaction.atomic
def cancel_audit(*, acting_user: User | None, project: Project, ref: str, version: int, why: str) -> Audit:
    """Give an audit up, with words; its clauses count as not looked at. One trail event.

    Raises NotPermitted, RuleBroken without words or once it was reported, StaleWrite.
    """
    require_capability(acting_user, "audits.manage", project)
    audit = own_audit(project, ref)
    if audit.state not in OPEN:
        raise RuleBroken(_("This audit is over."))
    said = line(why, "why", 300, needed=_("Say in a line why it is not held."))
    write_versioned(
        audit,
        version=version,
        values={"state": AuditState.CANCELLED, "state_reason": said},
        shown={_("State"): audit.get_state_display()},
        sent={_("State"): AuditState.CANCELLED.label},
    )
    record(acting_user, audit, "cancel", {}, reason=said)
    return audit


def own_audit(project: Project, ref: str) -> Audit:
    """The audit `ref` of `project`. Raises Audit.DoesNotExist."""
    audit = Audit.objects.select_related("programme", "report").get(project=project, ref=ref)
    audit.project = project
    return audit


def clauses_of(audit: Audit) -> list[str]:
    """The clauses that an audit names, in the order of the standard. One query."""
    return sorted(AuditClause.objects.filter(audit=audit).values_list("clause", flat=True), key=order_of)


def team_of(audit: Audit) -> list[AuditTeam]:
    """Who audits, the lead first. One query."""
    return list(AuditTeam.objects.filter(audit=audit).select_related("party__user").order_by("-is_lead", "party__name"))


def require_auditor(audit: Audit, user: User | None, *, lead: bool = False) -> None:
    """Raise NotPermitted unless `user` is one of the auditors of `audit`, or (`lead`) leads it.

    The application itself may. A manager who is not named may not: an audit belongs to its auditors.
    """
    if user is None:
        return
    team = AuditTeam.objects.filter(audit=audit, party__user=user)
    if not (team.filter(is_lead=True) if lead else team).exists():
        raise NotPermitted(
            _("Only who leads this audit can do this.") if lead else _("Only the auditors of this audit can do this.")
        )


def record(
    acting_user: User | None,
    audit: Audit,
    action: str,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record an act on `audit`, last in its service."""
    was = before or {}
    record_event(
        stream_id=audit.project.uuid,
        acting_user=acting_user,
        draft=Draft(
            action, KIND, audit.ref, str(audit), {name: [was.get(name), value] for name, value in after.items()}, reason
        ),
    )


def _refuse_own_work(audit: Audit, parties: Sequence[Party], clauses: Sequence[str], edition: str, field: str) -> None:
    if not parties:
        return
    ties = ties_of(audit.project, edition, but=audit.pk)
    refused = [why_refused(party.name, ties.conflicts(party.pk, clauses)) for party in parties]
    if any(refused):
        raise RuleBroken(" ".join(each for each in refused if each), field=field)


def _party(project: Project, person: Candidate) -> Party:
    """The party of a candidate; who only audits gets one that cannot be made responsible for anything."""
    if person.party is not None:
        return person.party
    name, number = person.name[:120], 2
    while Party.objects.filter(project=project, name=name).exists():
        name, number = f"{person.name[:114]} {number}", number + 1
    return Party.objects.create(
        project=project, name=name, user=person.user, email=person.user.email if person.user else "", is_active=False
    )


def _put_clauses(audit: Audit, clauses: Sequence[str]) -> None:
    AuditClause.objects.bulk_create(
        [AuditClause(project=audit.project, audit=audit, clause=clause) for clause in clauses]
    )


def _member(name: str, is_lead: bool) -> str:
    return f"{name} ({_('lead')})" if is_lead else name


def _plain(value: Any) -> Any:
    return value.title if isinstance(value, Programme) else value


def _checked(project: Project, facts: AuditFacts) -> dict[str, Any]:
    title = line(facts.title, "title", 160, needed=_("Give the audit a name."))
    if facts.edition not in Edition.values:
        raise RuleBroken(_("Choose one of the list."), field="edition")
    if facts.programme is not None:
        if facts.programme.project_id != project.pk:
            raise Programme.DoesNotExist
        if facts.programme.edition != facts.edition:
            raise RuleBroken(_("The programme is for the other edition."), field="programme")
    if facts.starts_on is None:
        raise RuleBroken(_("Say when it begins."), field="starts_on")
    ends_on = facts.ends_on or facts.starts_on
    if ends_on < facts.starts_on:
        raise RuleBroken(_("The end lies before the beginning."), field="ends_on")
    if ends_on > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="ends_on")
    titles = clause_titles()[facts.edition]
    clauses = sorted(dict.fromkeys(facts.clauses), key=order_of)
    if not clauses:
        raise RuleBroken(_("Choose at least one clause."), field="clauses")
    unknown = [clause for clause in clauses if clause not in titles]
    if unknown:
        raise RuleBroken(
            _("There is no clause %(clause)s in this edition.") % {"clause": unknown[0][:12]}, field="clauses"
        )
    return {
        "title": title,
        "scope": lines(facts.scope, "scope"),
        "criteria": lines(facts.criteria, "criteria") or usual_criteria(facts.edition),
        "methods": lines(facts.methods, "methods") or usual_methods(),
        "edition": facts.edition,
        "programme": facts.programme,
        "starts_on": facts.starts_on,
        "ends_on": ends_on,
        "clauses": clauses,
    }
