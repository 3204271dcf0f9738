"""How money and months are written."""

from datetime import date
from decimal import Decimal

import pytest

from businesscase.templatetags import case_ui

D = Decimal


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (D("1234567.49"), "1\u202f234\u202f567"),
        (D("0.5"), "1"),
        (D("-0.4"), "0"),
        (D("-12400"), "\u221212\u202f400"),
        (999, "999"),
        (D(0), "0"),
        (None, "–"),
    ],
)
def test_money_is_written_in_whole_units(amount: Decimal | None, written: str) -> None:
    assert case_ui.money(amount) == written


def test_large_money_is_written_in_thousands() -> None:
    assert [case_ui.money_thousands(each) for each in (D("796123"), D("-1499.99"), None)] == ["796", "\u22121", "–"]
    assert case_ui.money_thousands(D("1056000")) == "1\u202f056"


def test_an_exact_amount_keeps_its_cents() -> None:
    assert [case_ui.amount_exact(D(each)) for each in ("600.00", "12.50", "-1234.05")] == [
        "600",
        "12.50",
        "\u22121\u202f234.05",
    ]


def test_a_share_is_written_in_percent() -> None:
    assert case_ui.percent(D("0.06")) == "6\u202f%"
    assert case_ui.percent(-0.0345, 1) == "\u22123.5\u202f%"
    assert case_ui.percent(None) == "–"


def test_a_month_is_written_with_its_year() -> None:
    assert case_ui.month(2027 * 12 + 2) == "Mar 2027"
    assert case_ui.month(date(2026, 12, 31)) == "Dec 2026"
    assert case_ui.month(None) == "–"


def test_scenarios_have_names() -> None:
    assert [case_ui.scenario_word(each) for each in ("low", "likely", "high")] == ["Cautious", "Expected", "Good"]
