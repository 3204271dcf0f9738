"""The page of one risk and what people do there; new risks from typical ones and from challenges."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from businesscase import guide
from businesscase.models import BusinessCase, CostLine, Risk
from businesscase.services.risks import change_risk, report_risk, review_risk
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from gapanalysis.services.questionnaires import load_questionnaire
from notifications.models import Comment
from tests.businesscase.conftest import submit
from tests.cast import Cast
from tests.gapanalysis.conftest import PACK
from tests.phases.test_wording import said

pytestmark = pytest.mark.django_db
URL = "/projects/alder/risks/"
VALUES = {"title": "Suppliers refuse", "category": "financial", "probability": 3, "impact": 4}
TYPED = {
    "title": "Suppliers refuse",
    "category": "financial",
    "cause": "",
    "event": "",
    "effect": "",
    "probability": "3",
    "impact": "4",
    "response": "reduce",
    "response_text": "Talk in May",
    "response_cost": "1 200,50",
    "residual_probability": "2",
    "residual_impact": "4",
    "owner": "",
    "review_on": "2026-04-01",
    "challenge": "",
}


@pytest.fixture
def risk(cast: Cast) -> Risk:
    """R-01, Petra's, high, with nothing done about it."""
    return report_risk(acting_user=cast.mara, project=cast.project, values={**VALUES, "owner": cast.parties["petra"]})


def now(risk: Risk) -> Risk:
    return Risk.objects.get(pk=risk.pk)


# --- its page --------------------------------------------------------------------------------------------------------


def test_it_says_what_the_steps_mean_and_that_nothing_is_decided(cast: Cast, risk: Risk, sign_in) -> None:
    page = sign_in(cast.cora).get(URL + "R-01/").content.decode()
    assert guide.scales().probability[2].sentence in page
    assert guide.scales().impact[3].time in page
    assert "Nothing is decided yet." in page
    assert "It stands as it is" not in page


def test_its_owner_may_work_on_it_here_and_another_may_not(cast: Cast, risk: Risk, sign_in) -> None:
    assert "It stands as it is" in sign_in(cast.petra).get(URL + "R-01/").content.decode()
    refused = sign_in(cast.tim).get(URL + "R-01/change/", follow=True)
    assert refused.redirect_chain == [(URL + "R-01/", 302)]
    assert "Your role in this project does not allow this" in refused.content.decode()


def test_a_risk_that_is_not_there_is_not_found(cast: Cast, risk: Risk, sign_in) -> None:
    client = sign_in(cast.mara)
    assert [client.get(URL + path).status_code for path in ("R-99/", "R-99/change/")] == [404, 404]
    assert sign_in(cast.bruno).get(URL + "R-01/").status_code == 404


def test_team_members_see_no_trail_on_it(cast: Cast, risk: Risk, sign_in) -> None:
    assert 'id="history"' in sign_in(cast.cora).get(URL + "R-01/").content.decode()
    assert 'id="history"' not in sign_in(cast.tim).get(URL + "R-01/").content.decode()


def test_it_asks_the_database_at_most_fifteen_times(
    cast: Cast, risk: Risk, sign_in, django_assert_max_num_queries
) -> None:
    client = sign_in(cast.mara)
    client.get(URL + "R-01/")
    with django_assert_max_num_queries(15):
        client.get(URL + "R-01/")


