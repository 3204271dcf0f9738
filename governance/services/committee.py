"""The committee of a project: who oversees it, on which terms, and who takes over afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from common.texts import clean_line, clean_text, same_name
from documents.models import Document
from governance.models import Committee, Oversight
from governance.selectors.committee import joinable
from projects.models import Project
from projects.services.guards import LAST_DAY, require_capability, write_versioned

LONGEST_NAME, LONGEST_TEXT, LARGEST_QUORUM = 120, 4000, 50


@dataclass(frozen=True, slots=True)
class CommitteeFacts:
    """What a committee is for: its name, and what was agreed about it. `quorum` None asks for no number."""

    name: str
    purpose: str = ""
    authorities: str = ""
    responsibilities: str = ""
    quorum: int | None = None


@transaction.atomic
def set_up_committee(
    *,
    acting_user: User | None,
    project: Project,
    facts: CommitteeFacts,
    agreed_on: date | None = None,
    terms: Document | None = None,
) -> Oversight:
    """Found a committee that oversees `project`, on terms that were agreed on that day. One trail event.

    Raises NotPermitted; RuleBroken where a committee oversees it already, for a name that is taken, or a day ahead.
    """
    require_capability(acting_user, "governance.prepare", project)
    _check_free(project)
    values = _checked(project, facts)
    agreed = _agreed(project, agreed_on, terms)
    committee = Committee.objects.create(organization_id=project.organization_id, created_at=clock.now(), **values)
    oversight = Oversight.objects.create(project=project, committee=committee, **agreed)
    said = {name: [None, value] for name, value in values.items() if value}
    _tell(acting_user, project, committee, "set up", {**said, **_agreed_in_words(agreed)})
    return oversight


@transaction.atomic
def join_committee(
    *, acting_user: User | None, project: Project, committee: Committee, agreed_on: date | None = None, why: str = ""
) -> Oversight:
    """Let a committee of the same organization oversee `project` too. One trail event.

    Where another one does already the chair moves the project, and says why. Raises NotPermitted, RuleBroken, and
    Committee.DoesNotExist for one of another organization or of projects that the person cannot see.
    """
    require_capability(acting_user, "governance.prepare", project)
    if not joinable(project, acting_user).filter(pk=committee.pk).exists():
        raise Committee.DoesNotExist
    agreed = _agreed(project, agreed_on, None)
    before = Oversight.objects.select_related("committee").filter(project=project).first()
    if before is None:
        oversight = Oversight.objects.create(project=project, committee=committee, **agreed)
        _tell(acting_user, project, committee, "oversee", _agreed_in_words(agreed))
        return oversight
    require_capability(acting_user, "governance.decide", project)
    said = clean_line(why)[:300]
    if before.committee_id == committee.pk:
        raise RuleBroken(_("This committee oversees the project already."))
    if not said:
        raise RuleBroken(_("Say why another committee takes over: an auditor will ask."), field="why")
    left = before.committee.name
    write_versioned(
        before, version=before.version, values={"committee": committee, "terms": None, **agreed}, shown={}, sent={}
    )
    _tell(acting_user, project, committee, "move", {"committee": [left, committee.name]}, said)
    return before


@transaction.atomic
def change_committee(*, acting_user: User | None, project: Project, version: int, facts: CommitteeFacts) -> Committee:
    """Change what a committee is called, is for and may do, in all projects that it oversees.

    One trail event in each of them, or none for no change. Raises NotPermitted where the person may not prepare
    governance in all, StaleWrite, RuleBroken, Oversight.DoesNotExist.
    """
    found = Oversight.objects.select_related("committee").get(project=project)
    committee = found.committee
    # In one order, so that two who begin from two projects wait for each other and not both.
    overseen = list(Project.objects.filter(oversight__committee=committee).order_by("pk"))
    for each in overseen:
        _require_in_all(acting_user, each, project)
    committee.refresh_from_db()
    values = _checked(project, facts, besides=committee)
    before = {name: getattr(committee, name) for name in values}
    changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if not changes and committee.version == version:
        return committee
    labels = _labels()
    write_versioned(
        committee,
        version=version,
        values=values,
        shown={labels[name]: _shown(value) for name, value in before.items()},
        sent={labels[name]: _shown(value) for name, value in values.items()},
    )
    for each in overseen:
        _tell(acting_user, each, committee, "change", changes)
    return committee


def _require_in_all(acting_user: User | None, each: Project, project: Project) -> None:
    try:
        require_capability(acting_user, "governance.prepare", each)
    except NotPermitted:
        if each.pk == project.pk:
            raise
        raise NotPermitted(
            _("This committee oversees projects that you do not prepare. Ask somebody who prepares all of them.")
        ) from None


@transaction.atomic
def agree_terms(
    *, acting_user: User | None, project: Project, version: int, agreed_on: date | None, terms: Document | None
) -> Oversight:
    """Note when the terms were agreed for `project`, and which document they stand in. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken for a day ahead, Oversight.DoesNotExist.
    """
    require_capability(acting_user, "governance.prepare", project)
    return _write(acting_user, project, version, "agree", _agreed(project, agreed_on, terms))


@transaction.atomic
def name_successor(
    *,
    acting_user: User | None,
    project: Project,
    version: int,
    successor: str,
    tasks: str = "",
    from_day: date | None = None,
) -> Oversight:
    """Name the group that takes over when the project ends, what it does, and from when. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken without a name, Oversight.DoesNotExist.
    """
    require_capability(acting_user, "governance.prepare", project)
    name = _line(successor, "successor", _("Name the group: “Service management board”, say."))
    if from_day is not None and from_day > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="from_day")
    values = {"successor": name, "successor_tasks": _text(tasks, "tasks"), "successor_from": from_day}
    return _write(acting_user, project, version, "name successor", values)


def _write(
    acting_user: User | None, project: Project, version: int, action: str, values: Mapping[str, object]
) -> Oversight:
    oversight = Oversight.objects.select_related("committee", "terms").get(project=project)
    before = {name: getattr(oversight, name) for name in values}
    changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if not changes and oversight.version == version:
        return oversight
    labels = _labels()
    write_versioned(
        oversight,
        version=version,
        values=values,
        shown={labels[name]: _shown(value) for name, value in before.items()},
        sent={labels[name]: _shown(value) for name, value in values.items()},
    )
    said = {name.replace("_", " "): [_plain(old), _plain(new)] for name, (old, new) in changes.items()}
    _tell(acting_user, project, oversight.committee, action, said)
    return oversight


def _check_free(project: Project) -> None:
    if Oversight.objects.filter(project=project).exists():
        raise RuleBroken(_("A committee oversees this project already."))


def _checked(project: Project, facts: CommitteeFacts, *, besides: Committee | None = None) -> dict[str, object]:
    name = _line(facts.name, "name", _("Give the committee a name."))
    others = Committee.objects.filter(organization=project.organization_id)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if same_name(name) in {same_name(taken) for taken in others.values_list("name", flat=True)}:
        raise RuleBroken(
            _("The organization has a committee of this name. Let it oversee this project too, or take another name."),
            field="name",
        )
    if facts.quorum is not None and not 1 <= facts.quorum <= LARGEST_QUORUM:
        raise RuleBroken(
            _("A quorum is a number from 1 to %(most)d; leave it empty for none.") % {"most": LARGEST_QUORUM},
            field="quorum",
        )
    return {
        "name": name,
        "purpose": _text(facts.purpose, "purpose"),
        "authorities": _text(facts.authorities, "authorities"),
        "responsibilities": _text(facts.responsibilities, "responsibilities"),
        "quorum": facts.quorum,
    }


def _agreed(project: Project, agreed_on: date | None, terms: Document | None) -> dict[str, object]:
    if agreed_on is not None and agreed_on > clock.today(project.time_zone):
        raise RuleBroken(
            _("This day lies ahead. Note the day when everybody has said yes to the terms."), field="agreed_on"
        )
    if terms is not None and terms.project_id != project.pk:
        raise Document.DoesNotExist
    return {"agreed_on": agreed_on, "terms": terms}


def _agreed_in_words(agreed: Mapping[str, object]) -> dict[str, object]:
    return {name.replace("_", " "): [None, _plain(value)] for name, value in agreed.items() if value is not None}


def _line(text: str, field: str, needed: str) -> str:
    said = clean_line(text)
    if not said:
        raise RuleBroken(needed, field=field)
    if len(said) > LONGEST_NAME:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST_NAME}, field=field)
    return said


def _text(text: str, field: str) -> str:
    said = clean_text(text)
    if len(said) > LONGEST_TEXT:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST_TEXT}, field=field)
    return said


def _labels() -> dict[str, str]:
    return {
        "name": _("Name"),
        "purpose": _("What it is for"),
        "authorities": _("What it may decide"),
        "responsibilities": _("What it answers for"),
        "quorum": _("Quorum"),
        "agreed_on": _("Agreed on"),
        "terms": _("Document"),
        "successor": _("Group that takes over"),
        "successor_tasks": _("Its tasks"),
        "successor_from": _("From"),
    }


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    # The trail is read by more people than a confidential document: it names the number.
    return value.number if isinstance(value, Document) else value


def _shown(value: object) -> str:
    plain = _plain(value)
    return "" if plain is None else str(plain)


def _tell(
    acting_user: User | None,
    project: Project,
    committee: Committee,
    action: str,
    changes: Mapping[str, object],
    reason: str = "",
) -> None:
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "committee", str(committee.pk), committee.name, dict(changes), reason),
    )
