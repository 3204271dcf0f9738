"""Invitations: sent by mail, taken once."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from projects.choices import ProjectRole
from projects.models import Invitation, Membership, Party
from projects.services.invitations import accept_invitation, invite, revoke_invitation
from projects.services.team import create_party
from tests.cast import NOW, PASSWORD, Cast

NEW = "ines@new.example"
PHRASE = "seven-green-lamps"


@pytest.fixture
def send(cast: Cast, django_capture_on_commit_callbacks):
    """`send(...)` invites and gives the path of the link in the mail."""

    def sent(**values) -> str:
        given = {"email": NEW, "name": "Ines Iwa", "role": ProjectRole.TEAM, **values}
        with django_capture_on_commit_callbacks(execute=True):
            invite(acting_user=cast.mara, project=cast.project, **given)
        found = re.search(r"http://127\.0\.0\.1:8000(/invitations/\S+)", str(mail.outbox[-1].body))
        assert found
        return found[1]

    return sent


def token_of(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[1]


def accepting(**changes) -> dict[str, str]:
    return {"name": "Ines Iwa", "password1": PHRASE, "password2": PHRASE, **changes}


class TestInvite:
    def test_the_mail_says_who_invites_to_what_as_what_until_when(self, cast: Cast, send) -> None:
        path = send(valid_until=date(2026, 6, 30))
        message = mail.outbox[0]
        html = str(message.alternatives[0][0])
        assert message.to == [NEW]
        assert message.subject == "Invitation to Alder SMS"
        for words in ("Mara Moss", "Alder SMS", "Alder IT", "Team member", "30 Jun 2026", "16 Mar 2026", path):
            assert words in str(message.body), words
            assert words in html, words

    def test_the_subject_stays_one_line_and_the_html_part_is_escaped(self, cast: Cast, send) -> None:
        cast.project.name = "Alder\r\nBcc: all@evil.example <b>"
        cast.project.save()
        send()
        assert mail.outbox[0].subject == "Invitation to Alder Bcc: all@evil.example <b>"
        assert "example <b>" not in str(mail.outbox[0].alternatives[0][0])
        assert "example <b>" in str(mail.outbox[0].body)

    def test_only_the_hash_of_the_secret_is_kept(self, send) -> None:
        token = token_of(send())
        row = Invitation.objects.get()
        assert token not in str(row.__dict__)
        assert not Event.objects.filter(payload__contains=token).exists()

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"email": "no address"}, "email"),
            ({"name": "  "}, "name"),
            ({"role": "emperor"}, "role"),
            ({"valid_until": date(2026, 3, 1)}, "valid_until"),
            ({"valid_until": date.max}, "valid_until"),
            ({"email": "tim@alder.example", "role": ProjectRole.TEAM}, "email"),
            ({"email": "tim@alder.example", "role": ProjectRole.AUDITOR}, "role"),
        ],
    )
    def test_it_refuses_what_is_not_sound_and_names_the_field(self, cast: Cast, values, field: str) -> None:
        given = {"email": NEW, "name": "Ines", "role": ProjectRole.TEAM, **values}
        with pytest.raises(RuleBroken) as refused:
            invite(acting_user=cast.mara, project=cast.project, **given)
        assert refused.value.field == field
        assert not Invitation.objects.exists()
        assert not mail.outbox

    @pytest.mark.parametrize("who", ["tim", "audra", "toma", "bruno"])
    def test_it_refuses_whoever_does_not_manage_the_project(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotPermitted):
            invite(acting_user=cast.people[who], project=cast.project, email=NEW, name="I", role=ProjectRole.TEAM)

    def test_a_second_offer_of_the_role_ends_the_first(self, client: Client, send) -> None:
        first, second = send(), send(email=NEW.upper())
        assert client.get(first).status_code == 404
        assert client.get(second).status_code == 200

    def test_it_refuses_to_revoke_twice(self, cast: Cast, send) -> None:
        send()
        pk = Invitation.objects.get().pk
        revoke_invitation(acting_user=cast.mara, project=cast.project, invitation_id=pk)
        with pytest.raises(RuleBroken):
            revoke_invitation(acting_user=cast.mara, project=cast.project, invitation_id=pk)


class TestNewPerson:
    def test_the_page_says_what_is_offered_and_changes_nothing(self, client: Client, send) -> None:
        path = send(valid_until=date(2026, 6, 30))
        before = Event.objects.count()
        for _again in range(2):
            page = client.get(path)
            assert page.status_code == 200
            for words in ("Mara Moss", "Alder SMS", "Alder IT", "Team member", "30 Jun 2026", NEW, "password1"):
                assert words in page.content.decode(), words
        assert Event.objects.count() == before
        assert not User.objects.filter(email=NEW).exists()

    def test_the_page_is_kept_by_no_cache_and_names_its_address_to_nobody(self, client: Client, send) -> None:
        page = client.get(send())
        assert page["Cache-Control"] == "no-store, private"
        assert page["Referrer-Policy"] == "same-origin"

    def test_joining_makes_the_account_signs_in_and_leads_to_the_dashboard(self, cast: Cast, client, send) -> None:
        page = client.post(send(), accepting(name="Inés Iwa"))
        assert (page.status_code, page["Location"]) == (302, "/projects/alder/")
        user = User.objects.get(email=NEW)
        assert user.name == "Inés Iwa"
        assert user.check_password(PHRASE)
        assert Membership.objects.get(user=user).role == ProjectRole.TEAM
        assert Party.objects.get(user=user).name == "Inés Iwa"
        assert client.get("/projects/alder/team/").status_code == 200

    def test_the_session_gets_a_new_key(self, client: Client, send) -> None:
        path = send()
        client.get(path)
        session = client.session
        session["before"] = True
        session.save()
        old = client.cookies["sessionid"].value if "sessionid" in client.cookies else session.session_key
        client.post(path, accepting())
        assert client.cookies["sessionid"].value != old

    def test_what_waits_under_the_address_becomes_theirs(self, cast: Cast, client: Client, send) -> None:
        waiting = create_party(acting_user=cast.mara, project=cast.project, name="I. Iwa", email=NEW)
        client.post(send(), accepting())
        waiting.refresh_from_db()
        assert waiting.user == User.objects.get(email=NEW)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"password1": "short", "password2": "short"}, "too short"),
            ({"password1": "password12", "password2": "password12"}, "too common"),
            ({"password2": "another-phrase-1"}, "The two passwords differ."),
            ({"password1": "", "password2": ""}, "This field is required."),
            ({"name": " "}, "This field is required."),
        ],
    )
    def test_a_bad_answer_is_said_at_its_field_and_keeps_the_link_open(self, client, send, changes, said) -> None:
        path = send()
        page = client.post(path, accepting(**{"name": "Typed Name", **changes}))
        assert page.status_code == 422
        assert said in page.content.decode()
        if "name" not in changes:
            assert 'value="Typed Name"' in page.content.decode()
        assert not User.objects.filter(email=NEW).exists()
        assert client.post(path, accepting()).status_code == 302

    def test_a_link_works_once(self, send) -> None:
        path = send()
        assert Client().post(path, accepting()).status_code == 302
        assert Client().post(path, accepting()).status_code == 404
        assert Membership.objects.filter(user__email=NEW).count() == 1


class TestClosed:
    def test_used_expired_revoked_and_unknown_links_look_the_same(self, cast: Cast, send) -> None:
        used = send()
        accept_invitation(token=token_of(used), password=PHRASE)
        revoked = send(email="r@new.example")
        revoke_invitation(
            acting_user=cast.mara, project=cast.project, invitation_id=Invitation.objects.get(email="r@new.example").pk
        )
        with clock.moved_to(NOW - timedelta(days=15)):
            expired = send(email="x@new.example")
        pages = [
            page
            for path in (used, revoked, expired, "/invitations/unknown/")
            for page in (Client().get(path), Client().post(path, accepting()))
        ]
        assert {page.status_code for page in pages} == {404}
        answers = {re.sub(r'"X-CSRFToken": "\w+"', "", page.content.decode()) for page in pages}
        assert len(answers) == 1
        assert "This link opens no invitation" in answers.pop()

    def test_it_holds_for_fourteen_days(self, client: Client, send) -> None:
        path = send()
        with clock.moved_to(NOW + timedelta(days=13, hours=23)):
            assert client.get(path).status_code == 200
        with clock.moved_to(NOW + timedelta(days=14, hours=1)):
            assert client.get(path).status_code == 404


class TestKnownPerson:
    def test_a_known_address_signs_in_first_and_comes_back(self, client: Client, send) -> None:
        path = send(email="nina@nowhere.example", name="Somebody")
        page = client.get(path).content.decode()
        assert f"/accounts/login/?next=%2Finvitations%2F{token_of(path)}%2F" in page
        assert "Nina Nobody" not in page
        signed = client.post("/accounts/login/", {"login": "nina@nowhere.example", "password": PASSWORD, "next": path})
        assert signed["Location"] == path
        assert client.post(path)["Location"] == "/projects/alder/"

    def test_it_sets_no_password_for_a_known_address(self, cast: Cast, client: Client, send) -> None:
        page = client.post(send(email="nina@nowhere.example"), accepting())
        assert page.status_code == 422
        cast.nina.refresh_from_db()
        assert cast.nina.check_password(PASSWORD)
        assert not Membership.objects.filter(user=cast.nina).exists()

    def test_the_wrong_account_is_told_so_and_nothing_happens(self, cast: Cast, sign_in, send) -> None:
        path = send(email="nina@nowhere.example")
        client = sign_in(cast.tim)
        assert "This invitation is for another address" in client.get(path).content.decode()
        assert client.post(path).status_code == 422
        assert not Membership.objects.filter(user=cast.nina).exists()
        assert client.post("/accounts/logout/", {"next": path})["Location"] == path

    def test_somebody_who_became_auditor_meanwhile_is_refused_in_words(self, cast: Cast, sign_in, send) -> None:
        path = send(email="nina@nowhere.example", role=ProjectRole.AUDITOR)
        other = send(email="nina@nowhere.example", role=ProjectRole.TEAM)
        client = sign_in(cast.nina)
        assert client.post(path).status_code == 302
        page = client.post(other)
        assert page.status_code == 422
        assert "An auditor holds no other role" in page.content.decode()
        assert Membership.objects.get(user=cast.nina).role == ProjectRole.AUDITOR
        assert Invitation.objects.get(role=ProjectRole.TEAM).accepted_at is None
