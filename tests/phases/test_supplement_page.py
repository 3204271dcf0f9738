"""The page of the supplement, and the wizard's question about it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from phases.services.rows import Target, change_status
from phases.services.supplement import add_supplement
from projects.models import Project
from tests.cast import Cast
from tests.phases.supplement_plans import extra_rows
from tests.phases.wizard_answers import DATES, ORGANIZATION, REVIEW, answer_all, finish

PAGE = "/projects/alder/supplement/"


def text_of(answer) -> str:
    text = strip_tags(answer.content.decode().replace("<", " <"))
    return re.sub(r"\s+([,.]?)", r" \1", text).replace(" ,", ",").replace(" .", ".")


def fresh(cast: Cast) -> Project:
    return Project.objects.get(pk=cast.project.pk)


@pytest.fixture
def mara(cast: Cast, supplement, sign_in) -> Client:
    return sign_in(cast.mara)


def test_it_says_what_it_is_whose_it_is_and_where_it_stands(mara: Client) -> None:
    page = text_of(mara.get(PAGE))
    assert "Not decided" in page
    assert "All of it is our own guidance." in page
    assert "Context, interested parties and scope" in page
    assert "List the outside and inside issues that touch the SMS" in page
    assert "Add its 34 activities" in page


def test_everybody_reads_it_and_only_managers_decide(cast: Cast, supplement, sign_in) -> None:
    page = text_of(sign_in(cast.audra).get(PAGE))
    assert "Add its 34 activities" not in page
    assert "Your role in this project does not allow this" in page
    assert sign_in(cast.audra).post(PAGE, {"do": "add", "version": 1}).status_code == 403
    assert sign_in(cast.bruno).get(PAGE).status_code == 404


def test_adding_it_leads_back_and_shows_its_phases(mara: Client, cast: Cast) -> None:
    answer = mara.post(PAGE, {"do": "add", "version": fresh(cast).version}, follow=True)
    page = text_of(answer)
    assert "The supplement is part of the plan, with 70 rows in its phases." in page
    assert "Phase 1 0 of 14 applicable done or verified" in page
    assert len(extra_rows(cast.project)) == 70


def test_leaving_it_out_needs_a_reason_at_its_field(mara: Client, cast: Cast) -> None:
    answer = mara.post(PAGE, {"do": "decline", "version": fresh(cast).version, "supplement_reason": " ?? "})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say why in a line. An auditor will read it." in page
    assert "??" in page
    said = {"do": "decline", "version": fresh(cast).version, "supplement_reason": "Runs <elsewhere>"}
    page = mara.post(PAGE, said, follow=True).content.decode()
    assert "Runs &lt;elsewhere&gt;" in page
    assert fresh(cast).supplement_declined == "Runs <elsewhere>"


def test_work_on_it_refuses_taking_it_out_and_says_where(mara: Client, cast: Cast) -> None:
    add_supplement(acting_user=cast.mara, project=cast.project)
    row = extra_rows(cast.project)["S.CX.a", 1]
    target = Target(row.pk, row.version)
    change_status(acting_user=cast.mara, project=cast.project, targets=[target], status="in progress")
    said = {"do": "decline", "version": fresh(cast).version, "supplement_reason": "No need"}
    answer = mara.post(PAGE, said)
    assert answer.status_code == 422
    assert "Work has begun on S.CX.a." in text_of(answer)
    assert "It can no longer be taken out: S.CX.a holds work." in text_of(mara.get(PAGE))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"do": "add"}, 428),
        ({"do": "add", "version": "77"}, 409),
        ({"do": "decline", "version": "77", "supplement_reason": "Runs elsewhere"}, 409),
        ({"do": "burn", "version": "1"}, 400),
    ],
)
def test_a_form_that_is_stale_or_odd_changes_nothing(
    mara: Client, cast: Cast, data: dict[str, str], status: int
) -> None:
    assert mara.post(PAGE, data).status_code == status
    assert (fresh(cast).supplement_pack, fresh(cast).supplement_declined) == ("", "")


def test_a_second_click_adds_nothing(mara: Client, cast: Cast) -> None:
    version = fresh(cast).version
    mara.post(PAGE, {"do": "add", "version": version})
    assert mara.post(PAGE, {"do": "add", "version": version}).status_code == 422
    assert len(extra_rows(cast.project)) == 70


def test_the_page_takes_few_queries(mara: Client, cast: Cast) -> None:
    add_supplement(acting_user=cast.mara, project=cast.project)
    mara.get(PAGE)
    with CaptureQueriesContext(connection) as counted:
        assert mara.get(PAGE).status_code == 200
    assert len(counted) <= 10


def test_it_has_nothing_to_offer_where_none_is_loaded_or_the_edition_is_another(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "No supplement is loaded here" in text_of(client.get(PAGE))
    Project.objects.filter(pk=cast.project.pk).update(edition="2011")
    assert "The supplement goes with the edition of 2018." in text_of(client.get(PAGE))
    assert client.get(f"{PAGE}?x=1").status_code == 400


def test_settings_lead_to_it_and_say_what_another_edition_means_for_it(mara: Client, cast: Cast) -> None:
    settings = "/projects/alder/settings/"
    assert f'href="{PAGE}"' in mara.get(settings).content.decode()
    add_supplement(acting_user=cast.mara, project=cast.project)
    data = {"do": "refresh", "version": fresh(cast).version, "name": "Alder SMS", "edition": "2011"}
    assert "The supplement for 2018 stays in the plan, counted apart." in text_of(mara.post(settings, data))


# --- the wizard ----------------------------------------------------------------------------------------------------
@pytest.fixture
def olga(cast: Cast, supplement, sign_in) -> Client:
    return sign_in(cast.olga)


def first(cast: Cast, **values: str) -> dict[str, str]:
    return {"organization": str(cast.alder.pk), "name": "Workplace SMS", "edition": "2018", "do": "next", **values}


def test_the_wizard_offers_it_and_shows_it_apart(olga: Client) -> None:
    answer = olga.get(ORGANIZATION)
    assert re.search(r'value="take"[^>]*checked', answer.content.decode())
    page = text_of(answer)
    assert "Add the supplement for 2018 (34 activities, counted apart)" in page
    assert "471 activities in three phases" in page
    assert "and 70 of the supplement for 2018, counted apart" in page


def test_the_wizard_does_not_ask_where_none_is_loaded(cast: Cast, sign_in) -> None:
    assert "upplement" not in text_of(sign_in(cast.olga).get(ORGANIZATION))


def test_a_plan_of_the_wizard_has_it(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    assert "Added: 70 rows, counted apart" in text_of(olga.get(REVIEW))
    finish(olga)
    assert len(extra_rows(Project.objects.get(name="Workplace SMS"))) == 70


def test_leaving_it_out_in_the_wizard_needs_a_reason_at_its_field(olga: Client, cast: Cast) -> None:
    answer = olga.post(ORGANIZATION, first(cast, supplement="leave", supplement_reason=" "))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.index('name="supplement_reason"') < page.index("Say why in a line.")
    assert "Workplace SMS" in page


def test_a_plan_of_the_wizard_may_leave_it_out(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    answer = olga.post(ORGANIZATION, first(cast, supplement="leave", supplement_reason="Runs elsewhere"))
    assert answer.status_code == 302
    assert "counted apart" not in text_of(olga.get(DATES))
    assert "Left out: Runs elsewhere" in text_of(olga.get(REVIEW))
    finish(olga)
    project = Project.objects.get(name="Workplace SMS")
    assert (project.supplement_declined, extra_rows(project)) == ("Runs elsewhere", {})


def test_the_older_edition_is_not_asked_for_a_reason(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    assert olga.post(ORGANIZATION, first(cast, edition="2011", supplement="leave")).status_code == 302
    assert "Supplement" not in text_of(olga.get(REVIEW))
    finish(olga)
    project = Project.objects.get(name="Workplace SMS")
    assert (project.supplement_pack, project.supplement_declined) == ("", "")
