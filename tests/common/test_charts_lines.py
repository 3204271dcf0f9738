"""The burn-up, the dumbbell and the heat map."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from common.charts import BurnUp, Forecast, HeatCell, HeatColumn, HeatMap, HeatRow, Table, burn_up, dumbbell
from common.charts.lines import value_on

CHART = BurnUp(
    title="Burn-up of phase 2 <b>",
    description="Actual 30 of 100 against a plan of 50.",
    total=100,
    start=date(2026, 1, 1),
    end=date(2026, 4, 11),
    actual=((date(2026, 1, 1), 0), (date(2026, 2, 10), 30)),
    plan=((date(2026, 1, 1), 0), (date(2026, 3, 22), 100)),
    today=date(2026, 2, 10),
    gate=(date(2026, 3, 22), "Gate 2"),
    forecast=Forecast(best=date(2026, 3, 20), likely=date(2026, 4, 1), worst=date(2026, 4, 10)),
)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (our own output)


def test_a_burn_up_says_title_and_description_escaped() -> None:
    root = parsed(burn_up(CHART).svg)
    assert root.findtext("title") == "Burn-up of phase 2 <b>"
    assert root.findtext("desc") == "Actual 30 of 100 against a plan of 50."
    assert not any("style" in element.attrib for element in root.iter())


def test_a_burn_up_labels_what_was_done_and_what_was_planned() -> None:
    words = " ".join(parsed(burn_up(CHART).svg).itertext())
    for label in ("done 30", "plan 50", "Today", "Gate 2", "Forecast", "100 applicable"):
        assert label in words


def test_a_burn_up_without_points_or_forecast_still_draws() -> None:
    chart = burn_up(replace(CHART, actual=(), forecast=None, gate=None, total=0))
    parsed(chart.svg)
    assert "ln-forecast" not in chart.svg
    assert [item.word for item in chart.legend] == ["Actual", "Plan"]


def test_a_burn_up_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        replace(CHART, end=CHART.start)


def test_the_plan_between_two_points_is_in_proportion() -> None:
    assert value_on(CHART.plan, date(2026, 2, 10)) == 50
    assert value_on(CHART.plan, date(2025, 12, 31)) == 0
    assert value_on(CHART.plan, date(2027, 1, 1)) == 100


def test_the_table_of_a_burn_up_names_each_day() -> None:
    assert burn_up(CHART).table.rows[-1] == ("2026-03-22", "–", 100)


def test_a_dumbbell_says_then_now_and_target() -> None:
    assert "<title>Change: baseline 41, latest 64, target 70</title>" in dumbbell(41, 64, target=70, label="Change")


def test_a_heat_cell_leads_somewhere_and_says_what_it_counts() -> None:
    html = HeatCell(11, 15, "Change management, phase 2: 11 of 15", "/board", mark="behind plan").html()
    assert 'class="heat heat-3" href="/board"' in html
    assert 'aria-label="73%: Change management, phase 2: 11 of 15, behind plan"' in html


def test_a_heat_cell_with_nothing_to_do_is_empty() -> None:
    assert HeatCell(0, 0).html() == '<span class="heat heat-none" aria-hidden="true"></span>'


def test_a_heat_map_with_a_cell_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        HeatMap("Heat", "Component", (HeatColumn("1"), HeatColumn("2")), (HeatRow("A", (HeatCell(1, 2),)),))


def test_a_table_with_a_short_row_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 headers"):
        Table(("A", "B"), (("x",),))