# --- changing it -----------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept(cast: Cast, risk: Risk, sign_in) -> None:
    typed = {**TYPED, "version": 1, "owner": str(cast.parties["tim"].pk)}
    response = sign_in(cast.mara).post(URL + "R-01/change/", typed)
    assert response.headers["Location"] == URL + "R-01/"
    found = now(risk)
    assert (found.response, found.response_cost, found.residual_probability) == ("reduce", Decimal("1200.50"), 2)
    assert (found.owner, found.review_on) == (cast.parties["tim"], date(2026, 4, 1))
    assert said(cast) == (
        "Mara Moss changed the risk R-01 Suppliers refuse: response from nothing to Reduce, what is done written, "
        "what it costs from nothing to 1200.50, probability after that from nothing to Unlikely, "
        "impact after that from nothing to Severe, "
        "owner from Petra Pohl to Tim Tully, next look from nothing to 1 Apr 2026"
    )


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"title": " "}, "title", "Say in a few words what may happen."),
        ({"probability": ""}, "probability", "Choose one of the four steps."),
        ({"probability": "5"}, "probability", "Choose one of the four steps."),
        ({"response_cost": "1,234"}, "response_cost", "can be read in two ways"),
        ({"response_cost": "-5"}, "response_cost", "This cannot be below zero."),
        ({"response_cost": "1e30"}, "response_cost", "Write the number out"),
        ({"residual_impact": ""}, "residual_impact", "Give both"),
        ({"owner": "999999"}, "owner", "Choose a party of this project."),
        ({"review_on": "2101-01-01"}, "review_on", "This is too far off."),
    ],
)
def test_what_cannot_be_is_answered_beside_its_field_and_stays(
    cast: Cast, risk: Risk, sign_in, wrong: dict, field: str, words: str
) -> None:
    response = sign_in(cast.mara).post(URL + "R-01/change/", {**TYPED, "version": 1, "cause": "Old contracts", **wrong})
    assert response.status_code == 422
    assert [words in error for error in response.context["form"].errors[field]] == [True]
    assert "Old contracts</textarea>" in response.content.decode()
    assert now(risk).version == 1


def test_two_who_change_it_see_both_texts(cast: Cast, risk: Risk, sign_in) -> None:
    client = sign_in(cast.mara)
    client.post(URL + "R-01/change/", {**TYPED, "version": 1, "title": "Carriers refuse"})
    response = client.post(URL + "R-01/change/", {**TYPED, "version": 1, "title": "All refuse", "probability": "4"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Carriers refuse" in page
    assert "All refuse" in page
    assert "Likely" in page
    assert '<input type="hidden" name="version" value="2">' in page
    assert client.post(URL + "R-01/change/", {**TYPED, "version": 2, "title": "All refuse"}).status_code == 302
    assert now(risk).title == "All refuse"


# --- looking at it ---------------------------------------------------------------------------------------------------


def test_a_look_sets_the_day_of_the_next(cast: Cast, risk: Risk, sign_in) -> None:
    client = sign_in(cast.petra)
    assert client.get(URL + "R-01/").context["review_form"].initial["review_on"] == date(2026, 3, 16)
    assert client.post(URL + "R-01/review/", {"version": 1, "review_on": "2026-03-20"}).status_code == 302
    assert now(risk).review_on == date(2026, 3, 20)
    assert said(cast) == (
        "Petra Pohl looked at the risk R-01 Suppliers refuse, which stands as it is; next look 20 Mar 2026"
    )


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("", "Give the day of the next look."),
        ("2026-03-02", "The next look lies in the future."),
        ("soon", "Give a day that exists, as YYYY-MM-DD."),
        ("2101-01-01", "This is too far off."),
    ],
)
def test_a_look_without_a_day_to_come_is_refused(cast: Cast, risk: Risk, sign_in, day: str, words: str) -> None:
    response = sign_in(cast.mara).post(URL + "R-01/review/", {"version": 1, "review_on": day})
    assert response.status_code == 422
    assert words in str(response.context["review_form"].errors["review_on"])


def test_who_does_not_own_it_says_no_look_and_two_say_one(cast: Cast, risk: Risk) -> None:
    look = {"project": cast.project, "ref": "R-01", "version": 1, "review_on": date(2026, 3, 20)}
    with pytest.raises(NotPermitted):
        review_risk(acting_user=cast.tim, **look)
    review_risk(acting_user=cast.petra, **look)
    with pytest.raises(StaleWrite):
        review_risk(acting_user=cast.mara, **look)


# --- settling it -----------------------------------------------------------------------------------------------------


