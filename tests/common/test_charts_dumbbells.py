"""Dumbbells in rows, and ladders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts import DumbbellRow, HeatCell, Steps, Table, dumbbells

NAMES = ("Baseline", "Interim")


def test_rows_say_then_now_and_target() -> None:
    chart = dumbbells(
        [DumbbellRow("Change", 41, 64, 70), DumbbellRow("Incident", None, 10)],
        title="Components",
        label="Component",
        names=NAMES,
        say=lambda value: f"{value}%",
    )
    assert "<title>Change: Baseline 41%, Interim 64%, target 70%</title>" in chart.rows[0].svg
    assert "<title>Incident: Baseline –, Interim 10%</title>" in chart.rows[1].svg
    assert [row.figure for row in chart.rows] == ["64%", "10%"]
    assert chart.table == Table(
        ("Component", "Baseline", "Interim", "Target"),
        (("Change", "41%", "64%", "70%"), ("Incident", "–", "10%", "–")),
    )
    assert [item.word for item in chart.legend] == ["Baseline", "Interim", "Target"]


def test_without_a_target_there_is_no_word_of_it() -> None:
    chart = dumbbells([DumbbellRow("Change", 1, 2)], title="Levels", label="Process", names=NAMES, top=7)
    assert chart.table.headers == ("Process", "Baseline", "Interim")
    assert len(chart.legend) == 2
    assert 'cx="14.29%"' in chart.rows[0].svg


def test_what_a_value_could_still_become_is_a_band_of_its_own() -> None:
    chart = dumbbells(
        [DumbbellRow("Change", 60, 20, most=75), DumbbellRow("Incident", 60, 20)],
        title="T",
        label="L",
        names=NAMES,
        most_name="Open",
    )
    assert "at most 75" in chart.rows[0].svg
    assert 'x="20%" y="6" width="55%"' in chart.rows[0].svg
    assert "f-mute" not in chart.rows[1].svg
    assert chart.table.headers == ("L", "Baseline", "Interim", "Open")
    assert chart.table.rows == (("Change", "60", "20", "75"), ("Incident", "60", "20", "–"))


def test_a_value_beyond_the_scale_stays_on_it() -> None:
    chart = dumbbells([DumbbellRow("Change", -3, 130)], title="T", label="L", names=NAMES)
    assert 'cx="0%"' in chart.rows[0].svg
    assert 'cx="100%"' in chart.rows[0].svg


def test_a_name_cannot_bring_markup_in() -> None:
    chart = dumbbells([DumbbellRow("<b>", 1, 2)], title="T", label="L", names=NAMES)
    assert "<b>" not in chart.rows[0].svg


def test_a_ladder_draws_what_lies_above_a_gap_apart() -> None:
    svg = Steps((True, False, True), "Change: level 1", before=0, target=3).svg()
    assert [svg.count(f'class="{css}"') for css in ("step-on", "step-off", "step-above")] == [1, 1, 1]
    assert "<title>Change: level 1</title>" in svg
    assert "f-text" in svg


@given(st.lists(st.booleans(), max_size=7))
def test_the_level_of_a_ladder_has_no_gap_below(ticked: list[bool]) -> None:
    level = Steps(tuple(ticked), "").level
    assert all(ticked[:level])
    assert level == len(ticked) or not ticked[level]


@pytest.mark.parametrize("url", ["", "/there/"])
def test_a_heat_cell_can_say_a_word_where_no_share_can_be_told(url: str) -> None:
    html = HeatCell(0, 5, title="8.5: nobody has looked", word="open", url=url).html()
    assert "heat-open" in html
    assert "0%" not in html
