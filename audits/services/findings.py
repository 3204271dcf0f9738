"""The register of findings, of whatever source: raised, described, graded, handed to an owner, taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import FindingSource, FindingState, Grade
from audits.domain.correcting import NONCONFORMITIES, UNSETTLED
from audits.finding_permissions import may_describe, may_handle, may_raise, people_of
from audits.models import Audit, AuditFinding, CheckItem, ExternalAudit, FindingEvidence
from audits.services.finding_telling import OWNED, YOURS, tell_finding, tell_people
from common import clock
from common.exceptions import RuleBroken
from evidence.choices import ItemState
from evidence.models import EvidenceItem
from evidence.selectors import seen_by
from governance.services.texts import line, lines
from phases.selectors.clauses import clause_order, clause_titles
from projects.choices import Edition
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import LAST_DAY, lock_project, require, write_versioned
from projects.services.refs import next_ref

MOST_CLAUSES = 20
MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """What was found. `edition` "" is that of the project, `seen_on` None today; `items` are keys of evidence."""

    title: str
    found: str
    grade: str
    source: str = FindingSource.OWN
    clauses: Sequence[str] = ()
    edition: str = ""
    proof: str = ""
    component: str = ""
    source_words: str = ""
    seen_on: date | None = None
    owner: Party | None = None
    due: date | None = None
    items: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a finding is corrected: by whom, what was put right at once, why it came about, and by when it is done."""

    owner: Party | None = None
    correction: str = ""
    corrected_on: date | None = None
    cause: str = ""
    due: date | None = None
    verify_on: date | None = None


@transaction.atomic
def raise_finding(
    *,
    acting_user: User | None,
    project: Project,
    facts: FindingFacts,
    audit: Audit | None = None,
    external_audit: ExternalAudit | None = None,
    check_item: CheckItem | None = None,
) -> AuditFinding:
    """Put a finding on the register; its owner is told. One trail event.

    Who raises findings by their role does, and in an internal audit its team. Raises NotPermitted, RuleBroken at the
    field that is wrong, DoesNotExist for what belongs to another project.
    """
    lock_project(project)
    require(may_raise(access_to(project, acting_user), audit.pk if audit is not None else None))
    for origin in (audit, external_audit, check_item):
        if origin is not None and origin.project_id != project.pk:
            raise type(origin).DoesNotExist
    values = _described(project, facts)
    owner = _party(project, facts.owner)
    due = _due(project, facts.due)
    items = items_for(acting_user, project, facts.items)
    finding = AuditFinding.objects.create(
        project=project,
        ref=next_ref(project, "F"),
        audit=audit,
        external_audit=external_audit,
        check_item=check_item,
        raised_by=acting_user,
        raised_at=clock.now(),
        owner=owner,
        due=due,
        **values,
    )
    _link(acting_user, finding, items)
    _tell_owner(acting_user, finding)
    said: dict[str, object] = {
        "grade": [None, finding.grade],
        "source": [None, finding.source],
        "clauses": [None, ", ".join(finding.clauses)],
    }
    if owner is not None:
        said["owner"] = [None, owner.name]
    if items:
        said["item"] = [None, ", ".join(item.key for item in items)]
    tell_finding(acting_user, finding, "raise", said)
    return finding


@transaction.atomic
def describe_finding(
    *, acting_user: User | None, finding: AuditFinding, version: int, facts: FindingFacts
) -> AuditFinding:
    """Put right what was found, where, and what shows it; not its grade. One trail event, or none.

    For who raised it, while it is not settled. Raises NotPermitted, StaleWrite, RuleBroken.
    """
    fresh = own_finding(finding)
    require(may_describe(fresh, access_to(fresh.project, acting_user)))
    refuse_settled(fresh)
    values = _described(fresh.project, facts)
    del values["grade"]
    return _write(acting_user, fresh, version, values, "describe")


@transaction.atomic
def treat_finding(*, acting_user: User | None, finding: AuditFinding, version: int, said: Treatment) -> AuditFinding:
    """Say who corrects a finding, how, why it came about and by when it is done. One trail event, or none.

    A finding that nobody acted on yet is being corrected from the first correction or cause on. A new owner is told.
    Raises NotPermitted, StaleWrite, RuleBroken.
    """
    fresh = own_finding(finding)
    project = fresh.project
    require(may_handle(fresh, access_to(project, acting_user)))
    refuse_settled(fresh)
    correction = lines(said.correction, "correction")
    cause = lines(said.cause, "cause")
    if fresh.state == FindingState.VERIFYING and fresh.grade in NONCONFORMITIES and not cause:
        raise RuleBroken(_("Its effect is awaited: the cause stays said."), field="cause")
    today = clock.today(project.time_zone)
    if said.corrected_on is not None and not correction:
        raise RuleBroken(_("Say what was put right."), field="correction")
    if said.corrected_on is not None and not fresh.seen_on <= said.corrected_on <= today:
        raise RuleBroken(_("Give a day between the finding and today."), field="corrected_on")
    values: dict[str, Any] = {
        "owner": fresh.owner if said.owner == fresh.owner else _party(project, said.owner),
        "correction": correction,
        "corrected_on": said.corrected_on,
        "cause": cause,
        "due": fresh.due if said.due == fresh.due else _due(project, said.due),
        "verify_on": fresh.verify_on
        if said.verify_on == fresh.verify_on
        else _due(project, said.verify_on, field="verify_on"),
    }
    if fresh.state == FindingState.OPEN and (correction or cause):
        values["state"] = FindingState.ACTING
    was = fresh.owner_id
    written = _write(acting_user, fresh, version, values, "treat")
    if written.owner_id != was:
        _tell_owner(acting_user, written)
    return written


