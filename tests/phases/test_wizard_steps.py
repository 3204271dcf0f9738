"""The steps of the wizard: what each offers, and what it refuses."""

import pytest
from django.test import Client

from phases.models import Phase
from phases.selectors.outlook import plan_outlook
from projects.models import Invitation, Project, WizardDraft
from tests.cast import START, Cast
from tests.phases.wizard_answers import (
    DATE_ANSWERS,
    DATES,
    ORGANIZATION,
    PEOPLE,
    REVIEW,
    SCOPE,
    SCOPE_ANSWERS,
    STATEMENT,
    answer_all,
    finish,
    people,
)


@pytest.fixture
def olga(cast: Cast, sign_in) -> Client:
    return sign_in(cast.olga)


# --- step 1 --------------------------------------------------------------------------------------------------------
def test_the_edition_of_2018_is_the_default_and_2011_is_marked(olga: Client) -> None:
    page = olga.get(ORGANIZATION).content.decode()
    assert " checked" in page.split('value="2018"')[1].split(">")[0]
    assert "ISO/IEC 20000-1:2011 (superseded)" in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "  "}, "Give the project a name."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"organization": ""}, "Choose the organization that builds the SMS."),
        ({"edition": "2030"}, "There is no such edition."),
        ({"edition": ""}, "Choose an edition."),
    ],
)
def test_step_one_refuses_what_is_not_sound(olga: Client, cast: Cast, change: dict[str, str], message: str) -> None:
    data = {"organization": str(cast.alder.pk), "name": "Workplace SMS", "edition": "2018", **change}
    answer = olga.post(ORGANIZATION, data)
    assert answer.status_code == 422
    assert message in answer.content.decode()


# --- step 2 --------------------------------------------------------------------------------------------------------
def test_the_sentence_marks_what_is_missing(olga: Client) -> None:
    page = olga.get(SCOPE).content.decode()
    assert 'class="tk tk-miss" href="#f-services">services still to be named</a>' in page


