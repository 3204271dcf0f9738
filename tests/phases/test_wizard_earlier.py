"""The wizard with an earlier project, and with an approach of its own."""

import pytest
from django.test import Client

from phases.models import PhaseActivity, PlanRules
from projects.choices import ProjectRole
from projects.models import Project, WizardDraft
from projects.services.team import grant_role
from tests.cast import CANARY, Cast
from tests.phases.test_reuse import tailor
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
    answer_all,
    finish,
    people,
)

FIRST = {"name": "Workplace SMS", "edition": "2018"}


@pytest.fixture
def olga(cast: Cast, sign_in) -> Client:
    return sign_in(cast.olga)


@pytest.fixture
def carl(cast: Cast, sign_in) -> Client:
    """Carl starts projects in Alder and manages one of Birch."""
    grant_role(acting_user=None, project=cast.other, user=cast.carl, role=ProjectRole.MANAGER)
    tailor(cast.other, words=CANARY)
    return sign_in(cast.carl)


# --- an earlier project --------------------------------------------------------------------------------------------
def test_who_sees_no_project_is_not_asked_for_one(cast: Cast, sign_in) -> None:
    client = sign_in(cast.carl)
    assert client.post(ORGANIZATION, {**FIRST, "organization": str(cast.alder.pk)})["Location"] == SCOPE
    assert client.get(EARLIER).status_code == 302
    assert "Step 2 of 6" in client.get(SCOPE).content.decode()


def test_everything_is_shown_before_it_comes_over(olga: Client, cast: Cast) -> None:
    tailor(cast.project, words="here")
    olga.post(ORGANIZATION, {**FIRST, "organization": str(cast.alder.pk)})
    page = olga.get(EARLIER).content.decode()
    assert "Alder SMS (Alder IT)" in page
    assert "Birch" not in page
    answer = olga.post(EARLIER, {"source": "alder", "do": "next"})
    assert answer["Location"] == f"{EARLIER}#offer"
    page = olga.get(EARLIER).content.decode()
    for text in ("No new services are planned here", "Tell the shops here", "Desk here"):
        assert text in page
    answer = olga.post(
        EARLIER, {"source": "alder", "offered_for": "alder within", "take": ["own:CH.own-1"], "do": "next"}
    )
    assert answer["Location"] == SCOPE
    page = olga.get(EARLIER).content.decode()
    assert 'value="own:CH.own-1" checked' in page
    assert 'value="left:NC.a" checked' not in page


def test_the_review_says_what_comes_over_and_the_project_has_it(olga: Client, cast: Cast) -> None:
    tailor(cast.project, words="here")
    answer_all(olga, cast)
    olga.post(EARLIER, {"source": "alder", "offered_for": "alder within", "take": ["own:CH.own-1", "left:NC.a"]})
    page = olga.get(REVIEW).content.decode()
    assert "With the method of Alder SMS." in page
    assert "2 items come over." in page
    assert finish(olga).status_code == 302
    project = Project.objects.get(name="Workplace SMS")
    assert PhaseActivity.objects.filter(project=project, activity__ref="CH.own-1").count() == 1
    assert PhaseActivity.objects.filter(project=project, status="not applicable").count() == 1
    assert PlanRules.objects.get(project=project).made_from == cast.project
    assert "Made with the method of" in olga.get(f"/projects/{project.slug}/").content.decode()
    assert "Its method is used by" in olga.get("/projects/alder/settings/").content.decode()


def test_another_clients_words_are_in_no_step(carl: Client, cast: Cast) -> None:
    carl.post(ORGANIZATION, {**FIRST, "organization": str(cast.alder.pk)})
    carl.post(EARLIER, {"source": "birch", "do": "refresh"})
    page = carl.get(EARLIER).content.decode()
    # The name by which Carl chose the project stands in the list and over the offer, and nowhere else.
    assert page.count(CANARY) == 3
    assert "another organization: the method alone" in page
    assert "Stays behind:" in page
    answer = carl.post(EARLIER, {"source": "birch", "offered_for": "birch across", "take": ["left:NC.a"], "do": "next"})
    assert answer.status_code == 422
    assert "Say why in a line." in answer.content.decode()
    for address in (SCOPE, APPROACH, DATES):
        assert CANARY not in carl.get(address).content.decode()


def test_a_source_that_went_out_of_sight_is_said_and_nothing_starts(carl: Client, cast: Cast) -> None:
    answer_all(carl, cast)
    carl.post(EARLIER, {"source": "birch", "offered_for": "birch across"})
    cast.other.memberships.filter(user=cast.carl).update(ends_at=cast.other.created_at)
    answer = finish(carl)
    assert answer.status_code == 422
    assert "Earlier project" in answer.content.decode()
    answer = carl.post(EARLIER, {"source": "birch", "do": "next"})
    assert answer.status_code == 422
    assert "This project is not there any more, or you no longer see it." in answer.content.decode()
    assert not Project.objects.filter(name="Workplace SMS").exists()


