"""The programme of internal audits: written, filled with audits, agreed, closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import AuditState, ProgrammeState
from audits.domain import programme as arithmetic
from audits.models import Audit, AuditClause, Programme
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from governance.services.texts import line, lines
from phases.selectors.clauses import clause_titles
from projects.choices import Edition, ProjectRole
from projects.models import Project
from projects.permissions import Access, access_to
from projects.services.guards import LAST_DAY, lock_project, require, require_capability, write_versioned
from projects.services.refs import next_ref

KIND = "audit programme"
LONGEST = timedelta(days=3 * 366)
MOST_AUDITS = 24


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """What a programme says of itself."""

    title: str
    edition: str
    starts_on: date | None
    ends_on: date | None
    aims: str = ""


@transaction.atomic
def begin_programme(*, acting_user: User | None, project: Project, facts: ProgrammeFacts) -> Programme:
    """Write down a programme, as a draft. One trail event. Raises NotPermitted, RuleBroken."""
    require_capability(acting_user, "audits.manage", project)
    row = Programme.objects.create(project=project, created_at=clock.now(), **_checked(facts))
    _record(acting_user, row, "begin", {"starts on": row.starts_on, "ends on": row.ends_on, "edition": row.edition})
    return row


@transaction.atomic
def change_programme(
    *, acting_user: User | None, project: Project, programme: Programme, version: int, facts: ProgrammeFacts
) -> Programme:
    """Change a programme. One that was agreed is a draft again, since others agreed to something else.

    One trail event, or none where nothing changes. Raises NotPermitted, RuleBroken, StaleWrite.
    """
    require_capability(acting_user, "audits.manage", project)
    fresh = own_programme(project, programme.pk)
    if fresh.state == ProgrammeState.CLOSED:
        raise RuleBroken(_("This programme is closed."))
    values = _checked(facts)
    if values["edition"] != fresh.edition and fresh.audits.exists():
        raise RuleBroken(_("Its audits look at clauses of the other edition."), field="edition")
    changes = {name: [getattr(fresh, name), value] for name, value in values.items() if getattr(fresh, name) != value}
    if not changes and fresh.version == version:
        return fresh
    shown = {name: pair[0] for name, pair in changes.items()}
    sent = {name: pair[1] for name, pair in changes.items()}
    if fresh.state == ProgrammeState.AGREED:
        values |= {"state": ProgrammeState.DRAFT, "agreed_by": None, "agreed_at": None}
    write_versioned(fresh, version=version, values=values, shown=shown, sent=sent)
    _record(acting_user, fresh, "change", sent)
    return fresh


@transaction.atomic
def propose_audits(
    *, acting_user: User | None, project: Project, programme: Programme, count: int, version: int
) -> list[Audit]:
    """Plan `count` audits that together look at every clause that no audit of the programme looks at yet.

    They lie evenly over what is left of it. One trail event for each. Raises NotPermitted, RuleBroken, StaleWrite.
    """
    require_capability(acting_user, "audits.manage", project)
    fresh = own_programme(project, programme.pk)
    if fresh.state == ProgrammeState.CLOSED:
        raise RuleBroken(_("This programme is closed."))
    if not 1 <= count <= MOST_AUDITS:
        raise RuleBroken(_("Plan between 1 and %(most)d audits.") % {"most": MOST_AUDITS}, field="count")
    today = clock.today(project.time_zone)
    starts_on = max(fresh.starts_on, today)
    if starts_on > fresh.ends_on:
        raise RuleBroken(_("The programme has ended. Change its days first."), field="count")
    titles = clause_titles()[fresh.edition]
    named = AuditClause.objects.filter(audit__programme=fresh).exclude(audit__state=AuditState.CANCELLED)
    left = arithmetic.missing(arithmetic.units(titles), [set(named.values_list("clause", flat=True))])
    if not left:
        raise RuleBroken(_("Every clause is in an audit already."), field="count")
    write_versioned(fresh, version=version, values={}, shown={}, sent={})
    runs = arithmetic.spread(left, count)
    made = []
    for clauses, (begins, ends) in zip(runs, arithmetic.days_for(starts_on, fresh.ends_on, len(runs)), strict=True):
        audit = Audit.objects.create(
            project=project,
            programme=fresh,
            ref=next_ref(project, "IA"),
            title=_title_of(clauses, titles),
            criteria=usual_criteria(fresh.edition),
            methods=usual_methods(),
            edition=fresh.edition,
            starts_on=begins,
            ends_on=ends,
            created_at=clock.now(),
        )
        AuditClause.objects.bulk_create(
            [AuditClause(project=project, audit=audit, clause=clause) for clause in clauses]
        )
        made.append(audit)
    for audit, clauses in zip(made, runs, strict=True):
        record_event(
            stream_id=project.uuid,
            acting_user=acting_user,
            draft=Draft("plan", "audit", audit.ref, str(audit), {"clauses": [None, list(clauses)]}),
        )
    return made


def may_agree(access: Access) -> bool:
    """Whether somebody may agree a programme: managers, and top management."""
    return access.is_system or bool(access.can("audits.manage")) or ProjectRole.TOP_MANAGEMENT in access.roles


@transaction.atomic
def agree_programme(*, acting_user: User | None, project: Project, programme: Programme, version: int) -> Programme:
    """Agree to a programme: top management or a manager, once every clause is in an audit. One trail event.

    Raises NotPermitted, RuleBroken, StaleWrite.
    """
    lock_project(project)
    access = access_to(project, acting_user)
    require(access.can("audits.view"))
    if not may_agree(access):
        raise NotPermitted(_("Top management or the project manager agrees to the programme."))
    fresh = own_programme(project, programme.pk)
    if fresh.state != ProgrammeState.DRAFT:
        raise RuleBroken(_("Only a draft can be agreed to."))
    named = AuditClause.objects.filter(audit__programme=fresh).exclude(audit__state=AuditState.CANCELLED)
    left = arithmetic.missing(
        arithmetic.units(clause_titles()[fresh.edition]), [set(named.values_list("clause", flat=True))]
    )
    if left:
        raise RuleBroken(
            _("No audit looks at %(clauses)s. Put them into an audit first.") % {"clauses": ", ".join(left[:8])}
        )
    write_versioned(
        fresh,
        version=version,
        values={"state": ProgrammeState.AGREED, "agreed_by": acting_user, "agreed_at": clock.now()},
        shown={_("State"): fresh.get_state_display()},
        sent={_("State"): ProgrammeState.AGREED.label},
    )
    _record(acting_user, fresh, "agree", {"audits": fresh.audits.count()})
    return fresh


@transaction.atomic
def close_programme(*, acting_user: User | None, project: Project, programme: Programme, version: int) -> Programme:
    """End a programme, once none of its audits is planned or under way. One trail event.

    Raises NotPermitted, RuleBroken, StaleWrite.
    """
    require_capability(acting_user, "audits.manage", project)
    fresh = own_programme(project, programme.pk)
    if fresh.state == ProgrammeState.CLOSED:
        raise RuleBroken(_("This programme is closed."))
    going = fresh.audits.filter(state__in=(AuditState.PLANNED, AuditState.UNDERWAY)).values_list("ref", flat=True)
    if going:
        raise RuleBroken(_("Report or cancel %(refs)s first.") % {"refs": ", ".join(going)})
    write_versioned(fresh, version=version, values={"state": ProgrammeState.CLOSED}, shown={}, sent={})
    _record(acting_user, fresh, "close", {})
    return fresh


def own_programme(project: Project, pk: int) -> Programme:
    """The programme `pk` of `project`. Raises Programme.DoesNotExist."""
    row = Programme.objects.get(project=project, pk=pk)
    row.project = project
    return row


def usual_criteria(edition: str) -> str:
    """What audits are held against where nobody says otherwise."""
    return _("ISO/IEC 20000-1:%(edition)s, our own documents in force, and what is agreed with customers.") % {
        "edition": edition
    }


def usual_methods() -> str:
    """How audits are done where nobody says otherwise."""
    return _("Talks with the people who do the work, samples of records, and watching the work itself.")


def _title_of(clauses: tuple[str, ...], titles: Mapping[str, str]) -> str:
    tops = list(dict.fromkeys(clause.split(".")[0] for clause in clauses))
    words = [titles.get(top, top) for top in tops]
    if len(tops) == 1:
        return f"{words[0]} ({clauses[0]} – {clauses[-1]})"[:160]
    return _("Clauses %(first)s to %(last)s") % {"first": clauses[0], "last": clauses[-1]}


def _checked(facts: ProgrammeFacts) -> dict[str, Any]:
    title = line(facts.title, "title", 160, needed=_("Give the programme a name."))
    if facts.edition not in Edition.values:
        raise RuleBroken(_("Choose one of the list."), field="edition")
    if facts.starts_on is None:
        raise RuleBroken(_("Say when it begins."), field="starts_on")
    if facts.ends_on is None:
        raise RuleBroken(_("Say when it ends."), field="ends_on")
    if facts.ends_on <= facts.starts_on:
        raise RuleBroken(_("The end lies before the beginning."), field="ends_on")
    if facts.ends_on - facts.starts_on > LONGEST or facts.ends_on > LAST_DAY:
        raise RuleBroken(_("A programme spans three years at most. One or two are usual."), field="ends_on")
    return {
        "title": title,
        "aims": lines(facts.aims, "aims"),
        "edition": facts.edition,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
    }


def _record(acting_user: User | None, row: Programme, action: str, changes: Mapping[str, Any]) -> None:
    record_event(
        stream_id=row.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, KIND, str(row.pk), row.title, {name: [None, value] for name, value in changes.items()}),
    )