def test_the_sentence_follows_what_is_typed_before_anything_is_sent(olga: Client) -> None:
    answer = olga.post(SCOPE, {**SCOPE_ANSWERS, "do": "refresh"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert ">Network access and Telephony</a>" in answer.content.decode()


def test_the_managing_organization_is_taken_from_step_one(olga: Client, cast: Cast) -> None:
    olga.post(ORGANIZATION, {"organization": str(cast.alder.pk), "name": "Half", "edition": "2018"})
    assert 'id="id_delivered_by" value="Alder IT"' in olga.get(SCOPE).content.decode()


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("services", "Name at least one service."),
        ("delivered_by", "Name the organization that manages and delivers the services."),
        ("locations", "Name at least one location."),
        ("customers", "Name at least one customer"),
    ],
)
def test_an_incomplete_scope_is_refused_at_its_field_and_the_rest_stays(olga: Client, field: str, message: str) -> None:
    answer = olga.post(SCOPE, {**SCOPE_ANSWERS, field: ["  "] if field != "delivered_by" else " ", "do": "next"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert 'value="Factory networks"' in page


def test_own_words_stand_for_the_sentence(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast, own_words="on", statement="Everything that IT does in Utrecht.", services=[])
    finish(olga)
    assert Project.objects.get(name="Workplace SMS").scope_statement == "Everything that IT does in Utrecht."


def test_empty_own_words_are_refused(olga: Client) -> None:
    answer = olga.post(SCOPE, {**SCOPE_ANSWERS, "own_words": "on", "statement": " ", "do": "next"})
    assert answer.status_code == 422
    assert "A project needs a scope." in answer.content.decode()


def test_writing_it_oneself_begins_with_the_sentence(olga: Client) -> None:
    olga.post(SCOPE, {**SCOPE_ANSWERS, "do": "own"})
    assert STATEMENT in olga.get(SCOPE).content.decode().split("<textarea")[1]


@pytest.mark.parametrize(
    ("line", "clause"), [("Change management, done by the carrier", "8.5.1"), ("Clause 9.2", "9.2")]
)
def test_a_clause_or_process_cannot_be_left_out(olga: Client, line: str, clause: str) -> None:
    answer = olga.post(SCOPE, {**SCOPE_ANSWERS, "left_out": ["Factory networks", line], "do": "next"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A clause cannot be left out." in page
    assert f"Clause {clause}" in page
    assert f'value="{line}"' in page


def test_a_line_left_out_can_be_moved_to_the_parts_run_by_others(olga: Client) -> None:
    lines = ["Factory networks", "Change management"]
    answer = olga.post(SCOPE, {**SCOPE_ANSWERS, "other_parties": "none", "left_out": lines, "do": "others:1"})
    assert answer["Location"].endswith("#f-left_out")
    kept = WizardDraft.objects.get().answers["steps"]["scope"]
    assert kept["left_out"] == ["Factory networks"]
    assert kept["other_parties"] == ["some"]


def test_lines_are_added_and_removed_without_script(olga: Client) -> None:
    answer = olga.post(SCOPE, {"services": ["Mail", "Print", ""], "do": "remove:services:0"})
    assert answer["Location"] == f"{SCOPE}#f-services"
    assert WizardDraft.objects.get().answers["steps"]["scope"]["services"] == ["Print"]


# --- step 3 --------------------------------------------------------------------------------------------------------
def test_step_three_offers_the_usual_times(olga: Client) -> None:
    page = olga.get(DATES).content.decode()
    for number, weeks in ((0, 10), (1, 18), (2, 24), (3, 30)):
        assert f'id="id_weeks_{number}" value="{weeks}"' in page


def test_time_zone_and_currency_are_those_of_the_last_project_there(olga: Client, cast: Cast) -> None:
    Project.objects.filter(pk=cast.project.pk).update(time_zone="Europe/Vienna", currency="CHF")
    olga.post(ORGANIZATION, {"organization": str(cast.alder.pk), "name": "Half", "edition": "2018"})
    page = olga.get(DATES).content.decode()
    assert '<option value="Europe/Vienna" selected>' in page
    assert '<option value="CHF" selected>' in page


def test_a_very_small_entity_takes_half_the_time(olga: Client) -> None:
    olga.post(DATES, {**DATE_ANSWERS, "do": "half"})
    kept = WizardDraft.objects.get().answers["steps"]["dates"]
    assert [kept[f"weeks_{number}"] for number in range(4)] == [["5"], ["9"], ["12"], ["15"]]


@pytest.mark.parametrize("value", ["2026-02-31", "2026-13-01", "31.12.2026", "20260401", "2026-W10-1", "tomorrow"])
def test_an_impossible_day_is_refused_at_its_field_and_stays_as_typed(olga: Client, value: str) -> None:
    answer = olga.post(DATES, {**DATE_ANSWERS, "start": value, "do": "next"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no such day." in page
    assert f'value="{value}"' in page


@pytest.mark.parametrize("value", ["1999-12-31", "2100-01-02", "9999-12-31"])
def test_a_day_out_of_reach_is_refused(olga: Client, value: str) -> None:
    answer = olga.post(DATES, {**DATE_ANSWERS, "start": value, "do": "next"})
    assert answer.status_code == 422
    assert "Give a day in the years 2000 to 2100." in answer.content.decode()


@pytest.mark.parametrize("value", ["0", "-1", "1000", "some", "", "1.5"])
def test_impossible_weeks_are_refused_at_their_field_and_stay_as_typed(olga: Client, value: str) -> None:
    answer = olga.post(DATES, {**DATE_ANSWERS, "weeks_2": value, "do": "next"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Give whole weeks, 1 to 260.") == 1
    assert f'id="id_weeks_2" value="{value}"' in page


@pytest.mark.parametrize(
    ("field", "message"), [("time_zone", "There is no such time zone."), ("currency", "There is no such currency.")]
)
def test_a_made_up_place_or_currency_is_refused(olga: Client, field: str, message: str) -> None:
    answer = olga.post(DATES, {**DATE_ANSWERS, field: "Moon", "do": "next"})
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_the_plan_so_far_is_the_plan_that_is_made(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast)
    page = olga.get(REVIEW).content.decode()
    finish(olga)
    project = Project.objects.get(name="Workplace SMS")
    ends = list(Phase.objects.filter(project=project, number__lte=3).order_by("number").values_list("end", flat=True))
    outlook = plan_outlook(project.start_date)
    assert [phase.end for phase in outlook.phases] == ends
    assert outlook.activities == 471
    for end in ends:
        assert f'datetime="{end.isoformat()}"' in page


def test_the_audits_come_four_and_ten_weeks_after_phase_three(catalogue) -> None:
    outlook = plan_outlook(START)
    assert (outlook.stage_1 - outlook.end).days == 28
    assert (outlook.stage_2 - outlook.end).days == 70


# --- step 4 --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([("Jana", "no mail", "team member")], "This is not a mail address."),
        ([("Jana", "", "team member")], "Give a mail address"),
        ([("", "jana@alder.example", "team member")], "Give the name"),
        ([("Jana", "jana@alder.example", "emperor")], "There is no such role."),
        ([("Jana", "jana@alder.example", "auditor", "2026-02-31")], "There is no such day."),
        ([("Jana", "jana@alder.example", "auditor", "2026-03-01")], "The access would end before it begins."),
        ([("Me", "OLGA@alder.example", "team member")], "This is you."),
        (
            [("Jana", "jana@alder.example", "team member"), ("Jane", "JANA@alder.example", "auditor")],
            "Jana has this address already",
        ),
    ],
)
def test_a_wrong_line_is_refused_at_its_field_and_stays_as_typed(olga: Client, lines, message: str) -> None:
    answer = olga.post(PEOPLE, {**people(*lines), "do": "next"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    for line in lines:
        assert f'value="{line[1]}"' in page or not line[1]


def test_an_end_before_the_start_of_the_project_is_refused(olga: Client) -> None:
    olga.post(DATES, {**DATE_ANSWERS, "do": "next"})
    answer = olga.post(PEOPLE, {**people(("Jana", "jana@alder.example", "auditor", "2026-04-05")), "do": "next"})
    assert answer.status_code == 422
    assert "The access would end before it begins." in answer.content.decode()


def test_empty_lines_count_for_nobody(olga: Client, cast: Cast) -> None:
    answer_all(olga, cast, members=people(("", "", "auditor", ""), ("", "", "team member", "")))
    finish(olga)
    assert not Invitation.objects.exists()


def test_people_are_added_and_removed_without_script(olga: Client) -> None:
    lines = people(("Jana", "jana@alder.example", "auditor"), ("Karl", "karl@alder.example", "team member"))
    olga.post(PEOPLE, {**lines, "do": "remove-member:0"})
    page = olga.get(PEOPLE).content.decode()
    assert 'id="id_form-0-name"' in page
    assert "Jana" not in page
    assert 'value="Karl"' in page
    olga.post(PEOPLE, {**lines, "do": "add-member"})
    assert WizardDraft.objects.get().answers["steps"]["people"]["form-TOTAL_FORMS"] == ["3"]


def test_a_huge_number_of_lines_is_cut(olga: Client) -> None:
    answer = olga.post(PEOPLE, {"form-TOTAL_FORMS": "9999999", "do": "leave"})
    assert answer.status_code == 302
    assert WizardDraft.objects.get().answers["steps"]["people"]["form-TOTAL_FORMS"] == ["50"]


def test_the_steps_take_few_queries(olga: Client, cast: Cast, django_assert_max_num_queries) -> None:
    answer_all(olga, cast)
    for address in (ORGANIZATION, SCOPE, DATES, PEOPLE, REVIEW):
        with django_assert_max_num_queries(13):
            olga.get(address)
