"""Answers for the wizard, and a person who gives them."""

from django.test import Client

from projects.models import WizardDraft
from tests.cast import Cast

ORGANIZATION = "/projects/new/organization/"
EARLIER = "/projects/new/earlier/"
SCOPE = "/projects/new/scope/"
APPROACH = "/projects/new/approach/"
DATES = "/projects/new/dates/"
PEOPLE = "/projects/new/people/"
REVIEW = "/projects/new/review/"

SCOPE_ANSWERS = {
    "own_words": "",
    "services": ["Network access", "Telephony", ""],
    "delivered_by": "Alder IT",
    "locations": ["Utrecht"],
    "customers": ["the four companies of the group"],
    "other_parties": "some",
    "left_out": ["Factory networks"],
}
DATE_ANSWERS = {
    "start": "2026-04-06",
    "time_zone": "Europe/Vienna",
    "currency": "EUR",
    "weeks_0": "10",
    "weeks_1": "18",
    "weeks_2": "24",
    "weeks_3": "30",
}
STATEMENT = (
    "The SMS of Alder IT supports Network access and Telephony for the four companies of the group, delivered from "
    "Utrecht. Left out: Factory networks."
)


def people(*lines: tuple[str, ...]) -> dict[str, str]:
    data = {"form-TOTAL_FORMS": str(len(lines)), "form-INITIAL_FORMS": "0"}
    for number, line in enumerate(lines):
        for name, value in zip(("name", "email", "role", "until"), line, strict=False):
            data[f"form-{number}-{name}"] = value
    return data


def answer_all(client: Client, cast: Cast, *, members: dict[str, str] | None = None, **scope) -> None:
    first = {"organization": str(cast.alder.pk), "name": "Workplace SMS", "edition": "2018"}
    for address, data in (
        (ORGANIZATION, first),
        (SCOPE, {**SCOPE_ANSWERS, **scope}),
        (DATES, DATE_ANSWERS),
        (PEOPLE, members or people()),
    ):
        answer = client.post(address, {**data, "do": "next"})
        assert answer.status_code == 302, (address, answer.content.decode())


def draft_nonce() -> str:
    return WizardDraft.objects.get().answers["nonce"]


def finish(client: Client, value: str | None = None):
    return client.post(REVIEW, {"do": "finish", "nonce": draft_nonce() if value is None else value})
