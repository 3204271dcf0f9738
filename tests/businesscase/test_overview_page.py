"""The overview of the case, its figures one by one, more analysis, and its panel on the dashboard."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from businesscase.models import BusinessCase, CaseVersion, Simulation
from businesscase.services.money import CostEntry, confirm_benefit, record_costs, set_phase_money
from businesscase.services.rows import change_row
from projects.models import Project
from projects.permissions import access_to
from projects.registries import panels
from tests.businesscase import living
from tests.businesscase.conftest import BENEFIT, COST, FEB, JAN, PEOPLE, add
from tests.cast import CANARY, Cast

pytestmark = pytest.mark.django_db
D = Decimal
CASE = "/projects/alder/business-case/"
PAGES = [
    "",
    "figures/npv/",
    "figures/irr/",
    "figures/roi/",
    "figures/payback/",
    "figures/discounted-payback/",
    "figures/cost/",
    "figures/benefit/",
    "figures/cash-flow/",
    "services/",
    "analysis/",
]


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


@pytest.fixture
def mara(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mara, backend="accounts.backends.ActiveUserBackend")
    return client


@pytest.fixture
def lived(cast: Cast, case: BusinessCase) -> CaseVersion:
    """Version 1 approved under a condition, two months spent, a risk, and a draft that went on."""
    return living.lived(cast, case)


# --- the overview -----------------------------------------------------------------------------------------------


def test_before_it_is_begun_the_page_says_what_a_case_is_for(mara: Client, cast: Cast) -> None:
    page = text_of(mara, CASE)
    assert "top management decides on money and commitment by it" in page
    assert "Begin the case" in page


def test_an_empty_case_leads_to_its_points(mara: Client, empty_case: BusinessCase) -> None:
    page = text_of(mara, CASE)
    assert "no costs and no benefits in figures yet" in page
    assert "Go to the points" in page
    assert mara.get(CASE).context["tiles"] == []


def test_a_case_with_costs_only_does_not_say_that_it_does_not_pay(mara: Client, cast: Cast, empty_case: Any) -> None:
    add(cast, empty_case, "cost", COST)
    assert mara.get(CASE).context["health"].first == (
        "The case counts costs only, 12\u202f000 EUR. With benefits in figures it can say whether it pays."
    )


def test_a_draft_says_whether_it_pays_and_that_nobody_approved_it(mara: Client, case: BusinessCase) -> None:
    health = mara.get(CASE).context["health"]
    assert (health.word, health.first) == (
        "Draft",
        "As it stands, the case pays: 42\u202f000 EUR to spend, back in Jun 2029.",
    )
    assert health.rest == ("Nobody has approved it yet.",)


def test_the_first_sentence_says_what_became_of_what_was_approved(mara: Client, lived: CaseVersion) -> None:
    page = mara.get(CASE)
    health = page.context["health"]
    assert health.word == "Off track"
    assert health.first == (
        "The case still pays, 5 months later than approved: 48\u202f000 instead of 42\u202f000 EUR to implement, "
        "back in Nov 2029."
    )
    assert health.rest == (
        "Phase 1 costs 14.3\u202f% more than approved, beyond the 10\u202f% that are tolerated. Nobody has said why.",
    )
    text = page.content.decode()
    for words in (
        "Toma Tate",
        "Show the contracts",
        "Service desk tool costs 3\u202f000 more",
        "R-01",
    ):
        assert words in text


def test_the_tiles_say_what_they_count_and_what_was_approved(mara: Client, lived: CaseVersion) -> None:
    npv, payback, roi = mara.get(CASE).context["tiles"]
    assert (npv.unit, npv.url) == ("EUR, 5 years at 6\u202f%", f"{CASE}figures/npv/")
    assert (payback.value, payback.unit) == ("Nov 2029", "month 47 of 60")
    assert payback.note.startswith("approved Jun 2029, good case")
    assert (roi.value, roi.unit) == ("33\u202f%", "of 48\u202f000 EUR spent by Dec 2030")


def test_the_table_holds_plan_actual_and_forecast_of_each_phase(mara: Client, cast: Cast, lived: CaseVersion) -> None:
    set_phase_money(acting_user=cast.mara, case=lived.case, phase=1, version=0, reason="Dearer people")
    table = mara.get(CASE).context["phases"]
    row = table.rows[1]
    assert (row.plan, row.actual, row.forecast, row.deviation, row.tone, row.why) == (
        "42\u202f000",
        "13\u202f000",
        "48\u202f000",
        "+6\u202f000",
        "bad",
        "Dearer people",
    )
    assert (row.benefit_plan, row.benefit_to_date, row.benefit_forecast) == ("14\u202f400", "–", "14\u202f400")
    assert (table.whole.forecast, table.operation) == ("48\u202f000", None)


def test_the_tornado_and_the_tile_have_the_same_expected_value(mara: Client, lived: CaseVersion) -> None:
    context = mara.get(CASE).context
    assert context["npv"] == context["tiles"][0].value
    assert context["tornado"].rows[0].label == "Fewer calls"


def test_only_who_may_see_the_case_does(cast: Cast, sign_in: Any, lived: CaseVersion) -> None:
    for path in PAGES:
        assert sign_in(cast.tim).get(CASE + path).status_code == 403
        assert sign_in(cast.bruno).get(CASE + path).status_code == 404
        assert CANARY not in text_of(sign_in(cast.audra), CASE + path)


def test_an_auditor_is_offered_no_changes(cast: Cast, sign_in: Any, lived: CaseVersion) -> None:
    client = sign_in(cast.audra)
    assert "Run again" not in text_of(client, f"{CASE}analysis/")
    assert client.get(CASE).context["may_edit"] is False


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_few_queries_whatever_the_case_holds(mara: Client, cast: Cast, lived: Any, path: str) -> None:
    mara.get(CASE + path)
    with CaptureQueriesContext(connection) as few:
        mara.get(CASE + path)
    for number in range(12):
        add(cast, lived.case, "cost", PEOPLE, title=f"Person {number}")
        add(cast, lived.case, "benefit", BENEFIT, title=f"Benefit {number}")
    with CaptureQueriesContext(connection) as many:
        mara.get(CASE + path)
    assert len(many) == len(few) <= 15


# --- figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES[1:])
def test_a_page_of_a_case_that_was_not_begun_is_not_there(mara: Client, cast: Cast, path: str) -> None:
    assert mara.get(CASE + path).status_code == 404


def test_a_figure_that_there_is_not_is_not_there(mara: Client, case: BusinessCase) -> None:
    assert mara.get(f"{CASE}figures/luck/").status_code == 404
    assert mara.get(f"{CASE}figures/npv/?scenario=best").status_code == 400
    assert mara.get(f"{CASE}figures/npv/?what=1").status_code == 400


def test_the_net_present_value_opens_to_its_lines(mara: Client, cast: Cast, lived: CaseVersion) -> None:
    context = mara.get(f"{CASE}figures/npv/").context
    costs, benefits = context["tables"]
    assert [(row.ref, row.title, row.amount) for row in costs.rows] == [
        ("", "Booked so far", "13\u202f000"),
        ("C-01", "Service desk tool", "15\u202f000"),
        ("C-02", "Project manager", "20\u202f000"),
    ]
    assert (costs.amount, benefits.amount) == ("48\u202f000", "63\u202f600")
    npv = context["standing"].now.npv
    digits = [each.replace("\u202f", "") for each in (benefits.worth, costs.worth)]
    assert abs(int(digits[0]) - int(digits[1]) - npv) <= 2
    (worked,) = context["worked"]
    assert worked.startswith(f"{benefits.worth} benefits − {costs.worth} costs, both in money of Jan 2026 at 6\u202f%")


def test_what_was_confirmed_stands_among_the_benefits(mara: Client, cast: Cast, case: BusinessCase) -> None:
    change_row(
        acting_user=cast.mara, case=case, kind="benefit", ref="B-01", version=1, values={**BENEFIT, "from_month": JAN}
    )
    line = case.benefitlines.get()
    confirm_benefit(acting_user=cast.mara, line=line, month=JAN, amount=D(250))
    record_costs(acting_user=cast.mara, case=case, entries=[CostEntry(JAN, D(1), line="C-02")], until=FEB)
    _costs, benefits = mara.get(f"{CASE}figures/benefit/").context["tables"]
    assert [(row.ref, row.note, row.amount) for row in benefits.rows] == [
        ("B-01", "confirmed until Feb 2026", "250"),
        ("B-01", "after Feb 2026", "69\u202f600"),
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("roi", ["(63\u202f600 − 42\u202f000) ÷ 42\u202f000 = 51.4\u202f%"]),
        (
            "payback",
            ["At the end of May 2029 it stands at −1\u202f200, at the end of Jun 2029 at 0, and stays above zero."],
        ),
        (
            "cash-flow",
            ["63\u202f600 benefits − 42\u202f000 costs = 21\u202f600 EUR at the end; lowest −42\u202f000 in Jun 2026"],
        ),
        ("cost", []),
    ],
)
def test_the_formula_has_the_numbers_of_the_case(mara: Client, case: BusinessCase, name: str, words: list[str]) -> None:
    assert mara.get(f"{CASE}figures/{name}/").context["worked"] == words


def test_a_scenario_shows_its_own_lines(mara: Client, case: BusinessCase) -> None:
    context = mara.get(f"{CASE}figures/cost/?scenario=low").context
    assert context["value"] == "54\u202f000"
    assert [row.amount for row in context["tables"][0].rows] == ["12\u202f000", "42\u202f000"]
    assert [each.name for each in context["courses"] if each.is_shown] == ["Cautious"]


def test_where_there_is_no_rate_of_return_the_page_says_why(mara: Client, cast: Cast, empty_case: BusinessCase) -> None:
    add(cast, empty_case, "cost", COST)
    context = mara.get(f"{CASE}figures/irr/").context
    assert (context["value"], context["worked"][0]) == (
        "none",
        "There is none, because no month brings more than it costs.",
    )
    assert "There is no return" not in text_of(mara, f"{CASE}figures/roi/")


def test_months_add_up_to_years_and_to_the_figure(mara: Client, lived: CaseVersion) -> None:
    context = mara.get(f"{CASE}figures/npv/").context
    years, months, standing = context["years"], context["months"], context["standing"]
    assert (len(years), len(months)) == (5, 60)
    assert sum(each.cost for each in years) == sum(each.cost for each in months) == standing.now.cost
    assert years[-1].so_far == months[-1].so_far == standing.now.net
    assert months[-1].worth_so_far == standing.now.npv


def test_cost_per_service_adds_up(mara: Client, cast: Cast, case: BusinessCase) -> None:
    Project.objects.filter(pk=cast.project.pk).update(services=["Mail", "Desk"])
    case.project.services = ["Mail", "Desk"]
    change_row(acting_user=cast.mara, case=case, kind="cost", ref="C-01", version=1, values={**COST, "service": "Desk"})
    context = mara.get(f"{CASE}services/").context
    assert [(row.service, row.own, row.share) for row in context["rows"]] == [
        ("Mail", 0, 15000),
        ("Desk", 12000, 15000),
    ]
    assert context["whole"] == 42000


def test_without_services_the_page_says_how_to_name_them(mara: Client, cast: Cast, case: BusinessCase) -> None:
    Project.objects.filter(pk=cast.project.pk).update(services=[])
    assert "No service is named" in text_of(mara, f"{CASE}services/")


# --- more analysis ----------------------------------------------------------------------------------------------


def run(client: Client, capture: Any, **values: str) -> Any:
    with capture(execute=True):
        return client.post(f"{CASE}analysis/runs/", values)


def test_runs_are_asked_for_and_shown(
    mara: Client, cast: Cast, lived: CaseVersion, django_capture_on_commit_callbacks: Any
) -> None:
    assert "Nobody has run it yet" in text_of(mara, f"{CASE}analysis/")
    assert run(mara, django_capture_on_commit_callbacks, seed="42").status_code == 302
    made = Simulation.objects.get()
    page = text_of(mara, f"{CASE}analysis/")
    for words in ("seed 42", made.content_sha256, "of the runs have the money back by Dec 2030", "P10", "P90"):
        assert words in page
    assert "Out of date" not in page
    change_row(
        acting_user=cast.mara, case=lived.case, kind="cost", ref="C-01", version=2, values={**COST, "likely": D(15001)}
    )
    assert "Out of date: the case changed since these runs" in text_of(mara, f"{CASE}analysis/")


@pytest.mark.parametrize(
    ("seed", "words"), [("eleven", "whole number"), ("-1", "whole number"), ("4294967296", "lies between")]
)
def test_a_seed_that_is_none_is_refused_and_stays(mara: Client, case: BusinessCase, seed: str, words: str) -> None:
    response = mara.post(f"{CASE}analysis/runs/", {"seed": seed})
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    assert f'value="{seed}"' in text
    assert not Simulation.objects.exists()


def test_runs_that_failed_say_why(
    mara: Client, cast: Cast, empty_case: BusinessCase, django_capture_on_commit_callbacks: Any
) -> None:
    add(cast, empty_case, "cost", COST)
    run(mara, django_capture_on_commit_callbacks)
    assert "all runs would be the same" in text_of(mara, f"{CASE}analysis/")


# --- the dashboard ----------------------------------------------------------------------------------------------


def test_the_dashboard_says_whether_it_still_pays_in_two_queries(cast: Cast, lived: CaseVersion) -> None:
    project = Project.objects.get(pk=cast.project.pk)
    access = access_to(project, cast.toma)
    with CaptureQueriesContext(connection) as asked:
        values = panels["dashboard"]["business-case"].prepare(project, access)
    assert len(asked) == 2
    assert values is not None
    assert values["health"].first.startswith("The case still pays, 5 months later than approved")
    assert values["phases"].rows[1].forecast == "48\u202f000"


def test_a_project_without_figures_shows_no_panel(mara: Client, cast: Cast, empty_case: BusinessCase) -> None:
    assert 'id="business-case"' not in text_of(mara, "/projects/alder/")


def test_the_panel_stands_on_the_dashboard(mara: Client, lived: CaseVersion) -> None:
    page = text_of(mara, "/projects/alder/")
    assert 'id="business-case"' in page
    assert "The case still pays" in page
