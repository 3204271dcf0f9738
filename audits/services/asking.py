"""Requests of auditors: asked, given, accepted or not enough, withdrawn; and the conversation of each, and of findings.

Of two people at once one acts; the other is told what stands by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import RequestState
from audits.domain.asking import AFTER, AWAITS_ANSWER
from audits.finding_permissions import may_answer, may_see_request, may_settle, people_of
from audits.models import AuditFinding, AuditMessage, AuditRequest, AuditRequestEvidence
from audits.services.finding_telling import (
    ANSWERED,
    ASKED,
    tell_finding,
    tell_people,
    tell_request,
)
from audits.services.findings import items_for, own_finding
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from evidence.services.links import link_activities
from governance.services.texts import day_to_come, lines
from phases.models import ProjectActivity
from phases.selectors.clauses import clause_titles
from projects.choices import Edition
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import lock_project, require, require_capability, write_versioned
from projects.services.refs import next_ref

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an auditor wants to see: in which words, of whom, by when, for which clause and activity."""

    text: str
    due: date | None
    asked_of: Party | None = None
    edition: str = ""
    clause: str = ""
    activity: ProjectActivity | None = None


@transaction.atomic
def ask(*, acting_user: User | None, project: Project, wanted: Wanted) -> AuditRequest:
    """Ask for proof as an auditor; who is asked is told. One trail event.

    Raises NotPermitted, RuleBroken at the field that is wrong, DoesNotExist for what belongs to another project.
    """
    require_capability(acting_user, "requests.ask", project)
    values = _checked(project, wanted)
    request = AuditRequest.objects.create(
        project=project, ref=next_ref(project, "AR"), asked_by=acting_user, asked_at=clock.now(), **values
    )
    if request.asked_of_id is not None:
        tell_people(request, ASKED, acting_user, people_of(request.asked_of_id))
    said: dict[str, object] = {"due": [None, request.due.isoformat()]}
    if request.asked_of is not None:
        said["of"] = [None, request.asked_of.name]
    if request.clause:
        said["clause"] = [None, f"{request.clause} ({request.edition})"]
    tell_request(acting_user, request, "ask for proof", said)
    return request


