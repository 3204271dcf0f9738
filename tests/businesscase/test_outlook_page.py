"""Costs against the plan in the browser: tolerance, reason, and a phase that does not close without one."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from businesscase.closing import cost_not_explained
from businesscase.models import BusinessCase, CaseVersion, PhaseMoney
from businesscase.selectors.money import lines_of, money_of, months_of
from businesscase.services.money import CostEntry, record_costs, set_phase_money
from phases.models import Phase
from phases.selectors.phase_end import phase_end
from tests.businesscase.conftest import COST, FEB, JAN, MAR, add
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]
D = Decimal
PAGE = "/projects/alder/business-case/outlook/"
# What phase 1 was approved with: the tool for 12,000 in March, 50 days at 600 from January to June.
PLAN = D(42000)


@pytest.fixture
def client(cast: Cast, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(cast.mara)


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def book(cast: Cast, case: BusinessCase, amount: int, **more: Any) -> None:
    entries = [CostEntry(JAN, D(amount), line="C-02")]
    record_costs(acting_user=cast.mara, case=case, entries=entries, until=FEB, **more)


def test_money_adds_up_by_phase_line_and_month(cast: Cast, case: BusinessCase, approved: CaseVersion) -> None:
    book(cast, case, 9000)
    record_costs(acting_user=cast.mara, case=case, entries=[CostEntry(FEB, D(500), 1, "travel")])
    case.refresh_from_db()
    money = money_of(case)
    outlook = money.outlook(1)
    # Spent 9,500; to come the tool (12,000) and four of six months of the people (20,000).
    assert (outlook.plan, outlook.actual, outlook.remaining, outlook.forecast) == (PLAN, 9500, 32000, 41500)
    lines = {(line.ref, line.category): (line.plan, line.actual, line.remaining) for line in lines_of(money, 1)}
    assert lines == {
        ("C-01", "technology"): (12000, 0, 12000),
        ("C-02", "own people"): (30000, 9000, 20000),
        ("", "travel"): (0, 500, 0),
    }
    months = [(each.month % 12 + 1, each.actual, each.plan) for each in months_of(money, money.current.first_month + 1)]
    assert months == [(2, 500, 5000), (1, 9000, 5000)]


def test_of_a_closed_phase_its_lines_say_what_recurs_too(cast: Cast, case: BusinessCase, approved: CaseVersion) -> None:
    licence = {"title": "Licence", "rhythm": "monthly", "likely": D(100), "last_month": date(2026, 12, 1)}
    add(cast, case, "cost", {**COST, **licence})
    book(cast, case, 9000)
    Phase.objects.filter(project=cast.project, number=1).update(state="closed")
    case.refresh_from_db()
    money = money_of(case)
    # A hundred for each of ten months, March to December; all costs are in until February.
    assert {line.ref: line.remaining for line in lines_of(money, 1)} == {"C-01": 0, "C-02": 0, "C-03": 1000}
    assert money.outlook(1).remaining == 1000


def test_the_categories_add_up_to_the_total_of_the_phases(
    cast: Cast, client: Client, case: BusinessCase, approved: CaseVersion
) -> None:
    book(cast, case, 9000)
    answer = client.get(PAGE)
    assert answer.context["by_hand"] == 0
    assert "Stated by hand, in no category" not in shown(answer)
    # The lines hold 32,000 to come of phase 1; somebody says 35,000.
    set_phase_money(acting_user=cast.mara, case=case, phase=1, version=0, remaining=D(35000))
    answer = client.get(PAGE)
    assert answer.context["by_hand"] == 3000
    assert sum(each.forecast for each in answer.context["categories"]) + 3000 == answer.context["forecast"] == 44000
    assert "Stated by hand, in no category" in shown(answer)


def test_a_phase_beyond_its_tolerance_asks_for_a_reason(
    cast: Cast, client: Client, case: BusinessCase, approved: CaseVersion
) -> None:
    book(cast, case, 15000)
    page = shown(client.get(PAGE))
    assert "One phase is dearer than its tolerance allows, and nobody said why" in page
    answer = client.post(f"{PAGE}1/", {"remaining": "32.000,00", "tolerance": "10", "reason": "", "version": "0"})
    assert answer.status_code == 302
    assert "say why, too" in shown(client.get(PAGE))
    client.post(
        f"{PAGE}1/", {"remaining": "", "tolerance": "10 %", "reason": "Six more days of owners.", "version": "2"}
    )
    page = shown(client.get(PAGE))
    assert "Six more days of owners." in page
    assert "beyond, with a reason" in page
    assert "nobody said why" not in page


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"tolerance": "-1"}, "The tolerance lies between 0 and 100 percent."),
        ({"tolerance": "101"}, "The tolerance lies between 0 and 100 percent."),
        ({"tolerance": "400"}, "The tolerance lies between 0 and 100 percent."),
        ({"tolerance": ""}, "This field is required."),
        ({"tolerance": "ten"}, "Write a number, such as 1234.50"),
        ({"remaining": "-5"}, "This cannot be below zero."),
        ({"remaining": "1e30"}, "Write the number out"),
        ({"remaining": "1,234"}, "can be read in two ways"),
        ({"remaining": "9" * 30}, "This is too large."),
        ({"reason": "r" * 2001}, "at most 2000 characters"),
    ],
)
def test_an_outlook_that_cannot_be_is_refused(
    client: Client, case: BusinessCase, values: dict[str, str], message: str
) -> None:
    answer = client.post(f"{PAGE}1/", {"remaining": "5", "tolerance": "10", "reason": "Kept", "version": "0", **values})
    assert answer.status_code == 422
    assert message in shown(answer)
    assert not PhaseMoney.objects.exists()


def test_two_people_on_one_phase_see_both_texts(cast: Cast, client: Client, case: BusinessCase) -> None:
    set_phase_money(acting_user=cast.olga, case=case, phase=1, version=0, reason="Olga's reason")
    answer = client.post(f"{PAGE}1/", {"remaining": "", "tolerance": "10", "reason": "Mara's reason", "version": "0"})
    assert answer.status_code == 409
    page = shown(answer)
    assert "Olga&#x27;s reason" in page
    assert "Mara&#x27;s reason" in page
    again = client.post(f"{PAGE}1/", {"remaining": "", "tolerance": "10", "reason": "Mara's reason", "version": "2"})
    assert again.status_code == 302
    assert PhaseMoney.objects.get().reason == "Mara's reason"


def test_a_phase_does_not_close_dearer_than_allowed_without_a_reason(
    cast: Cast, case: BusinessCase, approved: CaseVersion
) -> None:
    assert cost_not_explained(cast.project, 1) == ""
    book(cast, case, 15000)
    # 15,000 spent, 32,000 to come: 47,000 is more than 42,000 and a tenth of it.
    said = cost_not_explained(cast.project, 1).replace("\u202f", " ")
    assert said == (
        "Phase 1 costs 47 000 EUR instead of the 42 000 that were approved, more than the 10 percent allowed. Say why "
        "on its outlook."
    )
    assert said.replace(" ", "") in "".join(
        str(check.missing).replace("\u202f", "") for check in phase_end(cast.project, 1).checks
    ).replace(" ", "")
    set_phase_money(acting_user=cast.mara, case=case, phase=1, version=0, reason="Six more days.")
    assert cost_not_explained(cast.project, 1) == ""


def test_money_for_which_nothing_was_approved_needs_a_reason(
    cast: Cast, case: BusinessCase, approved: CaseVersion
) -> None:
    record_costs(acting_user=cast.mara, case=case, entries=[CostEntry(FEB, D(500), 0, "travel")])
    assert cost_not_explained(cast.project, 0) == ("Phase 0 costs 500 EUR, for which nothing was approved. Say why.")


def test_without_an_approved_version_nothing_holds_a_phase(cast: Cast, case: BusinessCase) -> None:
    record_costs(acting_user=cast.mara, case=case, entries=[CostEntry(MAR, D(900000), 1, "travel")])
    assert cost_not_explained(cast.project, 1) == ""


def test_the_pages_stay_at_their_number_of_queries(
    cast: Cast, client: Client, case: BusinessCase, approved: CaseVersion, django_assert_max_num_queries: Any
) -> None:
    book(cast, case, 100)
    for page in (PAGE, f"{PAGE}1/"):
        client.get(page)
        with django_assert_max_num_queries(15):
            client.get(page)


def test_readers_see_the_outlook_and_cannot_change_it(
    cast: Cast, sign_in: Callable[[Any], Client], case: BusinessCase
) -> None:
    reader = sign_in(cast.audra)
    assert 'name="tolerance"' not in shown(reader.get(f"{PAGE}1/"))
    assert reader.post(f"{PAGE}1/", {"tolerance": "50", "version": "0"}).status_code == 403
    assert reader.get(f"{PAGE}7/").status_code == 404
