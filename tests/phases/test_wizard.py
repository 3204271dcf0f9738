"""The wizard for a new project: who may, from first to last step, the draft."""

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from audittrail.models import Event
from phases.models import PhaseActivity
from projects.models import Invitation, Organization, Project, WizardDraft
from tests.cast import PASSWORD, Cast
from tests.phases.wizard_answers import (
    APPROACH,
    DATE_ANSWERS,
    DATES,
    EARLIER,
    ORGANIZATION,
    PEOPLE,
    REVIEW,
    SCOPE,
    SCOPE_ANSWERS,
    STATEMENT,
    answer_all,
    draft_nonce,
    finish,
    people,
)


@pytest.fixture
def olga(cast: Cast, sign_in) -> Client:
    return sign_in(cast.olga)


# --- who may -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["mara", "petra", "audra", "nina", "bruno"])
def test_it_is_closed_to_who_may_start_no_project_and_says_why(cast: Cast, sign_in, who: str) -> None:
    client = sign_in(cast.people[who])
    for address in ("/projects/new/", ORGANIZATION, REVIEW):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Only owners and consultants of an organization can start a project" in answer.content.decode()
    assert client.post(SCOPE, SCOPE_ANSWERS).status_code == 403
    assert not WizardDraft.objects.exists()


def test_a_consultant_is_offered_the_organizations_they_work_for_and_no_other(cast: Cast, sign_in) -> None:
    page = sign_in(cast.carl).get(ORGANIZATION).content.decode()
    assert "Alder IT" in page
    assert "Birch" not in page
    assert "A new organization" not in page


def test_another_clients_organization_cannot_be_chosen(olga: Client, cast: Cast) -> None:
    answer = olga.post(ORGANIZATION, {"organization": str(cast.birch.pk), "name": "Mine", "edition": "2018"})
    assert answer.status_code == 422
    assert "You cannot start projects in this organization." in answer.content.decode()


def test_an_administrator_opens_an_organization_with_the_project(cast: Cast, sign_in) -> None:
    root = User.objects.create_superuser("root@alder.example", PASSWORD, name="Rosa Root")
    client = sign_in(root)
    answer_all_as_new = {
        "organization": "new",
        "new_organization": "Cedar Care",
        "name": "Cedar SMS",
        "edition": "2018",
    }
    assert client.post(ORGANIZATION, answer_all_as_new).status_code == 302
    for address, data in ((SCOPE, SCOPE_ANSWERS), (DATES, DATE_ANSWERS), (PEOPLE, people())):
        assert client.post(address, data).status_code == 302
    assert finish(client).status_code == 302
    project = Project.objects.get(name="Cedar SMS")
    assert project.organization.name == "Cedar Care"
    assert list(project.organization.memberships.values_list("user__email", "role")) == [
        ("root@alder.example", "owner")
    ]


@pytest.mark.parametrize(
    ("name", "message"), [("", "Name the new organization."), ("ALDER it", "of this name already")]
)
def test_a_new_organization_needs_a_name_of_its_own(cast: Cast, sign_in, name: str, message: str) -> None:
    client = sign_in(User.objects.create_superuser("root@alder.example", PASSWORD, name="Rosa Root"))
    answer = client.post(
        ORGANIZATION, {"organization": "new", "new_organization": name, "name": "Cedar SMS", "edition": "2018"}
    )
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert 'value="Cedar SMS"' in answer.content.decode()


def test_an_owner_cannot_sneak_in_a_new_organization(olga: Client, cast: Cast) -> None:
    answer = olga.post(
        ORGANIZATION, {"organization": "new", "new_organization": "Mine", "name": "x", "edition": "2018"}
    )
    assert answer.status_code == 422
    assert not Organization.objects.filter(name="Mine").exists()


# --- from first to last step ---------------------------------------------------------------------------------------
def test_it_makes_the_project_that_was_described(olga: Client, cast: Cast, django_capture_on_commit_callbacks) -> None:
    answer_all(
        olga,
        cast,
        members=people(("Jana Kowalska", "Jana@Alder.example", "process owner", ""), ("", "", "team member", "")),
    )
    page = olga.get(REVIEW).content.decode()
    assert "Workplace SMS" in page
    assert STATEMENT in page
    assert "Jana Kowalska" in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = finish(olga)
    project = Project.objects.get(name="Workplace SMS")
    assert answer["Location"] == f"/projects/{project.slug}/"
    assert project.scope_statement == STATEMENT
    assert (project.services, project.left_out, project.other_parties) == (
        ["Network access", "Telephony"],
        ["Factory networks"],
        "some",
    )
    assert (project.time_zone, project.currency, project.edition) == ("Europe/Vienna", "EUR", "2018")
    assert PhaseActivity.objects.filter(project=project, phase_number__gte=1).count() == 471
    assert list(Invitation.objects.filter(project=project).values_list("email", "role")) == [
        ("jana@alder.example", "process owner")
    ]
    assert [message.to for message in mail.outbox] == [["jana@alder.example"]]


