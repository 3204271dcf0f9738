"""Asking somebody for proof of something by a day: given, accepted, or sent back with words.

Sent twice, by a double click or a second tab, an act is done once.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from common.texts import clean_text
from evidence.choices import ItemState, RequestState
from evidence.models import EvidenceItem, EvidenceRequest, RequestEvidence
from evidence.selectors import seen_by
from evidence.selectors.requests import OPEN, may_give
from evidence.services.links import link_activities
from evidence.services.request_telling import tell_request
from phases.models import ProjectActivity
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import refuse_stale, require_capability, write_versioned
from projects.services.refs import next_ref

LAST_DAY = date(2100, 12, 31)
LONGEST = 2000
MOST_ITEMS = 200
_STEPS = {
    RequestState.GIVEN: (RequestState.ACCEPTED, RequestState.SENT_BACK, RequestState.CANCELLED),
    RequestState.ASKED: (RequestState.CANCELLED,),
    RequestState.SENT_BACK: (RequestState.CANCELLED,),
}


@transaction.atomic
def ask_for_evidence(
    *,
    acting_user: User | None,
    project: Project,
    text: str,
    asked_of: Party,
    due: date,
    activity: ProjectActivity | None = None,
) -> EvidenceRequest:
    """Ask a party for proof. One trail event; asked again in the same words while it waits, it is the same request.

    Raises NotPermitted, RuleBroken, DoesNotExist for another project's.
    """
    require_capability(acting_user, "evidence.ask", project)
    said = clean_text(text)
    if not said:
        raise RuleBroken(_("Say what is to be shown."), field="text")
    if len(said) > LONGEST:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST}, field="text")
    if asked_of.project_id != project.pk:
        raise Party.DoesNotExist
    if activity is not None and activity.project_id != project.pk:
        raise ProjectActivity.DoesNotExist
    _check_reachable(project, asked_of)
    if not clock.today(project.time_zone) <= due <= LAST_DAY:
        raise RuleBroken(_("Give a day from today on."), field="due")
    values = {"text": said, "activity": activity, "asked_of": asked_of, "due": due}
    twin = EvidenceRequest.objects.filter(
        project=project, state=RequestState.ASKED, asked_by=acting_user, **values
    ).first()
    if twin is not None:
        return twin
    request = EvidenceRequest.objects.create(
        project=project, key=next_ref(project, "Q", width=4), asked_by=acting_user, asked_at=clock.now(), **values
    )
    tell_request(acting_user, request)
    _record(acting_user, request, "ask for evidence", {"of": [None, str(asked_of)], "due": [None, due.isoformat()]})
    return request


def _check_reachable(project: Project, party: Party) -> None:
    if not party.is_active:
        raise RuleBroken(_gone(party), field="asked_of")
    if party.user is None:
        return
    access = access_to(project, party.user)
    if not access.can("project.view"):
        raise RuleBroken(_gone(party), field="asked_of")
    if not access.can("evidence.add"):
        raise RuleBroken(_("%(name)s may read here, and add nothing.") % {"name": party}, field="asked_of")


def _gone(party: Party) -> str:
    return _("%(name)s is no longer with the project. Choose somebody else.") % {"name": party}


@transaction.atomic
def give_evidence(
    *,
    acting_user: User | None,
    request: EvidenceRequest,
    item_keys: Sequence[str],
    version: int | None = None,
) -> EvidenceRequest:
    """Answer a request with items, more of them while it waits for a word. They prove its activity from then on.

    Who was asked does, alone or in a group, or a manager. Without `version` what is added is added to the request as
    it stands. One trail event, none where all were given already. Raises NotPermitted, RuleBroken (a request that no
    longer waits; an item that is not there, is not to be seen, or no longer counts), StaleWrite.
    """
    project = request.project
    require_capability(acting_user, "evidence.add", project)
    access = access_to(project, acting_user)
    fresh = _own(request)
    if not may_give(access, fresh):
        raise NotPermitted(_("Somebody else was asked for this."))
    items = _items(acting_user, project, item_keys)
    there = set(RequestEvidence.objects.filter(request=fresh).values_list("item_id", flat=True))
    if fresh.state == RequestState.GIVEN and all(item.pk in there for item in items):
        return fresh
    if version is not None:
        keys = ", ".join(item.key for item in items)
        refuse_stale(
            fresh,
            version=version,
            shown={_("State"): RequestState(fresh.state).label, _("Evidence"): ""},
            sent={_("State"): RequestState.GIVEN.label, _("Evidence"): keys},
        )
    if fresh.state not in OPEN:
        raise RuleBroken(_("%(key)s no longer waits for evidence.") % {"key": fresh.key})
    RequestEvidence.objects.bulk_create(
        RequestEvidence(project=project, request=fresh, item=item, added_by=acting_user, added_at=clock.now())
        for item in items
        if item.pk not in there
    )
    if fresh.activity is not None:
        link_activities(
            acting_user=acting_user, project=project, items=items, refs=[fresh.activity.ref], tell_trail=False
        )
    _move(acting_user, fresh, version or fresh.version, RequestState.GIVEN, {}, items=items)
    return fresh


def _items(acting_user: User | None, project: Project, keys: Sequence[str]) -> list[EvidenceItem]:
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        raise RuleBroken(_("Choose what you give, or add it."), field="items")
    if len(wanted) > MOST_ITEMS:
        raise RuleBroken(_("At most %(most)d items at once.") % {"most": MOST_ITEMS}, field="items")
    found = {item.key: item for item in seen_by(project, access_to(project, acting_user)).filter(key__in=wanted)}
    missing = [key for key in wanted if key not in found]
    if missing:
        raise RuleBroken(_("There is no item %(keys)s.") % {"keys": ", ".join(missing[:5])}, field="items")
    old = [key for key in wanted if found[key].state != ItemState.CURRENT]
    if old:
        raise RuleBroken(_("%(keys)s no longer counts.") % {"keys": ", ".join(old[:5])}, field="items")
    for item in found.values():
        item.project = project
    return [found[key] for key in wanted]


@transaction.atomic
def settle_request(
    *, acting_user: User | None, request: EvidenceRequest, version: int, state: str, words: str = ""
) -> EvidenceRequest:
    """Accept what was given, send it back with words, or take the request back. One trail event.

    Raises NotPermitted, RuleBroken for a step that is not there or words that are missing, StaleWrite.
    """
    require_capability(acting_user, "evidence.ask", request.project)
    fresh = _own(request)
    said = clean_text(words)
    if fresh.version == version + 1 and (fresh.state, fresh.settled_by_id, fresh.words) == (
        state,
        acting_user.pk if acting_user else None,
        said,
    ):
        return fresh  # sent twice
    now = RequestState(fresh.state)
    refuse_stale(
        fresh,
        version=version,
        shown={_("State"): now.label, _("Words"): fresh.words},
        sent={_("State"): RequestState(state).label if state in RequestState.values else state, _("Words"): said},
    )
    if state not in _STEPS.get(now, ()):
        raise RuleBroken(_("This step is not there for a request that is %(state)s.") % {"state": now.label.lower()})
    if state == RequestState.SENT_BACK and not said:
        raise RuleBroken(_("Say what is missing."), field="words")
    if len(said) > LONGEST:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST}, field="words")
    items = [link.item for link in RequestEvidence.objects.filter(request=fresh).select_related("item").order_by("pk")]
    values: dict[str, object] = {"words": said, "settled_by": acting_user, "settled_at": clock.now()}
    _move(acting_user, fresh, version, RequestState(state), values, items=items, reason=said)
    return fresh


def _own(request: EvidenceRequest) -> EvidenceRequest:
    fresh = EvidenceRequest.objects.select_related("asked_of", "activity").get(
        pk=request.pk, project_id=request.project_id
    )
    fresh.project = request.project
    return fresh


def _move(
    acting_user: User | None,
    request: EvidenceRequest,
    version: int,
    state: RequestState,
    values: dict[str, object],
    *,
    items: Sequence[EvidenceItem] = (),
    reason: str = "",
) -> None:
    before = RequestState(request.state)
    write_versioned(
        request,
        version=version,
        values={"state": state, **values},
        shown={_("State"): before.label},
        sent={_("State"): state.label},
    )
    changes: dict[str, object] = {"state": [before.value, state.value]}
    if items:
        changes["item"] = [None, ", ".join(item.key for item in items)]
    tell_request(acting_user, request)
    _record(acting_user, request, "settle", changes, reason)


def _record(
    acting_user: User | None, request: EvidenceRequest, action: str, changes: dict[str, object], reason: str = ""
) -> None:
    record_event(
        stream_id=request.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "evidence request", request.key, request.text[:120], changes, reason),
    )


def given_words(request: EvidenceRequest) -> str:
    """What is said to who gave something: that it was taken, and who looks at it now."""
    return _("Given. %(who)s looks at it now.") % {"who": request.asked_by or _("The project manager")}