@transaction.atomic
def grade_finding(
    *, acting_user: User | None, finding: AuditFinding, version: int, grade: str, reason: str
) -> AuditFinding:
    """Grade a finding anew, with a reason. One trail event, or none where it has that grade.

    For who raised it. One whose effect was awaited and that is no nonconformity any more is being corrected again.
    Raises NotPermitted, StaleWrite, RuleBroken.
    """
    fresh = own_finding(finding)
    require(may_describe(fresh, access_to(fresh.project, acting_user)))
    refuse_settled(fresh)
    if grade not in Grade.values:
        raise RuleBroken(_("Choose a grade."), field="grade")
    if grade == fresh.grade and fresh.version == version:
        return fresh
    said = line(reason, "reason", 300, needed=_("Say why it is graded anew: its history keeps your words."))
    values: dict[str, Any] = {"grade": grade}
    if fresh.state == FindingState.VERIFYING and grade not in NONCONFORMITIES:
        values["state"] = FindingState.ACTING
    return _write(acting_user, fresh, version, values, "grade", said)


@transaction.atomic
def withdraw_finding(*, acting_user: User | None, finding: AuditFinding, version: int, reason: str) -> AuditFinding:
    """Take a finding back that does not stand, with a reason; it stays on the register. One trail event.

    For who raised it. Raises NotPermitted, StaleWrite, RuleBroken.
    """
    fresh = own_finding(finding)
    require(may_describe(fresh, access_to(fresh.project, acting_user)))
    refuse_settled(fresh)
    said = line(reason, "reason", 300, needed=_("Say why it does not stand: it stays on the register with your words."))
    values = {"state": FindingState.WITHDRAWN, "state_reason": said}
    return _write(acting_user, fresh, version, values, "withdraw", said)


@transaction.atomic
def link_to_finding(*, acting_user: User | None, finding: AuditFinding, keys: Sequence[str]) -> AuditFinding:
    """Say that items show a finding or that it was corrected. One trail event, or none where all are linked already.

    For who raised it and who corrects it. Raises NotPermitted, RuleBroken.
    """
    fresh = own_finding(finding)
    access = access_to(fresh.project, acting_user)
    if not may_handle(fresh, access):
        require(may_describe(fresh, access))
    items = items_for(acting_user, fresh.project, keys, needed=True)
    new = _link(acting_user, fresh, items)
    if new:
        tell_finding(acting_user, fresh, "prove", {"item": [None, ", ".join(item.key for item in new)]})
    return fresh


@transaction.atomic
def unlink_from_finding(*, acting_user: User | None, finding: AuditFinding, key: str) -> None:
    """Take an item off a finding that is not settled. One trail event. Raises as `link_to_finding`."""
    fresh = own_finding(finding)
    access = access_to(fresh.project, acting_user)
    if not may_handle(fresh, access):
        require(may_describe(fresh, access))
    refuse_settled(fresh)
    item = items_for(acting_user, fresh.project, [key], needed=True, old_too=True)[0]
    gone, _rows = FindingEvidence.objects.filter(finding=fresh, item=item).delete()
    if gone:
        tell_finding(acting_user, fresh, "no longer prove", {"item": [item.key, None]})


def own_finding(finding: AuditFinding) -> AuditFinding:
    """The finding as it stands now, its project locked for the rest of the transaction."""
    project = finding.project
    lock_project(project)
    fresh = AuditFinding.objects.select_related("owner", "raised_by").get(pk=finding.pk, project_id=project.pk)
    fresh.project = project
    return fresh


def refuse_settled(finding: AuditFinding) -> None:
    """Raise RuleBroken for a finding on which nothing is to be done any more."""
    if finding.state not in UNSETTLED:
        state = str(FindingState(finding.state).label).lower()
        raise RuleBroken(_("%(ref)s is %(state)s.") % {"ref": finding.ref, "state": state})


def items_for(
    acting_user: User | None, project: Project, keys: Sequence[str], *, needed: bool = False, old_too: bool = False
) -> list[EvidenceItem]:
    """The items that `keys` name, as far as this person may see them. Raises RuleBroken at the field `items`."""
    wanted = list(dict.fromkeys(key for key in keys if key))
    if not wanted:
        if needed:
            raise RuleBroken(_("Choose evidence, or add it first."), field="items")
        return []
    if len(wanted) > MOST_ITEMS:
        raise RuleBroken(_("At most %(most)d items at once.") % {"most": MOST_ITEMS}, field="items")
    found = {item.key: item for item in seen_by(project, access_to(project, acting_user)).filter(key__in=wanted)}
    missing = [key for key in wanted if key not in found]
    if missing:
        raise RuleBroken(_("There is no item %(keys)s.") % {"keys": ", ".join(missing[:5])}, field="items")
    old = [key for key in wanted if found[key].state != ItemState.CURRENT]
    if old and not old_too:
        raise RuleBroken(_("%(keys)s no longer counts.") % {"keys": ", ".join(old[:5])}, field="items")
    return [found[key] for key in wanted]


