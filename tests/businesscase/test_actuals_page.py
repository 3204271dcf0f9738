"""Actual costs in the browser: typed in several lines at once, all or nothing, taken back, closed, taken out."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from businesscase.models import ActualCost, BusinessCase
from businesscase.services.cases import start_case
from businesscase.services.money import CostEntry, record_costs
from tests.businesscase.conftest import FEB, JAN, MAR
from tests.cast import Cast
from tests.phases.test_wording import said as trail_says

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]
D = Decimal
PAGE = "/projects/alder/business-case/actuals/"


@pytest.fixture
def client(cast: Cast, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(cast.mara)


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def send(client: Client, *rows: dict[str, str], month: str = "2026-02", **more: str) -> Any:
    cells = {f"{name}-{number}": value for number, row in enumerate(rows) for name, value in row.items()}
    return client.post(PAGE, {"month": month, "do": "book", **cells, **more})


def amounts() -> list[tuple[str, int, str, Decimal]]:
    return [(f"{row.month:%Y-%m}", row.phase_number, row.category, row.amount) for row in ActualCost.objects.all()]


def test_several_amounts_are_booked_and_the_month_closed_in_one_go(client: Client, case: BusinessCase) -> None:
    answer = send(
        client,
        {"line": "c-02 Project manager", "amount": "1.234,50"},
        {},
        {"phase": "1", "category": "travel", "amount": "80.5", "note": "Train"},
        closes="on",
    )
    assert answer.status_code == 302
    assert amounts() == [("2026-02", 1, "own people", D("1234.50")), ("2026-02", 1, "travel", D("80.50"))]
    case.refresh_from_db()
    assert case.actual_until == FEB
    page = shown(client.get(PAGE))
    assert "2 amounts were booked. All costs are in until February 2026." in page
    assert "C-02</span> Project manager" in page


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"line": "C-02", "amount": "-5"}, "This cannot be below zero."),
        ({"line": "C-02", "amount": "1e30"}, "Write the number out"),
        ({"line": "C-02", "amount": "9" * 30}, "This is too large."),
        ({"line": "C-02", "amount": "0"}, "Give the amount that was spent."),
        ({"line": "C-02", "amount": "1,234"}, "1,234 can be read in two ways."),
        ({"line": "C-02", "amount": "12.345678"}, "Money has two places"),
        ({"line": "C-02", "amount": "twelve"}, "Write a number, such as 1234.50"),
        ({"line": "C-02", "amount": "NaN"}, "Write a number, such as 1234.50"),
        ({"line": "C-02", "note": "forgot it"}, "Give the amount that was spent."),
        ({"line": "C-77", "amount": "5"}, "There is no cost line C-77."),
        ({"line": "C-02", "phase": "3", "amount": "5"}, "C-02 belongs to phase 1."),
        ({"line": "C-02", "category": "travel", "amount": "5"}, "C-02 counts as Own people."),
        ({"amount": "5"}, "Name a cost line, or a phase and a category."),
        ({"phase": "9", "category": "travel", "amount": "5"}, "Choose a phase from 0 to 4."),
        ({"phase": "1", "category": "gifts", "amount": "5"}, "No such category."),
        ({"line": "C-02", "amount": "5", "note": "n" * 301}, "longer than 300 characters"),
    ],
)
def test_one_bad_line_and_nothing_is_booked_but_what_was_typed_stays(
    client: Client, case: BusinessCase, row: dict[str, str], message: str
) -> None:
    answer = send(client, {"line": "C-01", "amount": "77"}, row)
    assert answer.status_code == 422
    assert message in shown(answer)
    assert 'value="77"' in shown(answer)
    assert not ActualCost.objects.exists()


@pytest.mark.parametrize(
    ("month", "message"),
    [
        ("2025-12", "2025-12 lies outside the horizon, which goes from 2026-01 to 2030-12."),
        ("2031-01", "2031-01 lies outside the horizon"),
        ("2026-04", "2026-04 has not come yet."),
        ("March", "March is no month. Write it as 2026-03."),
        ("2026-13", "2026-13 is no month."),
        ("", "Give the month, such as 2026-03."),
    ],
)
def test_a_month_that_cannot_be_is_refused(client: Client, case: BusinessCase, month: str, message: str) -> None:
    answer = send(client, {"line": "C-02", "amount": "5"}, month=month)
    assert answer.status_code == 422
    assert message in shown(answer)
    assert not ActualCost.objects.exists()


def test_what_looks_like_a_second_time_is_asked_about(client: Client, case: BusinessCase) -> None:
    send(client, {"line": "C-02", "amount": "100"})
    answer = send(client, {"line": "C-02", "amount": "100,00"}, {"line": "C-01", "amount": "9"})
    assert answer.status_code == 422
    assert "One amount looks like a second time" in shown(answer)
    assert len(amounts()) == 1
    send(client, {"line": "C-02", "amount": "100"}, {"line": "C-01", "amount": "9"}, although="on")
    assert len(amounts()) == 3


def test_more_rows_keep_what_was_typed_and_book_nothing(client: Client, case: BusinessCase) -> None:
    answer = send(client, {"line": "C-02", "amount": "100"}, do="more")
    assert answer.status_code == 200
    assert 'name="amount-5"' in shown(answer)
    assert 'value="100"' in shown(answer)
    assert not ActualCost.objects.exists()


def test_an_empty_form_books_nothing_but_may_close_a_month(client: Client, case: BusinessCase) -> None:
    assert "Type at least one amount" in shown(send(client))
    assert send(client, closes="on", month="2026-01").status_code == 302
    case.refresh_from_db()
    assert case.actual_until == JAN


def test_a_late_invoice_does_not_open_months_again(client: Client, case: BusinessCase) -> None:
    send(client, {"line": "C-02", "amount": "100"}, closes="on")
    send(client, {"line": "C-02", "amount": "50"}, month="2026-01", closes="on")
    case.refresh_from_db()
    assert case.actual_until == FEB


def test_months_are_closed_and_opened_again(cast: Cast, client: Client, case: BusinessCase) -> None:
    client.post(f"{PAGE}until/", {"until": "2026-02"})
    assert BusinessCase.objects.get(pk=case.pk).actual_until == FEB
    client.post(f"{PAGE}until/", {"until": ""})
    assert BusinessCase.objects.get(pk=case.pk).actual_until is None
    assert client.post(f"{PAGE}until/", {"until": "2026-09"}).status_code == 422


def test_a_booking_is_taken_back_once(cast: Cast, client: Client, case: BusinessCase) -> None:
    (row,) = record_costs(acting_user=cast.mara, case=case, entries=[CostEntry(JAN, D(70), 1, "travel")])
    address = f"{PAGE}{row.pk}/remove/"
    assert client.post(address, {"version": 2}).status_code == 409
    assert client.post(address, {"version": 1}).status_code == 302
    assert trail_says(cast) == "Mara Moss took back 70.00 in 2026-01 on Travel and accommodation"
    again = client.post(address, {"version": 1})
    assert again.status_code == 409
    assert "Perhaps it was taken back already." in shown(again)


def test_another_projects_booking_is_not_there(cast: Cast, client: Client, case: BusinessCase) -> None:
    with_case = start_case(acting_user=cast.bruno, project=cast.other, kind="implementation")
    entry = CostEntry(with_case.first_month, D(70), 1, "travel")
    (row,) = record_costs(acting_user=cast.bruno, case=with_case, entries=[entry])
    assert client.post(f"{PAGE}{row.pk}/remove/", {"version": 1}).status_code == 409
    assert ActualCost.objects.filter(pk=row.pk).exists()


def test_the_page_adds_up_and_stays_at_its_number_of_queries(
    cast: Cast, client: Client, case: BusinessCase, django_assert_max_num_queries: Any
) -> None:
    entries = [CostEntry(month, D(10), 1, "travel", note=str(n)) for n in range(30) for month in (JAN, FEB)]
    record_costs(acting_user=cast.mara, case=case, entries=[*entries, CostEntry(MAR, D("0.5"), line="C-01")], until=FEB)
    client.get(PAGE)
    with django_assert_max_num_queries(15):
        page = shown(client.get(PAGE))
    assert '<span class="tile-value">601</span>' in page
    assert "Mar 2026" in page
    one_month = shown(client.get(f"{PAGE}?month=2026-03"))
    assert "Booked in March 2026" in one_month
    assert one_month.count("Take back 10") == 0


def test_others_read_and_only_the_manager_books(
    cast: Cast, sign_in: Callable[[Any], Client], case: BusinessCase
) -> None:
    reader = sign_in(cast.audra)
    assert 'id="enter"' not in shown(reader.get(PAGE))
    assert send(reader, {"line": "C-02", "amount": "5"}).status_code == 403
    assert sign_in(cast.tim).get(PAGE).status_code == 403


def test_without_a_case_the_page_says_what_comes_first(client: Client) -> None:
    assert "There is no business case yet" in shown(client.get(PAGE))
    assert send(client, {"line": "C-02", "amount": "5"}).status_code == 404


def test_unknown_fields_are_refused(client: Client, case: BusinessCase) -> None:
    assert send(client, {"line": "C-02", "amount": "5"}, recorded_by="1").status_code == 400
    assert client.get(f"{PAGE}?tab=1").status_code == 400


def test_the_small_case_keeps_its_own_bookings(cast: Cast, client: Client, case: BusinessCase) -> None:
    small = start_case(acting_user=cast.mara, project=cast.project, kind="gap analysis")
    page = "/projects/alder/business-case/gap-analysis/actuals/"
    month = f"{small.first_month:%Y-%m}"
    answer = client.post(page, {"month": month, "phase-0": "0", "category-0": "travel", "amount-0": "12", "do": "book"})
    assert answer.status_code == 302, shown(answer)[:2000]
    assert [row.case_id for row in ActualCost.objects.all()] == [small.pk]
