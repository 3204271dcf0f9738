"""The forms of tailoring as people send them: what they demand, and what is sent twice."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from audittrail.models import Event
from common import clock
from phases.models import PhaseActivity, ProjectActivity
from phases.services.tailoring.own import OwnActivity, add_own
from phases.services.tailoring.split import split
from phases.services.tailoring.undo import undo
from projects.choices import ProjectRole
from projects.services.team import grant_role
from tests.cast import NOW, Cast

OWN = "/projects/alder/plan/tailoring/own/"
PARTS = "/projects/alder/plan/tailoring/parts/CH.i/"
SAID: dict[str, Any] = {
    "title": "Agree changes with the works council",
    "component": "CH",
    "nature": "define",
    "phases": ["2", "3"],
    "role": "Change management",
    "clauses": "8.5.1",
    "effort": "small",
    "description": "Ask **before** the plan is made.",
    "reason": "Labour law asks it",
}


def send(client: Client, **changes: Any) -> str:
    """Send the form of an own activity; where it leads to."""
    response = client.post(OWN, {**SAID, **changes})
    assert response.status_code == 302
    return response["Location"]


def own_refs(cast: Cast) -> list[str]:
    """The own activities of Alder's plan."""
    found = ProjectActivity.objects.filter(project=cast.project, ref__contains=".own-")
    return list(found.order_by("ref").values_list("ref", flat=True))


def places_of(cast: Cast, ref: str) -> list[int]:
    """Where an activity stands."""
    rows = PhaseActivity.objects.filter(project=cast.project, activity__ref=ref)
    return list(rows.order_by("phase_number").values_list("phase_number", flat=True))


# --- joining -------------------------------------------------------------------------------------------------------


@pytest.fixture
def halved(cast: Cast) -> ProjectActivity:
    """CH.i for two sites."""
    whole = ProjectActivity.objects.get(project=cast.project, ref="CH.i")
    split(acting_user=cast.mara, project=cast.project, activity=whole, names=["Graz", "Wien"], reason="Two sites")
    return whole


def test_the_form_that_joins_parts_demands_a_reason(cast: Cast, sign_in, halved: ProjectActivity) -> None:
    client = sign_in(cast.mara)
    page = client.get(PARTS).content.decode()
    field = re.search(r"<textarea[^>]*name=\"reason\"[^>]*>", page)
    assert field is not None
    assert " required" in field[0]
    assert "optional" not in page
    halved.refresh_from_db()
    refused = client.post(PARTS, {"do": "join", "version": halved.version, "reason": ""})
    assert refused.status_code == 422
    assert refused.context["joining"].errors == {"reason": ["Say why in a line. An auditor will read it."]}
    assert halved.parts.count() == 2
    joined = client.post(PARTS, {"do": "join", "version": halved.version, "reason": "One site again"})
    assert (joined.status_code, halved.parts.count()) == (302, 0)


# --- an own activity sent twice ------------------------------------------------------------------------------------


def test_a_form_sent_twice_makes_one_own_activity(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    with clock.moved_to(NOW):
        first = send(client)
    with clock.moved_to(NOW + timedelta(seconds=50)):
        assert send(client) == first
    assert (own_refs(cast), places_of(cast, "CH.own-1")) == (["CH.own-1"], [2, 3])


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Agree changes with the other council"},
        {"component": "IM"},
        {"phases": ["2"]},
        {"phases": ["1", "2", "3"]},
        {"reason": "The contract asks it"},
        {"description": ""},
        {"is_key": "on"},
    ],
)
def test_what_says_anything_else_is_another_activity(cast: Cast, sign_in, changes: dict[str, Any]) -> None:
    client = sign_in(cast.mara)
    send(client)
    send(client, **changes)
    assert len(own_refs(cast)) == 2


def test_the_same_said_later_or_by_somebody_else_is_another_activity(cast: Cast, sign_in) -> None:
    grant_role(acting_user=None, project=cast.project, user=cast.carl, role=ProjectRole.MANAGER)
    with clock.moved_to(NOW):
        send(sign_in(cast.mara))
        send(sign_in(cast.carl))
    with clock.moved_to(NOW + timedelta(seconds=61)):
        send(sign_in(cast.mara))
    assert own_refs(cast) == ["CH.own-1", "CH.own-2", "CH.own-3"]


def test_one_that_was_undone_meanwhile_is_made_again(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    send(client)
    act = Event.objects.get(stream_id=cast.project.uuid, action="create own")
    undo(acting_user=cast.mara, project=cast.project, seq=act.seq)
    send(client)
    send(client)
    assert own_refs(cast) == ["CH.own-2"]


def test_a_service_that_makes_two_alike_gets_two(cast: Cast) -> None:
    said = OwnActivity(title="Ask the shops", component="CH", nature="establish", roles=["Change management"])
    for _time in range(2):
        add_own(acting_user=cast.mara, project=cast.project, said=said, phases=[2], reason="Shops ask")
    assert own_refs(cast) == ["CH.own-1", "CH.own-2"]
