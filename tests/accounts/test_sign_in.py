"""Signing in and out, and what attackers try there."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User, normalize_email
from tests.cast import PASSWORD, Cast, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
MARA = "mara@alder.example"
# Full-width letters, one Cyrillic letter, an accent: each looks like Mara's address or folds into it.
TWINS = [
    "\uff4d\uff41\uff52\uff41@alder.example",
    "mara@alder.\uff45xample",
    "mara@alder.exampl\u0435",
    "m\xe1ra@alder.example",
]


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    """Rate limits count in the cache, which outlives a test."""
    cache.clear()


def sign_in_as(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": login, "password": password, **more})


def text_without_tokens(page) -> str:
    return re.sub(r'"X-CSRFToken": "\w+"|value="[^"]*"', "", page.content.decode())


class TestSigningIn:
    def test_mail_address_and_password_open_the_application(self, cast: Cast, client: Client) -> None:
        assert sign_in_as(client, MARA)["Location"] == "/"
        assert client.get("/projects/alder/team/").status_code == 200

    def test_capitals_do_not_matter(self, cast: Cast, client: Client) -> None:
        assert sign_in_as(client, "Mara@Alder.Example").status_code == 302

    def test_whoever_is_not_signed_in_is_sent_to_the_page_and_back(self, cast: Cast, client: Client) -> None:
        there = client.get("/projects/alder/team/")
        assert there["Location"] == f"{LOGIN}?next=/projects/alder/team/"
        assert sign_in_as(client, MARA, next="/projects/alder/team/")["Location"] == "/projects/alder/team/"

    @pytest.mark.parametrize(
        "target",
        ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "///evil.example"],
    )
    def test_it_leads_nowhere_outside(self, cast: Cast, client: Client, target: str) -> None:
        assert sign_in_as(client, MARA, next=target)["Location"] == "/"

    def test_the_session_gets_a_new_key(self, cast: Cast, client: Client) -> None:
        session = client.session
        session["planted"] = True
        session.save()
        planted = session.session_key
        sign_in_as(client, MARA)
        assert client.cookies["sessionid"].value != planted

    def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(self, cast: Cast) -> None:
        wrong = sign_in_as(Client(), MARA, "wrong-password-1")
        unknown = sign_in_as(Client(), "nobody@alder.example", "wrong-password-1")
        assert (wrong.status_code, unknown.status_code) == (200, 200)
        assert text_without_tokens(wrong) == text_without_tokens(unknown)

    @pytest.mark.parametrize("twin", TWINS)
    def test_a_unicode_twin_of_an_address_does_not_sign_in(self, cast: Cast, client: Client, twin: str) -> None:
        page = sign_in_as(client, twin)
        assert page.status_code == 200
        assert "_auth_user_id" not in client.session


class TestBeingLimited:
    def test_five_wrong_passwords_close_the_door_to_the_right_one_too(self, cast: Cast, client: Client) -> None:
        for _try in range(5):
            sign_in_as(client, MARA, "wrong-password-1")
        assert sign_in_as(client, MARA).status_code != 302

    def test_another_claimed_origin_does_not_open_it(self, cast: Cast) -> None:
        for number in range(10):
            Client().post(
                LOGIN,
                {"login": f"u{number}@alder.example", "password": "wrong-password-1"},
                headers={"X-Forwarded-For": f"203.0.113.{number}"},
            )
        assert sign_in_as(Client(), MARA).status_code != 302

    def test_too_many_tries_are_answered_with_429(self, cast: Cast, client: Client) -> None:
        answers = {sign_in_as(client, f"u{number}@alder.example", "x").status_code for number in range(62)}
        assert 429 in answers

    def test_too_many_resets_are_answered_with_429(self, cast: Cast, client: Client) -> None:
        answers = [client.post(RESET, {"email": MARA}).status_code for _try in range(22)]
        assert answers[-1] == 429
        assert len(mail.outbox) <= 20


class TestSigningOut:
    def test_it_ends_the_session_for_a_copy_of_the_cookie_too(self, cast: Cast, client: Client) -> None:
        sign_in_as(client, MARA)
        copy = Client()
        copy.cookies["sessionid"] = client.cookies["sessionid"].value
        assert copy.get("/projects/alder/team/").status_code == 200
        client.post("/accounts/logout/")
        assert copy.get("/projects/alder/team/").status_code == 302

    def test_a_link_does_not_sign_out(self, cast: Cast, client: Client) -> None:
        sign_in_as(client, MARA)
        client.get("/accounts/logout/")
        assert client.get("/projects/alder/team/").status_code == 200

    def test_a_deactivated_person_is_out_at_once_and_stays_out(self, cast: Cast, client: Client) -> None:
        sign_in_as(client, MARA)
        User.objects.filter(email=MARA).update(is_active=False)
        assert client.get("/projects/alder/team/").status_code == 302
        page = sign_in_as(Client(), MARA)
        assert page.status_code != 302 or page["Location"] == reverse("account_inactive")


class TestReset:
    def test_the_mail_names_the_canonical_address_and_no_other(self, cast: Cast, client: Client, settings) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        settings.BASE_URL = "https://sms.alder.example"
        client.post(RESET, {"email": MARA}, headers={"Host": "evil.example"})
        [message] = mail.outbox
        assert "https://sms.alder.example/accounts/password/reset/key/" in str(message.body)
        assert "evil.example" not in f"{message.subject} {message.body}"
        assert "testserver" not in f"{message.subject} {message.body}"

    def test_the_link_sets_a_new_password_once_and_signs_nobody_in(self, cast: Cast, client: Client) -> None:
        client.post(RESET, {"email": MARA})
        found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", str(mail.outbox[0].body))
        assert found
        form = client.get(found[1])["Location"]
        new = {"password1": "seven-green-lamps", "password2": "seven-green-lamps"}
        assert client.post(form, new).status_code == 302
        assert "_auth_user_id" not in client.session
        assert sign_in_as(Client(), MARA, "seven-green-lamps").status_code == 302
        again = Client().get(found[1])
        assert again.status_code == 200
        assert "password1" not in again.content.decode()

    def test_known_and_unknown_addresses_get_the_same_answer(self, cast: Cast) -> None:
        known = Client().post(RESET, {"email": MARA}, follow=True)
        unknown = Client().post(RESET, {"email": "nobody@alder.example"}, follow=True)
        assert known.redirect_chain == unknown.redirect_chain
        assert text_without_tokens(known) == text_without_tokens(unknown)
        assert "/accounts/signup/" not in str(mail.outbox[1].body)

    @pytest.mark.parametrize("twin", TWINS)
    def test_a_unicode_twin_gets_no_link_of_the_other(self, cast: Cast, client: Client, twin: str) -> None:
        client.post(RESET, {"email": twin})
        assert not any("/password/reset/key/" in str(message.body) for message in mail.outbox if MARA not in message.to)


class TestOtherPages:
    def test_sign_up_is_closed(self, client: Client) -> None:
        page = client.post("/accounts/signup/", {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD})
        assert "Accounts are given by invitation" in page.content.decode()
        assert not User.objects.filter(email="x@y.example").exists()

    def test_two_step_sign_in_can_be_set_up_after_the_password_is_given_again(self, cast: Cast, client) -> None:
        sign_in_as(client, MARA)
        assert client.get("/accounts/2fa/").status_code == 200
        again = client.get("/accounts/2fa/totp/activate/")["Location"]
        assert again.startswith("/accounts/reauthenticate/")
        assert client.post(again, {"password": PASSWORD})["Location"] == "/accounts/2fa/totp/activate/"
        assert client.get("/accounts/2fa/totp/activate/").status_code == 200

    def test_nobody_gives_themselves_another_address(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.tim)
        assert client.get("/accounts/email/").status_code == 404
        for action in ("action_add", "action_primary"):
            assert client.post("/accounts/email/", {action: "", "email": "toma@birch.example"}).status_code == 404
        cast.tim.refresh_from_db()
        assert cast.tim.email == "tim@alder.example"

    def test_one_address_has_one_spelling(self, db) -> None:
        assert normalize_email(" \uff2dara@Alder.Example ") == "mara@alder.example"
        make_user("Zora", "\uff3aora@Alder.Example")
        assert User.objects.get(name="Zora").email == "zora@alder.example"
