"""Asking somebody for proof of something by a day: given, accepted, or sent back with words."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from common.texts import clean_text
from evidence.choices import RequestState
from evidence.models import EvidenceItem, EvidenceRequest
from evidence.selectors import item_of
from phases.models import ProjectActivity
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import require_capability, write_versioned
from projects.services.refs import next_ref

LAST_DAY = date(2100, 12, 31)
_OPEN = (RequestState.ASKED, RequestState.SENT_BACK)


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
    """Ask a party for proof. One trail event. Raises NotPermitted, RuleBroken, DoesNotExist for another project's."""
    require_capability(acting_user, "evidence.ask", project)
    said = clean_text(text)
    if not said:
        raise RuleBroken(_("Say what is to be shown."), field="text")
    if asked_of.project_id != project.pk:
        raise Party.DoesNotExist
    if activity is not None and activity.project_id != project.pk:
        raise ProjectActivity.DoesNotExist
    if not asked_of.is_active:
        raise RuleBroken(_("%(name)s is no longer with the project.") % {"name": asked_of}, field="asked_of")
    if not clock.today(project.time_zone) <= due <= LAST_DAY:
        raise RuleBroken(_("Give a day from today on."), field="due")
    request = EvidenceRequest.objects.create(
        project=project,
        key=next_ref(project, "Q", width=4),
        text=said[:2000],
        activity=activity,
        asked_of=asked_of,
        asked_by=acting_user,
        asked_at=clock.now(),
        due=due,
    )
    _record(acting_user, request, "ask for evidence", {"of": [None, str(asked_of)], "due": [None, due.isoformat()]})
    return request


@transaction.atomic
def give_evidence(
    *, acting_user: User | None, request: EvidenceRequest, version: int, item_key: str
) -> EvidenceRequest:
    """Answer a request with an item. Who was asked does, or a manager. Raises NotPermitted, RuleBroken, StaleWrite."""
    project = request.project
    require_capability(acting_user, "evidence.add", project)
    access = access_to(project, acting_user)
    fresh = _own(request)
    if not access.can("evidence.manage") and (acting_user is None or fresh.asked_of.user_id != acting_user.pk):
        raise NotPermitted(_("Somebody else was asked for this."))
    if fresh.state not in _OPEN:
        raise RuleBroken(_("This request no longer waits for evidence."))
    item = item_of(project, access, item_key)
    if item is None:
        raise EvidenceItem.DoesNotExist
    _move(acting_user, fresh, version, RequestState.GIVEN, {"item": item})
    return fresh


@transaction.atomic
def settle_request(
    *, acting_user: User | None, request: EvidenceRequest, version: int, state: str, words: str = ""
) -> EvidenceRequest:
    """Accept what was given, send it back with words, or take the request back.

    Raises NotPermitted, RuleBroken for a step that is not there or words that are missing, StaleWrite.
    """
    require_capability(acting_user, "evidence.ask", request.project)
    fresh = _own(request)
    steps = {
        RequestState.GIVEN: (RequestState.ACCEPTED, RequestState.SENT_BACK),
        RequestState.ASKED: (RequestState.CANCELLED,),
        RequestState.SENT_BACK: (RequestState.CANCELLED,),
    }
    if state not in steps.get(RequestState(fresh.state), ()):
        raise RuleBroken(_("This step is not there for a request that is %(state)s.") % {"state": fresh.state})
    said = clean_text(words)[:2000]
    if state == RequestState.SENT_BACK and not said:
        raise RuleBroken(_("Say what is missing."), field="words")
    values: dict[str, object] = {"words": said, "settled_by": acting_user, "settled_at": clock.now()}
    _move(acting_user, fresh, version, RequestState(state), values, reason=said)
    return fresh


def _own(request: EvidenceRequest) -> EvidenceRequest:
    fresh = EvidenceRequest.objects.select_related("asked_of").get(pk=request.pk, project_id=request.project_id)
    fresh.project = request.project
    return fresh


def _move(
    acting_user: User | None,
    request: EvidenceRequest,
    version: int,
    state: RequestState,
    values: dict[str, object],
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
    if request.item is not None:
        changes["item"] = [None, request.item.key]
    _record(acting_user, request, "settle", changes, reason)


def _record(
    acting_user: User | None, request: EvidenceRequest, action: str, changes: dict[str, object], reason: str = ""
) -> None:
    record_event(
        stream_id=request.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "evidence request", request.key, request.text[:120], changes, reason),
    )