@transaction.atomic
def change_request(*, acting_user: User | None, request: AuditRequest, version: int, wanted: Wanted) -> AuditRequest:
    """Ask in other words, of somebody else or by another day, while it waits for an answer. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken.
    """
    require_capability(acting_user, "requests.ask", request.project)
    fresh = own_request(request)
    if fresh.state not in AWAITS_ANSWER:
        raise RuleBroken(_("%(ref)s does not wait for an answer.") % {"ref": fresh.ref})
    values = _checked(fresh.project, wanted, before=fresh)
    changes = {name: [_plain(getattr(fresh, name)), _plain(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes and fresh.version == version:
        return fresh
    was = fresh.asked_of_id
    labels = field_labels()
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={labels[name]: "" if pair[0] is None else pair[0] for name, pair in changes.items()},
        sent={labels[name]: "" if pair[1] is None else pair[1] for name, pair in changes.items()},
    )
    if fresh.asked_of_id != was:
        tell_people(fresh, ASKED, acting_user, people_of(fresh.asked_of_id))
    tell_request(acting_user, fresh, "change", changes)
    return fresh


@transaction.atomic
def give(
    *, acting_user: User | None, request: AuditRequest, version: int, keys: Sequence[str], words: str = ""
) -> AuditRequest:
    """Answer a request with evidence, with words, or with both; who asked is told. One trail event.

    What is given proves its activity from then on. Raises NotPermitted, StaleWrite, RuleBroken for nothing at all, an
    item that is not there or no longer counts, and a request that does not wait.
    """
    project = request.project
    lock_project(project)
    fresh = own_request(request)
    require(may_answer(fresh, access_to(project, acting_user)))
    if fresh.state not in AFTER or RequestState.GIVEN not in AFTER[fresh.state]:
        raise RuleBroken(_("%(ref)s does not wait for an answer.") % {"ref": fresh.ref})
    items = items_for(acting_user, project, keys)
    said = lines(words, "words", LONGEST)
    if not items and not said:
        raise RuleBroken(_("Choose what you give, or say where it can be seen."), field="items")
    _move(fresh, version, RequestState.GIVEN, {"settled_by": None, "settled_at": None})
    there = set(AuditRequestEvidence.objects.filter(request=fresh).values_list("item_id", flat=True))
    AuditRequestEvidence.objects.bulk_create(
        AuditRequestEvidence(project=project, request=fresh, item=item, added_by=acting_user, added_at=clock.now())
        for item in items
        if item.pk not in there
    )
    if fresh.activity is not None and items and access_to(project, acting_user).can("evidence.add"):
        for item in items:
            item.project = project
        link_activities(
            acting_user=acting_user, project=project, items=items, refs=[fresh.activity.ref], tell_trail=False
        )
    if said:
        _say(acting_user, said, request=fresh)
    if fresh.asked_by_id is not None:
        tell_people(fresh, ANSWERED, acting_user, [fresh.asked_by_id])
    changes: dict[str, object] = {"state": [None, RequestState.GIVEN]}
    if items:
        changes["item"] = [None, ", ".join(item.key for item in items)]
    tell_request(acting_user, fresh, "give", changes, said)
    return fresh


@transaction.atomic
def settle(
    *, acting_user: User | None, request: AuditRequest, version: int, state: str, words: str = ""
) -> AuditRequest:
    """Accept what was given, say that it is not enough (with words), or withdraw the request. One trail event.

    For auditors, and for nobody who gave it. Raises NotPermitted, StaleWrite, RuleBroken.
    """
    require_capability(acting_user, "requests.ask", request.project)
    fresh = own_request(request)
    require(may_settle(fresh, access_to(fresh.project, acting_user)))
    if state not in (RequestState.ACCEPTED, RequestState.NOT_ENOUGH, RequestState.WITHDRAWN):
        raise RuleBroken(_("Say whether it is enough."), field="state")
    needed = _("Say what is missing, so that it can be given.") if state == RequestState.NOT_ENOUGH else ""
    if state == RequestState.WITHDRAWN and fresh.state != RequestState.ASKED:
        needed = _("Something was given already: say why you do not need it any more.")
    said = lines(words, "words", LONGEST, needed=needed)
    before = RequestState(fresh.state)
    values = {"settled_by": acting_user, "settled_at": clock.now()}
    if fresh.version == version and state not in AFTER[before]:
        raise RuleBroken(_("This step is not there for a request that is %(state)s.") % {"state": before.label.lower()})
    _move(fresh, version, RequestState(state), values)
    if said:
        _say(acting_user, said, request=fresh)
    kind = ASKED if state == RequestState.NOT_ENOUGH else ANSWERED
    tell_people(fresh, kind, acting_user, people_of(fresh.asked_of_id) or _givers(fresh))
    action = {"accepted": "accept", "not enough": "not enough", "withdrawn": "withdraw"}[state]
    tell_request(acting_user, fresh, action, {"state": [before, state]}, said)
    return fresh


@transaction.atomic
def say_of_request(*, acting_user: User | None, request: AuditRequest, words: str) -> AuditMessage:
    """Say something in the conversation of a request. One trail event. Raises NotPermitted, RuleBroken."""
    lock_project(request.project)
    fresh = own_request(request)
    access = access_to(fresh.project, acting_user)
    if not (access.can("requests.ask") or access.can("requests.answer")) or not may_see_request(fresh, access):
        raise NotPermitted(_("You read along here."))
    said = lines(words, "words", LONGEST, needed=_("Write something first."))
    message = _say(acting_user, said, request=fresh)
    tell_request(acting_user, fresh, "say", reason=said)
    return message


@transaction.atomic
def say_of_finding(*, acting_user: User | None, finding: AuditFinding, words: str) -> AuditMessage:
    """Say something in the conversation of a finding. One trail event. Raises NotPermitted, RuleBroken."""
    fresh = own_finding(finding)
    access = access_to(fresh.project, acting_user)
    if not access.can("findings.view") or not (access.can("findings.raise") or access.can("requests.answer")):
        raise NotPermitted(_("You read along here."))
    said = lines(words, "words", LONGEST, needed=_("Write something first."))
    message = _say(acting_user, said, finding=fresh)
    tell_finding(acting_user, fresh, "say", reason=said)
    return message


def own_request(request: AuditRequest) -> AuditRequest:
    """The request as it stands now, with its project."""
    fresh = AuditRequest.objects.select_related("asked_of", "asked_by", "activity").get(
        pk=request.pk, project_id=request.project_id
    )
    fresh.project = request.project
    return fresh


def field_labels() -> dict[str, str]:
    """What the fields of a request are called in a comparison of two texts."""
    return {
        "text": _("What is asked for"),
        "due": _("Due"),
        "asked_of": _("Of whom"),
        "edition": _("Edition"),
        "clause": _("Clause"),
        "activity": _("Activity"),
    }


def _givers(request: AuditRequest) -> list[int]:
    rows = AuditRequestEvidence.objects.filter(request=request, added_by__isnull=False)
    return sorted(set(rows.values_list("added_by_id", flat=True)))


def _say(
    acting_user: User | None, words: str, *, request: AuditRequest | None = None, finding: AuditFinding | None = None
) -> AuditMessage:
    project = (request or finding).project  # type: ignore[union-attr]  # one of the two is given
    return AuditMessage.objects.create(
        project=project, request=request, finding=finding, words=words, said_by=acting_user, said_at=clock.now()
    )


def _move(request: AuditRequest, version: int, state: RequestState, values: dict[str, Any]) -> None:
    write_versioned(
        request,
        version=version,
        values={"state": state, **values},
        shown={_("State"): RequestState(request.state).label},
        sent={_("State"): state.label},
    )


def _checked(project: Project, wanted: Wanted, before: AuditRequest | None = None) -> dict[str, Any]:
    edition = wanted.edition or project.edition
    if edition not in Edition.values:
        raise RuleBroken(_("Choose an edition."), field="edition")
    clause = wanted.clause.strip()
    if clause and clause not in clause_titles()[edition]:
        raise RuleBroken(
            _("Edition %(edition)s has no clause %(number)s.") % {"edition": edition, "number": clause[:12]},
            field="clause",
        )
    if wanted.activity is not None and wanted.activity.project_id != project.pk:
        raise ProjectActivity.DoesNotExist
    due = wanted.due
    if before is None or due != before.due:
        due = day_to_come(due, "due", project, needed=_("Say by when you need it."))
    if before is None or wanted.asked_of != before.asked_of:
        _check_reachable(project, wanted.asked_of)
    return {
        "text": lines(wanted.text, "text", LONGEST, needed=_("Say what you want to see.")),
        "due": due,
        "asked_of": wanted.asked_of,
        "edition": edition,
        "clause": clause,
        "activity": wanted.activity,
    }


def _check_reachable(project: Project, party: Party | None) -> None:
    if party is None:
        return
    if party.project_id != project.pk:
        raise Party.DoesNotExist
    if not party.is_active:
        raise RuleBroken(
            _("%(name)s is no longer with the project. Choose somebody else.") % {"name": party}, field="asked_of"
        )
    if party.user is not None and not access_to(project, party.user).can("requests.answer"):
        raise RuleBroken(_("%(name)s cannot answer here. Choose somebody else.") % {"name": party}, field="asked_of")


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, (Party, ProjectActivity)) else value