def test_it_is_closed_with_what_came_of_it_and_opened_again(cast: Cast, risk: Risk, sign_in) -> None:
    client = sign_in(cast.mara)
    refused = client.post(URL + "R-01/settle/", {"version": 1, "state": "closed", "outcome": ""})
    assert refused.status_code == 422
    assert "Say what came of it" in refused.content.decode()
    client.post(URL + "R-01/settle/", {"version": 1, "state": "closed", "outcome": "Both signed"})
    page = client.get(URL + "R-01/").content.decode()
    assert "Both signed" in page
    assert "R-01/change/" not in page
    with pytest.raises(RuleBroken, match="Only open risks"):
        review_risk(acting_user=cast.mara, project=cast.project, ref="R-01", version=2, review_on=date(2026, 5, 1))
    client.post(URL + "R-01/settle/", {"version": 2, "state": "open", "outcome": ""})
    assert now(risk).state == "open"
    assert said(cast) == "Mara Moss opened the risk R-01 Suppliers refuse again"


# --- its response in the costs --------------------------------------------------------------------------------------


def answered(cast: Cast) -> None:
    values = {**VALUES, "owner": cast.parties["petra"], "response": "share", "response_cost": Decimal("9000.00")}
    change_risk(acting_user=cast.mara, project=cast.project, ref="R-01", version=1, values=values)


LINE = {
    "title": "Second carrier",
    "category": "people outside",
    "phase_number": "2",
    "first_month": "2026-05",
    "likely": "9.000,00",
    "low": "",
    "high": "12000",
    "day_rate": "",
}


def test_its_answer_goes_into_the_costs_and_stands_with_it(
    cast: Cast, risk: Risk, empty_case: BusinessCase, sign_in
) -> None:
    answered(cast)
    client = sign_in(cast.mara)
    shown = client.get(URL + "R-01/costs/").context["cost_form"]
    assert (shown["likely"].value(), shown["first_month"].value(), shown["phase_number"].value()) == (
        "9000",
        "2026-03",
        1,
    )
    assert client.post(URL + "R-01/costs/", LINE).headers["Location"] == URL + "R-01/"
    line = CostLine.objects.get(case=empty_case)
    assert (line.risk, line.low, line.likely, line.high) == (risk, 9000, 9000, 12000)
    assert (line.first_month, line.rhythm, line.source) == (date(2026, 5, 1), "once", "Response to risk R-01")
    page = client.get(URL + "R-01/").content.decode()
    assert "Second carrier" in page
    assert "Add another line to the costs" in page
    assert 'href="/projects/alder/business-case/lines/cost/C-01/"' in page
    # Who may not read the case does not read its lines here either.
    assert "Second carrier" in sign_in(cast.cora).get(URL + "R-01/").content.decode()
    assert "Second carrier" not in sign_in(cast.tim).get(URL + "R-01/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_month": "2040-01"}, "first_month"),
        ({"first_month": "May"}, "first_month"),
        ({"likely": ""}, "likely"),
        ({"low": "10000"}, "low"),
        ({"category": "own people"}, "day_rate"),
        ({"phase_number": "7"}, "phase_number"),
    ],
)
def test_a_line_that_cannot_be_stays_on_the_page(
    cast: Cast, risk: Risk, empty_case: BusinessCase, sign_in, wrong: dict, field: str
) -> None:
    answered(cast)
    response = sign_in(cast.mara).post(URL + "R-01/costs/", {**LINE, **wrong})
    assert response.status_code == 422
    assert list(response.context["cost_form"].errors) == [field]
    assert "Second carrier" in response.content.decode()
    assert not CostLine.objects.exists()


def test_without_a_case_or_while_one_lies_with_its_approvers_there_is_no_way_in(
    cast: Cast, risk: Risk, sign_in
) -> None:
    answered(cast)
    client = sign_in(cast.mara)
    assert "R-01/costs/" not in client.get(URL + "R-01/").content.decode()
    assert client.get(URL + "R-01/costs/").status_code == 302


