"""The cash flow, the tornado, the histogram, the profile, and the bar of a phase's money."""

from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts import Bin, CashFlow, MoneyBar, Swing, cash_flow, histogram, profile, tornado
from common.charts.scale import ticks
from common.charts.standalone import chart_svg

AMOUNTS = st.lists(st.floats(-1e9, 1e9), min_size=4, max_size=4)


def say(value: float) -> str:
    return f"{value:.0f}"


FLOW = CashFlow(
    title="Flow <b>",
    expected=(0, -30, -50, 40),
    months=("Jan", "Feb", "Mar"),
    years=((0, "2026"),),
    say=say,
    happened=1,
    plan=(0, -20, -30, 60),
    low=(0, -30, -70, -10),
    high=(0, -30, -40, 90),
    today=1.5,
    pays_back=(3, "Mar"),
)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (our own output)


def words(svg: str) -> list[str]:
    return [" ".join("".join(each.itertext()).split()) for each in parsed(svg).iter() if each.tag.endswith("text")]


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12))
def test_steps_are_round_few_and_hold_both_ends(low: int, width: int) -> None:
    high = low + width
    found = ticks(low, high)
    assert found[0] <= low <= high <= found[-1]
    assert 2 <= len(found) <= 8
    assert not low < 0 < high or 0.0 in found


def test_a_cash_flow_says_where_it_stands_and_where_it_ends() -> None:
    found = words(cash_flow(FLOW).svg)
    for label in ("Today", "-30", "lowest -50", "pays back Mar", "2026", "good 90", "plan 60", "expected 40"):
        assert label in found
    assert "cautious -10" in found


def test_the_past_is_drawn_solid_and_the_rest_dotted() -> None:
    lines = {
        each.get("class"): (each.get("points") or "").split()
        for each in parsed(cash_flow(FLOW).svg).iter()
        if each.tag == "polyline"
    }
    assert (len(lines["ln-actual"]), len(lines["ln-forecast"]), len(lines["ln-plan"])) == (2, 3, 4)
    assert lines["ln-actual"][-1] == lines["ln-forecast"][0]


def test_a_cash_flow_that_has_only_begun_has_no_past_and_no_plan() -> None:
    chart = cash_flow(replace(FLOW, happened=0, plan=(), low=(), high=(), pays_back=None, today=None))
    assert [item.word for item in chart.legend] == ["Expected"]
    assert "ln-actual" not in chart.svg
    assert chart.table.rows[0] == ("Jan", "-30")


def test_a_plan_of_another_horizon_is_drawn_where_it_is_known() -> None:
    chart = cash_flow(replace(FLOW, plan=(None, 0, -30, None)))
    assert not any(word.startswith("plan") for word in words(chart.svg))
    assert [row[2] for row in chart.table.rows] == ["0", "-30", "–"]


def test_the_words_of_the_ends_keep_apart() -> None:
    chart = replace(FLOW, plan=(0, -20, -30, 41), low=(0, -30, -70, 39), high=(0, -30, -40, 42))
    places = [
        float(each.get("y") or 0)
        for each in parsed(cash_flow(chart).svg).iter()
        if each.tag == "text" and each.get("x") == "88.8%"
    ]
    assert all(after - before >= 14 for before, after in pairwise(places))
    assert len(places) == 4


@given(AMOUNTS, AMOUNTS)
def test_any_flow_is_drawn_inside_of_its_picture(expected: list[float], low: list[float]) -> None:
    chart = replace(FLOW, expected=tuple(expected), low=tuple(low), high=tuple(low), pays_back=None)
    for each in parsed(cash_flow(chart).svg).iter():
        for point in (each.get("points") or "").split():
            x, y = (float(part) for part in point.split(","))
            assert 0 <= x <= 1000
            assert 25 <= y <= 311


def test_a_flow_without_a_value_for_each_month_is_refused() -> None:
    with pytest.raises(ValueError, match="each month"):
        replace(FLOW, low=(0, 1))


def test_every_shape_has_its_colour_without_a_style_sheet() -> None:
    pictures = [
        cash_flow(FLOW).svg,
        *(row.svg for row in tornado([Swing("Hours", "4 to 9", 10, 90)], 50, say, title="T").rows),
        histogram([Bin(-10, 0, 3), Bin(0, 10, 7)], [("P50", 4)], say, title="H").svg,
        profile([(0, 50), (10, -20)], say, title="P", own=6, roots=[7]).svg,
        MoneyBar("Phase 1", 100, 40, 120, 200).svg(),
    ]
    for picture in pictures:
        for each in parsed(picture).iter():
            assert each.tag not in ("line", "polyline") or each.get("stroke")
            assert each.tag not in ("rect", "circle", "polygon", "text") or each.get("fill")
            assert "style" not in each.attrib


def test_a_tornado_puts_all_rows_on_one_scale_around_the_expected_result() -> None:
    chart = tornado([Swing("Hours", "4 to 9", 10, 90), Swing("Rate", "8% to 4%", 45, 55)], 50, say, title="T")
    places = [
        {each.get("class"): each.attrib for each in parsed(row.svg).iter() if each.tag in ("rect", "line")}
        for row in chart.rows
    ]
    assert places[0]["ln-today"]["x1"] == places[1]["ln-today"]["x1"] == "50%"
    wide, narrow = (float(each["f-warn"]["width"].rstrip("%")) for each in places)
    assert wide == pytest.approx(8 * narrow, abs=0.05)
    assert words(chart.rows[0].svg) == ["10", "90"]
    assert chart.table.rows[1] == ("Rate", "8% to 4%", "45", "55")


def test_a_histogram_colours_what_lies_below_zero_and_names_its_marks() -> None:
    chart = histogram([Bin(-10, 0, 3), Bin(0, 10, 6)], [("P10", -5), ("P90", 8)], say, title="H")
    bars = [each for each in parsed(chart.svg).iter() if each.tag == "rect"]
    assert [each.get("class") for each in bars] == ["f-warn", "f-mid"]
    assert float(bars[1].get("height") or 0) == 2 * float(bars[0].get("height") or 0)
    assert {"P10 -5", "P90 8"} <= set(words(chart.svg))


def test_a_profile_marks_the_rate_that_counts_and_where_the_value_is_zero() -> None:
    chart = profile([(0, 50), (10, -20)], say, title="P", own=6, roots=[7.125])
    assert {"6%", "7.1%"} <= set(words(chart.svg))
    assert chart.table.rows == (("0%", "50"), ("10%", "-20"))


def test_the_bar_of_a_phase_shows_spent_expected_and_planned() -> None:
    bars = [each for each in parsed(MoneyBar("Phase 1", 100, 40, 120, 200).svg()).iter() if each.tag == "rect"]
    assert [(each.get("class"), each.get("width")) for each in bars[:2]] == [("f-mute", "60%"), ("f-accent", "20%")]
    assert bars[2].get("x") == "50%"
    assert len(list(parsed(MoneyBar("Nothing", 0, 0, 0, 0).svg()).iter("rect"))) == 2


def test_a_chart_as_a_file_shows_lines_as_lines() -> None:
    root = parsed(chart_svg(cash_flow(FLOW)))
    dashes = [each.get("stroke-dasharray") for each in root if each.tag.endswith("line")]
    assert dashes == ["none", "2 4", "5 4"]