def _link(acting_user: User | None, finding: AuditFinding, items: Iterable[EvidenceItem]) -> list[EvidenceItem]:
    there = set(FindingEvidence.objects.filter(finding=finding).values_list("item_id", flat=True))
    new = [item for item in items if item.pk not in there]
    FindingEvidence.objects.bulk_create(
        FindingEvidence(project=finding.project, finding=finding, item=item, added_by=acting_user, added_at=clock.now())
        for item in new
    )
    return new


def _described(project: Project, facts: FindingFacts) -> dict[str, Any]:
    if facts.grade not in Grade.values:
        raise RuleBroken(_("Choose a grade."), field="grade")
    if facts.source not in FindingSource.values:
        raise RuleBroken(_("Choose where it comes from."), field="source")
    edition = facts.edition or project.edition
    if edition not in Edition.values:
        raise RuleBroken(_("Choose an edition."), field="edition")
    today = clock.today(project.time_zone)
    seen_on = facts.seen_on or today
    if seen_on > today:
        raise RuleBroken(_("This day lies ahead."), field="seen_on")
    return {
        "grade": facts.grade,
        "source": facts.source,
        "source_words": line(facts.source_words, "source_words", 200),
        "edition": edition,
        "clauses": _clauses(edition, facts.clauses),
        "component": line(facts.component, "component", 10),
        "title": line(facts.title, "title", 160, needed=_("Say in a few words what was found.")),
        "found": lines(facts.found, "found", needed=_("Say what is, as somebody saw it.")),
        "proof": lines(facts.proof, "proof"),
        "seen_on": seen_on,
    }


def _clauses(edition: str, numbers: Iterable[str]) -> list[str]:
    known = clause_titles()[edition]
    wanted = sorted({number.strip() for number in numbers if number.strip()}, key=clause_order)
    unknown = [number for number in wanted if number not in known]
    if unknown:
        raise RuleBroken(
            _("Edition %(edition)s has no clause %(numbers)s.")
            % {"edition": edition, "numbers": ", ".join(each[:12] for each in unknown[:5])},
            field="clauses",
        )
    if len(wanted) > MOST_CLAUSES:
        raise RuleBroken(_("At most %(most)d clauses.") % {"most": MOST_CLAUSES}, field="clauses")
    return wanted


def _party(project: Project, party: Party | None) -> Party | None:
    if party is not None and party.project_id != project.pk:
        raise Party.DoesNotExist
    if party is not None and not party.is_active:
        raise RuleBroken(
            _("%(name)s is no longer with the project. Choose somebody else.") % {"name": party}, field="owner"
        )
    return party


def _due(project: Project, due: date | None, *, field: str = "due") -> date | None:
    if due is not None and not clock.today(project.time_zone) <= due <= LAST_DAY:
        raise RuleBroken(_("Give a day from today on."), field=field)
    return due


def _tell_owner(acting_user: User | None, finding: AuditFinding) -> None:
    if finding.owner_id is not None:
        tell_people(finding, YOURS, acting_user, people_of(finding.owner_id), OWNED)


def _write(
    acting_user: User | None,
    fresh: AuditFinding,
    version: int,
    values: Mapping[str, Any],
    action: str,
    reason: str = "",
) -> AuditFinding:
    """Write what changes and record it; nothing where nothing does."""
    changes = {name: [_plain(getattr(fresh, name)), _plain(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes and fresh.version == version:
        return fresh
    labels = field_labels()
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={labels.get(name, name): "" if pair[0] is None else pair[0] for name, pair in changes.items()},
        sent={labels.get(name, name): "" if pair[1] is None else pair[1] for name, pair in changes.items()},
    )
    tell_finding(
        acting_user, fresh, action, {name: pair for name, pair in changes.items() if name != "state_reason"}, reason
    )
    return fresh


def field_labels() -> dict[str, str]:
    """What the fields of a finding are called in a comparison of two texts."""
    return {
        "title": _("Title"),
        "found": _("What was found"),
        "proof": _("What shows it"),
        "clauses": _("Clauses"),
        "edition": _("Edition"),
        "component": _("Component"),
        "source": _("Source"),
        "source_words": _("More about the source"),
        "seen_on": _("Seen on"),
        "grade": _("Grade"),
        "owner": _("Owner"),
        "correction": _("Correction"),
        "corrected_on": _("Corrected on"),
        "cause": _("Cause"),
        "due": _("Due"),
        "verify_on": _("Effect looked at from"),
        "state": _("State"),
        "state_reason": _("Reason"),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(value)
    return value.name if isinstance(value, Party) else value
