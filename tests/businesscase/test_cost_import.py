"""Actual costs as a file in the browser: every row is seen before it is booked, all or nothing."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audittrail.models import Event
from businesscase.models import ActualCost, BusinessCase, CostPreview
from businesscase.services.cost_import import drop_old_previews
from businesscase.services.money import CostEntry, record_costs
from businesscase.services.rows import change_row
from common import clock
from tests.businesscase.conftest import COST, FEB, JAN
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]
D = Decimal
ACTUALS = "/projects/alder/business-case/actuals/"
PAGE = f"{ACTUALS}import/"


@pytest.fixture
def client(cast: Cast, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(cast.mara)


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def send(client: Client, content: bytes | str, name: str = "costs.csv") -> Any:
    content = content.encode() if isinstance(content, str) else content
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def preview_of(client: Client, content: bytes | str, name: str = "costs.csv") -> str:
    """The address of the preview of a sound file."""
    answer = send(client, content, name)
    assert answer.status_code == 302, shown(answer)[:3000]
    return str(answer["Location"])


def booked() -> list[tuple[str, int, str, str, Decimal, str]]:
    return [
        (
            f"{row.month:%Y-%m}",
            row.phase_number,
            row.category,
            row.cost_line.ref if row.cost_line else "",
            row.amount,
            row.note,
        )
        for row in ActualCost.objects.select_related("cost_line")
    ]


SOUND = (
    "month;phase;category;line;amount;currency;note\n"
    "2026-01;;;C-02;1.234,50;EUR;January\n"
    "02/2026;1 React;Travel and accommodation;;80,5;;Train\n"
    "2026-02-28;phase 1;technology;c-01;12 000;eur;\n"
)


def test_a_file_is_seen_then_booked(client: Client, case: BusinessCase) -> None:
    address = preview_of(client, SOUND)
    assert not ActualCost.objects.exists()
    page = shown(client.get(address))
    assert "costs.csv. Nothing is booked yet." in page
    assert "1 React" in page
    answer = client.post(address)
    assert answer.status_code == 302
    assert booked() == [
        ("2026-01", 1, "own people", "C-02", D("1234.50"), "January"),
        ("2026-02", 1, "travel", "", D("80.50"), "Train"),
        ("2026-02", 1, "technology", "C-01", D("12000.00"), ""),
    ]
    assert "3 amounts were booked from the file." in shown(client.get(ACTUALS))
    assert {event.content["via"] for event in Event.objects.filter(action="book")} == {"import"}


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("2026-01,,,C-02,100,USD,", "currency", "This project counts in EUR."),
        ("2026-01,,,C-02,-100,,", "amount", "This cannot be below zero."),
        ("2026-01,,,C-02,1e30,,", "amount", "Write the number out"),
        (f"2026-01,,,C-02,{'9' * 30},,", "amount", "This is too large."),
        ('2026-01,,,C-02,"1,234",,', "amount", "1,234 can be read in two ways."),
        ("2026-01,,,C-02,1.234,,", "amount", "1.234 can be read in two ways."),
        ("2026-01,,,C-02,100 EUR,,", "amount", "without a currency or other words"),
        ("2026-01,,,C-02,0,,", "amount", "Give the amount that was spent."),
        ("2025-12,,,C-02,100,,", "month", "2025-12 lies outside the horizon"),
        ("2031-01,,,C-02,100,,", "month", "2031-01 lies outside the horizon"),
        ("2026-04,,,C-02,100,,", "month", "2026-04 has not come yet."),
        ("January,,,C-02,100,,", "month", "January is no month."),
        (",,,C-02,100,,", "month", "Give the month"),
        ("2026-01,,,C-99,100,,", "line", "There is no cost line C-99."),
        ("2026-01,2,,C-02,100,,", "phase", "C-02 belongs to phase 1."),
        ("2026-01,,travel,C-02,100,,", "category", "C-02 counts as Own people."),
        ("2026-01,1,,,100,,", "category", "Name a cost line, or a phase and a category."),
        ("2026-01,7,travel,,100,,", "phase", "Choose a phase from 0 to 4."),
        ("2026-01,1,gifts,,100,,", "category", "No such category."),
        ("2026-01,,,C-02,=1+1,,", "amount", "A formula. Replace it by its value."),
    ],
)
def test_one_bad_cell_is_named_with_its_row_and_nothing_is_kept(
    client: Client, case: BusinessCase, row: str, column: str, message: str
) -> None:
    content = f"month,phase,category,line,amount,currency,note\n2026-01,,,C-01,55,EUR,\n{row}\n"
    answer = send(client, content)
    assert answer.status_code == 422
    page = shown(answer)
    assert "One row to mend" in page
    assert '<th scope="row" class="n">3</th>' in page
    assert f">{column}</td>" in page
    assert message.replace("'", "&#x27;") in page
    assert not CostPreview.objects.exists()
    assert not ActualCost.objects.exists()


def test_everything_that_is_wrong_is_said_at_once(client: Client, case: BusinessCase) -> None:
    content = "month,line,amount,currency\n2026-09,C-99,-1,USD\n2026-01,C-02,7,\n2020-01,C-02,abc,CHF\n"
    page = shown(send(client, content))
    assert "2 rows to mend" in page
    for message in ("C-99", "below zero", "counts in EUR", "Write a number"):
        assert message in page
    assert page.count("counts in EUR") == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("costs.csv", "", "The file is empty."),
        ("costs.csv", "phase,note\n1,x\n", "Not found: month, amount."),
        ("costs.csv", "month,amount\n", "has a heading but no rows below it"),
        ("costs.csv", "month,line,amount\n2026-01,C-02,\n", "No row of this file has an amount."),
        ("costs.csv", "month,amount,amount\n2026-01,1,2\n", "is there twice"),
        ("costs.xlsx", "month,amount\n2026-01,1\n", "is not an Excel workbook"),
        ("costs.pdf", "month,amount\n", "Send a CSV or an XLSX file."),
        ("costs.csv", "month,line,amount\n" + "2026-01,C-02,1\n" * 2001, "more than 2,000 rows"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_as_a_whole(
    client: Client, case: BusinessCase, name: str, content: str, message: str
) -> None:
    answer = send(client, content, name)
    assert answer.status_code == 422
    assert message in shown(answer)


def test_letters_that_are_not_utf_8_are_refused(client: Client, case: BusinessCase) -> None:
    answer = send(client, "month,line,amount,note\n2026-01,C-02,5,Zürich\n".encode("cp1252"))
    assert "The file is not in UTF-8" in shown(answer)


def test_what_is_booked_already_waits_for_a_choice(cast: Cast, client: Client, case: BusinessCase) -> None:
    record_costs(acting_user=cast.mara, case=case, entries=[CostEntry(JAN, D(100), line="C-02")])
    content = "month,line,amount\n2026-01,C-02,100\n2026-01,C-01,9\n2026-01,C-01,9.00\n"
    address = preview_of(client, content)
    page = shown(client.get(address))
    assert "2 amounts look like a second time" in page
    assert "booked already" in page
    assert "twice in the file" in page
    assert client.post(address).status_code == 422
    assert len(booked()) == 1
    assert client.post(address, {"doubles": "skip"}).status_code == 302
    assert [row[4] for row in booked()] == [D(100), D(9)]


def test_doubles_are_booked_where_they_are_meant(cast: Cast, client: Client, case: BusinessCase) -> None:
    record_costs(acting_user=cast.mara, case=case, entries=[CostEntry(JAN, D(100), line="C-02")])
    address = preview_of(client, "month,line,amount\n2026-01,C-02,100\n")
    client.post(address, {"doubles": "book"})
    assert len(booked()) == 2


def test_a_preview_is_used_once(client: Client, case: BusinessCase) -> None:
    address = preview_of(client, SOUND)
    client.post(address)
    answer = client.post(address)
    assert answer.status_code == 409
    assert "This file was imported already." in shown(answer)
    assert len(booked()) == 3


def test_a_preview_does_not_hold_once_somebody_booked_the_same(cast: Cast, client: Client, case: BusinessCase) -> None:
    address = preview_of(client, "month,line,amount\n2026-01,C-02,100\n2026-01,C-01,5\n")
    record_costs(acting_user=cast.olga, case=case, entries=[CostEntry(JAN, D(100), line="C-02")])
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 409
        assert "1 of its rows would be booked otherwise by now." in shown(answer)
    assert len(booked()) == 1


def test_a_preview_does_not_hold_once_its_line_moved(cast: Cast, client: Client, case: BusinessCase) -> None:
    address = preview_of(client, "month,line,amount\n2026-01,C-01,100\n")
    values = {**COST, "phase_number": 2}
    change_row(acting_user=cast.mara, case=case, kind="cost", ref="C-01", version=1, values=values)
    assert client.post(address).status_code == 409
    assert not booked()


def test_a_preview_does_not_hold_once_the_horizon_moved(cast: Cast, client: Client, case: BusinessCase) -> None:
    address = preview_of(client, "month,phase,category,amount\n2026-01,1,travel,100\n")
    case.refresh_from_db()
    BusinessCase.objects.filter(pk=case.pk).update(first_month=date(2026, 2, 1))
    answer = client.post(address)
    assert answer.status_code == 409
    assert "lies outside the horizon" in shown(answer)
    assert not booked()


def test_a_preview_is_for_its_person_and_for_a_day(
    cast: Cast, client: Client, sign_in: Callable[[Any], Client], case: BusinessCase
) -> None:
    address = preview_of(client, SOUND)
    assert "somebody else" in shown(sign_in(cast.olga).post(address))
    with clock.moved_to(NOW + timedelta(hours=25)):
        assert "This preview is gone" in shown(sign_in(cast.mara).post(address))
        assert drop_old_previews() == 1
    assert not booked()


def test_only_who_keeps_the_figures_imports(cast: Cast, sign_in: Callable[[Any], Client], case: BusinessCase) -> None:
    for name in ("toma", "audra", "petra"):
        client = sign_in(cast.people[name])
        assert client.get(PAGE).status_code == 403
        assert send(client, SOUND).status_code == 403
    assert not CostPreview.objects.exists()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_the_export_gives_comes_back_as_doubles(cast: Cast, client: Client, case: BusinessCase, form: str) -> None:
    entries = [CostEntry(JAN, D("1234.50"), line="C-02", note="=risky"), CostEntry(FEB, D(80), 1, "travel")]
    record_costs(acting_user=cast.mara, case=case, entries=entries)
    content = client.get(f"{ACTUALS}export/?format={form}").content
    address = preview_of(client, content, f"costs.{form}")
    assert "2 amounts look like a second time" in shown(client.get(address))


def test_the_template_holds_the_lines_of_the_open_month_and_is_taken_back(client: Client, case: BusinessCase) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}template/?format=xlsx").content))
    sheet = book["Actual costs"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("month", "phase", "category", "line", "amount", "currency", "note", "title")
    assert rows[1] == ("2026-01", 1, "Own people", "C-02", None, "EUR", None, "Project manager")
    assert [row[0] for row in book["Cost lines"].iter_rows(values_only=True)] == ["line", "C-01", "C-02"]
    sheet["E2"] = 5100.5
    sheet.append([date(2026, 1, 31), 1, "Travel and accommodation", None, 80, None, "Train"])
    sheet.append(["2026-01", None, None, "C-01", None])
    target = io.BytesIO()
    book.save(target)
    address = preview_of(client, target.getvalue(), "filled.xlsx")
    client.post(address)
    assert [(row[0], row[3], row[4]) for row in booked()] == [
        ("2026-01", "C-02", D("5100.50")),
        ("2026-01", "", D("80.00")),
    ]


def test_the_csv_template_is_taken_back_too(client: Client, case: BusinessCase) -> None:
    text = client.get(f"{PAGE}template/?format=csv").content.decode("utf-8-sig")
    heading, row, *_more = text.splitlines()
    assert row == "2026-01,1,Own people,C-02,,EUR,,Project manager"
    preview_of(client, f"{heading}\n{row.replace('C-02,,', 'C-02,70,')}\n")
