"""No byte of client B reaches anybody of client A."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from audittrail.models import Event
from common import clock
from notifications.models import Notice
from notifications.services.comments import add_comment
from notifications.services.delivery import deliver_due_mail
from notifications.services.notices import note_occasions
from phases.services.reminders import note_reminders
from phases.services.rows import Target, assign_party, change_status, set_due, write_note
from projects.models import Invitation, Party
from projects.services.invitations import invite
from projects.services.team import create_party, end_role, grant_role
from tests.access import matrix
from tests.access.routes import address
from tests.cast import CANARY, NOW, Cast

# Who sees most of their own client, who sees least, and two who see nothing.
PEOPLE = ["olga", "tim", "carl", "nina"]


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


def test_whoever_saw_the_other_client_once_gets_no_mail_of_it(canary: Cast) -> None:
    """Tim was in Birch: he was asked, named, given a row and reminded there before he left."""
    membership = grant_role(acting_user=None, project=canary.other, user=canary.tim, role="team member")
    party = Party.objects.get(project=canary.other, user=canary.tim)
    row = canary.other.phase_activities.get(activity__ref="CH.i", phase_number=1)
    assign_party(acting_user=canary.bruno, project=canary.other, targets=[Target(row.pk, row.version)], party=party)
    row.refresh_from_db()
    due = NOW.date() + timedelta(days=3)
    set_due(acting_user=canary.bruno, project=canary.other, targets=[Target(row.pk, row.version)], due=due)
    for asked in (None, canary.tim.pk):
        add_comment(
            acting_user=canary.bruno,
            project=canary.other,
            kind="activity",
            key="CH.i",
            body=f"@Tim Tully, {CANARY}",
            asked_id=asked,
        )
    note_reminders()
    note_occasions()
    assert Notice.objects.filter(person=canary.tim, project=canary.other).count() == 4
    end_role(acting_user=canary.bruno, project=canary.other, membership_id=membership.pk)
    add_comment(acting_user=canary.petra, project=canary.project, kind="activity", key="CH.i", body="Here, @Tim Tully?")
    for days in (0, 7, 14):
        with clock.moved_to(NOW + timedelta(days=days, minutes=1)):
            note_reminders()
            deliver_due_mail()
    mails = [message for message in mail.outbox if message.to == [canary.tim.email]]
    assert [message.subject.partition(":")[0] for message in mails] == ["Petra Pohl mentions you"]
    assert all(CANARY not in str(message.message()) for message in mail.outbox if "birch" not in message.to[0])


def test_a_mail_to_who_sees_both_clients_names_each_part(canary: Cast) -> None:
    grant_role(acting_user=None, project=canary.other, user=canary.tim, role="team member")
    for by, project in ((canary.bruno, canary.other), (canary.petra, canary.project)):
        add_comment(acting_user=by, project=project, kind="activity", key="CH.i", body=f"@Tim Tully of {project}")
    deliver_due_mail()
    (message,) = mail.outbox
    assert message.subject == "Your projects: 2 comments for you"
    assert f"Birch {CANARY} (Birch {CANARY})" in str(message.body)
