"""The settings of a project."""

import pytest
from django.test import Client

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from projects.models import Project
from projects.services.projects import ProjectChange, change_project
from tests.cast import Cast

ADDRESS = "/projects/alder/settings/"
STATEMENT = "The SMS of Alder IT supports mail and network for its group, delivered from Graz."


@pytest.fixture
def mara(cast: Cast, sign_in) -> Client:
    return sign_in(cast.mara)


def answers(**change) -> dict:
    return {
        "version": "1",
        "name": "Alder SMS",
        "own_words": "on",
        "statement": STATEMENT,
        "services": [""],
        "delivered_by": "",
        "locations": [""],
        "customers": [""],
        "other_parties": "",
        "left_out": [""],
        "edition": "2018",
        "currency": "EUR",
        **change,
    }


def fresh(cast: Cast) -> Project:
    return Project.objects.get(pk=cast.project.pk)


def change_events(cast: Cast) -> list[dict]:
    return [
        event.content["changes"]
        for event in Event.objects.filter(stream_id=cast.project.uuid, kind="project", action="change")
    ]


def plain(**change) -> ProjectChange:
    return ProjectChange(**{"name": "Alder SMS", "scope_statement": STATEMENT, **change})


# --- the page ------------------------------------------------------------------------------------------------------
def test_a_statement_in_own_words_is_shown_as_such(mara: Client) -> None:
    page = mara.get(ADDRESS).content.decode()
    assert STATEMENT in page.split("<textarea")[1]
    assert 'name="version" value="1"' in page


def test_a_change_is_saved_with_one_trail_event_of_what_changed(mara: Client, cast: Cast) -> None:
    answer = mara.post(ADDRESS, answers(name="Alder services", currency="CHF"))
    assert answer.status_code == 302
    project = fresh(cast)
    assert (project.name, project.currency, project.version) == ("Alder services", "CHF", 2)
    assert change_events(cast) == [{"name": ["Alder SMS", "Alder services"], "currency": ["EUR", "CHF"]}]


def test_saving_without_a_change_writes_nothing(mara: Client, cast: Cast) -> None:
    assert mara.post(ADDRESS, answers()).status_code == 302
    assert fresh(cast).version == 1
    assert change_events(cast) == []


def test_the_sentence_is_formed_from_the_parts(mara: Client, cast: Cast) -> None:
    mara.post(
        ADDRESS,
        answers(
            own_words="",
            services=["mail", "network"],
            delivered_by="Alder IT",
            locations=["Graz"],
            customers=["its group"],
        ),
    )
    assert fresh(cast).scope_statement == STATEMENT
    assert fresh(cast).services == ["mail", "network"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": " "}, "Give the project a name."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"statement": " "}, "A project needs a scope."),
        ({"own_words": ""}, "Name at least one service."),
        ({"left_out": ["Change management"]}, "A clause cannot be left out."),
        ({"currency": "XXX"}, "There is no such currency."),
        ({"edition": "1999"}, "There is no such edition."),
        ({"other_parties": "maybe"}, "Choose one of the answers."),
    ],
)
def test_what_is_not_sound_is_refused_at_its_field_and_nothing_is_lost(
    mara: Client, cast: Cast, change: dict, message: str
) -> None:
    answer = mara.post(ADDRESS, answers(**{"delivered_by": "Typed by me", **change}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert 'value="Typed by me"' in page
    assert fresh(cast).version == 1


def test_another_edition_asks_once_more(mara: Client, cast: Cast) -> None:
    answer = mara.post(ADDRESS, answers(edition="2011"))
    assert answer.status_code == 422
    assert "Another edition changes which clauses the whole project shows." in answer.content.decode()
    assert fresh(cast).edition == "2018"
    assert mara.post(ADDRESS, answers(edition="2011", change_edition="on")).status_code == 302
    assert fresh(cast).edition == "2011"


def test_the_stale_one_of_two_gets_409_with_both_texts(mara: Client, cast: Cast) -> None:
    mara.post(ADDRESS, answers(name="First"))
    answer = mara.post(ADDRESS, answers(name="Second"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "First" in page
    assert "Second" in page
    assert fresh(cast).name == "First"


def test_a_form_without_its_version_gets_428(mara: Client) -> None:
    data = answers()
    del data["version"]
    assert mara.post(ADDRESS, data).status_code == 428


def test_a_button_of_a_list_redraws_the_form_and_saves_nothing(mara: Client, cast: Cast) -> None:
    answer = mara.post(ADDRESS, answers(name="Typed", services=["mail", ""], do="add:services"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Typed"' in page
    assert 'id="services-0" value="mail"' in page
    assert fresh(cast).version == 1


def test_an_unknown_button_is_refused(mara: Client) -> None:
    assert mara.post(ADDRESS, answers(do="explode")).status_code == 422


@pytest.mark.parametrize("who", ["toma", "chen", "cora", "petra", "tim", "audra"])
def test_others_read_the_settings_and_learn_who_changes_them(cast: Cast, sign_in, who: str) -> None:
    client = sign_in(cast.people[who])
    page = client.get(ADDRESS).content.decode()
    assert STATEMENT in page
    assert "Ask the project manager for a change." in page
    assert "<textarea" not in page
    assert client.post(ADDRESS, answers(name="Mine")).status_code == 403
    assert fresh(cast).name == "Alder SMS"


def test_another_client_finds_nothing(cast: Cast, sign_in) -> None:
    client = sign_in(cast.bruno)
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, answers(name="Mine")).status_code == 404


def test_it_takes_few_queries(mara: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(10):
        mara.get(ADDRESS)


# --- the service ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"scope_statement": " "}, "statement"),
        ({"delivered_by": "x" * 201}, "delivered_by"),
        ({"edition": "2030"}, "edition"),
        ({"other_parties": "many"}, "other_parties"),
        ({"currency": "EURO"}, "currency"),
        ({"left_out": ("Clause 8.5.1",)}, "left_out"),
    ],
)
def test_the_service_names_the_field_it_refuses(cast: Cast, change: dict, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        change_project(acting_user=cast.mara, project=cast.project, version=1, change=plain(**change))
    assert refused.value.field == field


@pytest.mark.parametrize("who", ["tim", "audra", "bruno", "carl"])
def test_the_service_refuses_who_may_not_change_the_project(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        change_project(acting_user=cast.people[who], project=cast.project, version=1, change=plain(name="Mine"))


def test_the_service_shows_only_what_differs_in_a_conflict(cast: Cast) -> None:
    change_project(acting_user=cast.mara, project=fresh(cast), version=1, change=plain(name="First"))
    with pytest.raises(StaleWrite) as stale:
        change_project(acting_user=cast.mara, project=fresh(cast), version=1, change=plain(name="Second"))
    assert stale.value.current == {"Name": "First"}
    assert stale.value.sent == {"Name": "Second"}


def test_a_project_cannot_be_started_with_a_clause_left_out_either(cast: Cast) -> None:
    from phases.services.start import ProjectPlan, start_project
    from tests.cast import START

    with pytest.raises(RuleBroken) as refused:
        start_project(
            acting_user=cast.olga,
            organization=cast.alder,
            plan=ProjectPlan(name="x", start=START, scope_statement="x", left_out=["Incident management"]),
        )
    assert refused.value.field == "left_out"