def test_the_project_has_one_trail_event_and_each_invitation_its_own(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast, members=people(("Jana", "jana@alder.example", "team member", "")))
    finish(olga)
    project = Project.objects.get(name="Workplace SMS")
    events = Event.objects.filter(stream_id=project.uuid).order_by("seq").values_list("kind", "action")
    assert list(events) == [("project", "create"), ("invitation", "invite")]


def test_a_double_click_makes_one_project_and_both_lead_there(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    value = draft_nonce()
    first = finish(olga, value)
    second = finish(olga, value)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Project.objects.filter(name="Workplace SMS").count() == 1


def test_an_old_page_of_a_used_draft_leads_to_the_project_and_not_into_a_new_draft(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    value = draft_nonce()
    finish(olga, value)
    answer = olga.post(SCOPE, {**SCOPE_ANSWERS, "nonce": value, "do": "next"})
    assert answer["Location"] == f"/projects/{Project.objects.get(name='Workplace SMS').slug}/"
    assert "steps" not in WizardDraft.objects.get().answers


def test_going_back_after_the_start_begins_a_new_draft(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    finish(olga)
    assert olga.get(REVIEW)["Location"] == "/projects/new/"
    assert olga.get("/projects/new/")["Location"] == ORGANIZATION
    assert 'value="Workplace SMS"' not in olga.get(ORGANIZATION).content.decode()


def test_a_second_project_can_follow_with_the_same_name(olga: Client, cast: Cast) -> None:
    for _n in range(2):
        answer_all(olga, cast)
        finish(olga)
    assert Project.objects.filter(name="Workplace SMS").count() == 2


def test_a_made_up_nonce_starts_nothing(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    answer = finish(olga, "made-up")
    assert answer.status_code == 422
    assert "Nothing was started." in answer.content.decode()
    assert not Project.objects.filter(name="Workplace SMS").exists()


def test_a_project_called_new_does_not_get_the_wizards_address(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    olga.post(ORGANIZATION, {"organization": str(cast.alder.pk), "name": "New", "edition": "2018"})
    finish(olga)
    assert Project.objects.get(name="New").slug.startswith("new-")


# --- the draft -----------------------------------------------------------------------------------------------------
def test_the_draft_is_kept_when_somebody_leaves_and_comes_back(olga: Client, cast: Cast) -> None:
    olga.post(ORGANIZATION, {"organization": str(cast.alder.pk), "name": "Half", "edition": "2018"})
    answer = olga.post(SCOPE, {"services": ["Mail"], "do": "leave"})
    assert answer["Location"] == "/"
    assert "A new project is half planned." in olga.get("/").content.decode()
    assert olga.get("/projects/new/")["Location"] == EARLIER
    assert 'value="Mail"' in olga.get(SCOPE).content.decode()


def test_going_back_saves_what_was_typed_without_complaint(olga: Client) -> None:
    answer = olga.post(DATES, {"start": "2026-02-31", "weeks_1": "many", "do": "back"})
    assert answer["Location"] == APPROACH
    page = olga.get(DATES).content.decode()
    assert 'value="2026-02-31"' in page
    assert 'value="many"' in page
    assert "There is no such day" not in page


def test_a_draft_is_seen_by_nobody_else(olga: Client, cast: Cast, sign_in) -> None:
    olga.post(ORGANIZATION, {"organization": str(cast.alder.pk), "name": "Secret plan", "edition": "2018"})
    carl = sign_in(cast.carl)
    assert "Secret plan" not in carl.get(ORGANIZATION).content.decode()
    assert "half planned" not in carl.get("/").content.decode()


def test_the_draft_can_be_discarded(olga: Client, cast: Cast) -> None:
    olga.post(ORGANIZATION, {"organization": str(cast.alder.pk), "name": "Half", "edition": "2018"})
    assert olga.post("/projects/new/").status_code == 302
    assert not WizardDraft.objects.exists()


def test_a_draft_takes_neither_nul_nor_megabytes(olga: Client) -> None:
    olga.post(SCOPE, {"delivered_by": "A\x00" + "b" * 10_000, "services": ["x"] * 300, "stranger": "y", "do": "leave"})
    kept = WizardDraft.objects.get().answers["steps"]["scope"]
    assert len(kept["delivered_by"][0]) <= 5000
    assert "\x00" not in kept["delivered_by"][0]
    assert len(kept["services"]) == 200
    assert "stranger" not in kept


def test_review_says_what_is_lacking_and_starts_nothing(olga: Client, cast: Cast) -> None:
    olga.post(ORGANIZATION, {"organization": str(cast.alder.pk), "name": "Half", "edition": "2018"})
    page = olga.get(REVIEW).content.decode()
    assert "The project cannot start yet." in page
    answer = finish(olga)
    assert answer.status_code == 422
    assert not Project.objects.filter(name="Half").exists()


def test_an_unknown_step_is_not_found(olga: Client) -> None:
    assert olga.get("/projects/new/nothing/").status_code == 404


def test_an_unknown_button_is_refused(olga: Client) -> None:
    for act in ("explode", "remove:services:99", "remove:nothing:0", "remove-member:0"):
        assert olga.post(SCOPE, {"services": ["Mail"], "do": act}).status_code == 422