def test_a_second_click_makes_one_project(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    olga.post(EARLIER, {"source": "alder", "offered_for": "alder within"})
    nonce = WizardDraft.objects.get().answers["nonce"]
    assert finish(olga, nonce)["Location"] == finish(olga, nonce)["Location"]
    assert Project.objects.filter(name="Workplace SMS").count() == 1


def test_the_approach_of_the_earlier_project_holds_where_nobody_says_otherwise(olga: Client, cast: Cast) -> None:
    PlanRules.objects.filter(project=cast.project).update(approach="levels", very_small=True)
    answer_all(olga, cast)
    olga.post(EARLIER, {"source": "alder", "offered_for": "alder within"})
    assert "All processes together, in three levels, for a very small entity" in olga.get(REVIEW).content.decode()
    assert 'value="levels" checked' in olga.get(APPROACH).content.decode()
    finish(olga)
    rules = PlanRules.objects.get(project__name="Workplace SMS")
    assert (rules.approach, rules.very_small) == ("levels", True)


# --- an approach ---------------------------------------------------------------------------------------------------
def test_levels_are_counted_and_planned(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    assert olga.post(APPROACH, {"approach": "levels", "do": "next"})["Location"] == DATES
    assert "279" in olga.get(REVIEW).content.decode()
    finish(olga)
    project = Project.objects.get(name="Workplace SMS")
    assert PhaseActivity.objects.filter(project=project, phase_number__gte=1).count() == 279


def test_subsets_need_a_phase_for_each_process(olga: Client, cast: Cast) -> None:
    olga.post(ORGANIZATION, {**FIRST, "organization": str(cast.alder.pk)})
    page = olga.get(APPROACH).content.decode()
    assert 'name="phase_CH"' in page
    answer = olga.post(APPROACH, {"approach": "subsets", "phase_CH": "1", "do": "next"})
    assert answer.status_code == 422
    assert "Choose a phase for" in answer.content.decode()
    assert olga.post(APPROACH, {"approach": "spiral", "do": "next"}).status_code == 422


def test_a_very_small_entity_is_offered_half_of_the_weeks(olga: Client, cast: Cast) -> None:
    olga.post(ORGANIZATION, {**FIRST, "organization": str(cast.alder.pk)})
    olga.post(SCOPE, {**SCOPE_ANSWERS, "do": "next"})
    olga.post(APPROACH, {"approach": "three phases", "very_small": "on", "do": "next"})
    page = olga.get(DATES).content.decode()
    assert [f'value="{weeks}"' in page for weeks in (5, 9, 12, 15)] == [True] * 4


# --- a wider scope -------------------------------------------------------------------------------------------------
def test_a_wider_scope_begins_with_everything_filled_in(olga: Client, cast: Cast) -> None:
    Project.objects.filter(pk=cast.project.pk).update(services=["Mail"], delivered_by="Alder IT")
    page = olga.get("/projects/alder/widen/").content.decode()
    assert "Begin the new project" in page
    assert olga.post("/projects/alder/widen/")["Location"] == ORGANIZATION
    assert "Alder SMS, wider scope" in olga.get(ORGANIZATION).content.decode()
    assert 'value="Mail"' in olga.get(SCOPE).content.decode()
    page = olga.get(DATES).content.decode()
    assert [f'value="{weeks}"' in page for weeks in (6, 11, 14, 18)] == [True] * 4


def test_a_scope_that_is_no_wider_is_refused_and_what_was_typed_stays(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    finish(olga)
    first = Project.objects.get(name="Workplace SMS")
    olga.post(f"/projects/{first.slug}/widen/")
    wider = {"source": first.slug, "made_as": "wider scope", "offered_for": f"{first.slug} within", "do": "next"}
    olga.post(EARLIER, wider)
    for address, data in ((SCOPE, SCOPE_ANSWERS), (DATES, DATE_ANSWERS), (PEOPLE, people())):
        assert olga.post(address, {**data, "do": "next"}).status_code == 302
    answer = finish(olga)
    assert answer.status_code == 422
    assert "The scope is still that of Workplace SMS. Change it in the step Scope" in answer.content.decode()
    assert Project.objects.filter(organization=cast.alder).count() == 2
    assert 'value="Telephony"' in olga.get(SCOPE).content.decode()
    olga.post(SCOPE, {**SCOPE_ANSWERS, "locations": ["Utrecht", "Delft"], "do": "next"})
    assert finish(olga).status_code == 302


def test_who_may_start_no_project_reads_who_may(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "Only owners and consultants" in client.get("/projects/alder/widen/").content.decode()
    assert client.post("/projects/alder/widen/").status_code == 403
    assert not WizardDraft.objects.exists()
