"""No byte of client B reaches anybody of client A."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from audittrail.models import Event
from notifications.services.comments import add_comment
from phases.services.rows import Target, change_status, write_note
from projects.models import Invitation, Party
from projects.services.invitations import invite
from projects.services.team import create_party
from tests.access import matrix
from tests.access.routes import address
from tests.cast import CANARY, Cast

PEOPLE = sorted(matrix.EVERYBODY | {"carl", "nina"})


@pytest.fixture
def canary(cast: Cast) -> Cast:
    """Birch is full of texts, each with the canary."""
    row = cast.other.phase_activities.get(activity__ref="CH.i", phase_number=1)
    create_party(acting_user=cast.bruno, project=cast.other, name=f"Group {CANARY}", kind="group", function=CANARY)
    change_status(
        acting_user=cast.bruno,
        project=cast.other,
        targets=[Target(row.pk, 1)],
        status="blocked",
        text=f"Waits for {CANARY}",
    )
    write_note(acting_user=cast.bruno, project=cast.other, target=Target(row.pk, 2), note=f"Note {CANARY}")
    add_comment(acting_user=cast.bruno, project=cast.other, kind="activity", key="CH.i", body=f"Hello {CANARY}")
    invite(acting_user=cast.bruno, project=cast.other, email="kanari@birch.example", name=CANARY, role="team member")
    return cast


def _addresses(cast: Cast) -> Iterable[str]:
    for name in [*matrix.PROJECT, *matrix.ORGANIZATION, *matrix.SIGNED_IN, *matrix.PUBLIC, *matrix.DEBUG_ONLY]:
        yield address(name, cast, cast.project)
        yield address(name, cast, cast.other)
    slug = cast.project.slug
    for number in range(5):
        yield f"/projects/{slug}/phases/{number}/"
        yield f"/projects/{slug}/phases/{number}/export/"
    yield f"/projects/{slug}/search/?q={CANARY[:8]}"
    yield f"/projects/{slug}/phases/1/?q={CANARY[:8]}"
    yield "/no/such/page/"


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_of_theirs_shows_it(canary: Cast, who: str, sign_in) -> None:
    client: Client = sign_in(canary.people[who])
    seen = 0
    for path in _addresses(canary):
        response: Any = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        # What somebody typed into a search field comes back to them; the whole canary never does.
        assert CANARY.encode() not in body, path
        assert CANARY not in str(response.headers), path
        seen += response.status_code == 200
    assert seen > 0


def test_the_canary_is_there_for_who_may_see_it(canary: Cast, sign_in) -> None:
    assert CANARY in sign_in(canary.bruno).get(f"/projects/{canary.other.slug}/team/").content.decode()


def test_keys_of_the_other_client_are_absent_under_ones_own_project(canary: Cast, sign_in) -> None:
    client = sign_in(canary.mara)
    slug = canary.project.slug
    row = canary.other.phase_activities.get(activity__ref="CH.i", phase_number=1)
    party = Party.objects.filter(project=canary.other).first()
    invitation = Invitation.objects.get(project=canary.other)
    membership = canary.other.memberships.get()
    before = Event.objects.count()
    for method, path in [
        ("get", f"/projects/{slug}/rows/{row.pk}/"),
        ("post", f"/projects/{slug}/rows/{row.pk}/status/"),
        ("post", f"/projects/{slug}/rows/{row.pk}/party/"),
        ("post", f"/projects/{slug}/rows/{row.pk}/due/"),
        ("get", f"/projects/{slug}/team/parties/{party.uuid}/"),
        ("post", f"/projects/{slug}/team/invitations/{invitation.pk}/revoke/"),
        ("post", f"/projects/{slug}/team/members/{membership.pk}/end/"),
    ]:
        data = {"version": row.version, "status": "in progress", "party": "", "due": "2026-03-05"}
        response = client.post(path, data) if method == "post" else client.get(path)
        assert response.status_code == 404, f"{method} {path}: {response.status_code}"
    assert Event.objects.count() == before


def test_a_party_of_the_other_client_cannot_be_made_responsible(canary: Cast, sign_in) -> None:
    row = canary.row("CH.i", 1)
    party = Party.objects.filter(project=canary.other).first()
    response = sign_in(canary.mara).post(
        f"/projects/{canary.project.slug}/rows/{row.pk}/party/", {"version": row.version, "party": party.pk}
    )
    assert response.status_code in (400, 422)
    assert CANARY not in response.content.decode()
    assert canary.row("CH.i", 1).accountable_id is None


def test_no_mail_about_one_client_goes_to_the_other(canary: Cast, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invite(
            acting_user=canary.mara,
            project=canary.project,
            email="new@alder.example",
            name="New",
            role="team member",
        )
    assert [message.to for message in mail.outbox] == [["new@alder.example"]]
    message = mail.outbox[0]
    assert CANARY not in message.subject + message.body + str(message.alternatives)