def test_while_a_version_lies_with_its_approvers_the_costs_stay(
    cast: Cast, risk: Risk, case: BusinessCase, sign_in
) -> None:
    answered(cast)
    submit(cast, case)
    client = sign_in(cast.mara)
    assert "R-01/costs/" not in client.get(URL + "R-01/").content.decode()
    response = client.post(URL + "R-01/costs/", LINE)
    assert response.status_code == 422
    assert "Version 1 lies with its approvers" in response.content.decode()


# --- comments --------------------------------------------------------------------------------------------------------


def test_people_talk_about_it(cast: Cast, risk: Risk, sign_in) -> None:
    client = sign_in(cast.tim)
    response = client.post(URL + "R-01/comments/", {"body": "They signed with others", "nonce": uuid4(), "asked": ""})
    comment = Comment.objects.get(kind="risk", key="R-01")
    assert response.headers["Location"] == f"{URL}R-01/#comment-{comment.pk}"
    assert "They signed with others" in client.get(URL + "R-01/").content.decode()
    assert client.post(URL + "R-99/comments/", {"body": "x", "nonce": uuid4()}).status_code == 404
    empty = client.post(URL + "R-01/comments/", {"body": "", "nonce": uuid4(), "asked": ""})
    assert empty.status_code == 422


def test_a_question_about_it_waits_in_my_work(cast: Cast, risk: Risk, sign_in) -> None:
    asked = {"body": "Still true?", "nonce": uuid4(), "asked": str(cast.petra.pk)}
    sign_in(cast.mara).post(URL + "R-01/comments/", asked)
    page = sign_in(cast.petra).get("/work/").content.decode()
    assert "R-01 Suppliers refuse" in page


# --- new ones --------------------------------------------------------------------------------------------------------


def test_who_reports_says_what_may_happen_and_no_more(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    form = client.get(URL + "new/").context["form"]
    assert "response" not in form.fields
    assert "owner" not in form.fields
    response = client.post(URL + "new/", TYPED)
    assert response.headers["Location"] == URL + "R-01/"
    found = Risk.objects.get()
    assert (found.title, found.response, found.response_cost, found.reported_by) == (
        "Suppliers refuse",
        "",
        None,
        cast.tim,
    )


def test_a_typical_risk_is_the_beginning_of_ones_own(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    form = client.get(URL + "new/?typical=sponsor-not-seen").context["form"]
    assert form["title"].value() == guide.risks()["sponsor-not-seen"].title
    assert (form["probability"].value(), form["challenge"].value()) == ("3", "C-01")
    assert client.get(URL + "new/?typical=none").status_code == 404


def test_typical_risks_that_are_in_the_register_are_marked(cast: Cast, sign_in) -> None:
    title = guide.risks()["tool-late"].title
    report_risk(acting_user=cast.mara, project=cast.project, values={**VALUES, "title": title})
    groups = sign_in(cast.tim).get(URL + "typical/").context["groups"]
    assert [len(rows) for _label, rows in groups] == [8, 8, 8]
    assert {row["risk"].key: row["taken"] for _label, rows in groups for row in rows if row["taken"]} == {
        "tool-late": "R-01"
    }


def test_a_risk_from_a_challenge_and_the_challenge_lead_to_each_other(cast: Cast, sign_in) -> None:
    load_questionnaire(folder=PACK)
    client = sign_in(cast.mara)
    library = client.get("/projects/alder/gap/challenges/").content.decode()
    assert 'href="/projects/alder/risks/new/?challenge=C-01"' in library
    page = client.get(URL + "new/?challenge=C-01")
    form = page.context["form"]
    assert form["response_text"].value()
    assert guide.risks()["sponsor-not-seen"] in page.context["suggested"]
    client.post(URL + "new/", {**TYPED, "challenge": "C-01"})
    assert 'challenges/?q=C-01#C-01"' in client.get(URL + "R-01/").content.decode()
    library = client.get("/projects/alder/gap/challenges/").content.decode()
    assert 'href="/projects/alder/risks/R-01/"' in library
    assert "Make a risk of it" not in sign_in(cast.audra).get("/projects/alder/gap/challenges/").content.decode()
    assert client.get(URL + "new/?challenge=C-99").status_code == 404
