"""Tell people of requests for evidence: who is asked, who asked, and what became of what was given.

The act writes one row, in its transaction; whom it concerns is found by the next round of sending.
"""

from accounts.models import User
from evidence.choices import RequestState
from evidence.models import EvidenceRequest
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import occur
from phases.selectors.whom import users_of
from projects.capabilities import capabilities
from projects.models import Membership, Project
from projects.permissions import access_to

REQUEST = "evidence request"
ASKED, GIVEN, SETTLED = "evidence asked", "evidence given", "evidence settled"


def tell_request(acting_user: User | None, request: EvidenceRequest) -> None:
    """Let those whom it concerns know how `request` stands by now."""
    facts = {
        "request": request.pk,
        "state": request.state,
        "asked_of": request.asked_of_id,
        "asked_by": request.asked_by_id,
        # What was given in several pieces is told once; given again after it was sent back, once more.
        "round": request.settled_at.isoformat() if request.settled_at else "",
    }
    occur(request.project, REQUEST, acting_user=acting_user, facts=facts)


def news_of_request(occasion: Occasion) -> list[News]:
    """Who is told of what became of a request. Three queries at most."""
    facts, project = occasion.facts, occasion.project
    state = RequestState(facts["state"])
    if state == RequestState.GIVEN:
        kind, people = GIVEN, askers(project, facts["asked_by"])
    else:
        kind = ASKED if state in (RequestState.ASKED, RequestState.SENT_BACK) else SETTLED
        people = users_of({facts["asked_of"]}).get(facts["asked_of"], set())
    key = f"request {facts['request']} {facts['round']}"
    return [News(person, kind, key, project.pk, facts["request"], {"state": state.value}) for person in sorted(people)]


def askers(project: Project, asked_by: int | None) -> set[int]:
    """Who says a word to what was given: who asked, where they still may; else all who may. Three queries at most."""
    asker = User.objects.filter(pk=asked_by).first() if asked_by is not None else None
    if asker is not None and access_to(project, asker).can("evidence.ask"):
        return {asker.pk}
    roles = [role.value for role in capabilities["evidence.ask"].roles]
    return set(Membership.objects.current().filter(project=project, role__in=roles).values_list("user_id", flat=True))
