"""Progress bars, stacked bars, and the charts made of them."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts import (
    PhaseProgress,
    ProgressBar,
    Series,
    StackedRow,
    phase_progress,
    segments,
    stacked_bar,
    stacked_bars,
)

SERIES = [Series("done", "mid"), Series("on time", "mute"), Series("overdue", "bad")]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (our own output)


def widths(svg: str) -> list[float]:
    return [float(width) for width in re.findall(r' width="([\d.]+)%"', svg)][1:]


def test_a_progress_bar_says_its_message_in_words() -> None:
    bar = ProgressBar(verified=38, done=33, total=168, plan=82, label="Phase 2")
    assert bar.words() == "Phase 2: 38 verified, 33 done, of 168; plan for today 82"
    assert bar.share == 42


def test_a_progress_bar_shows_verified_done_and_the_plan() -> None:
    svg = ProgressBar(verified=25, done=25, total=100, plan=75).svg()
    assert 'class="f-accent" fill="#3650c0" x="0%" y="4" width="25%"' in svg
    assert 'class="f-soft" fill="#a9b7ee" x="0%" y="4" width="50%"' in svg
    assert 'class="f-text" fill="#171b23" x="75%"' in svg


def test_a_bar_of_nothing_is_an_empty_track_that_says_so() -> None:
    svg = ProgressBar(verified=0, done=0, total=0, plan=0).svg()
    assert "nothing to do" in svg
    assert svg.count("<rect") == 1


def test_a_plan_at_the_end_stays_inside_the_picture() -> None:
    svg = ProgressBar(verified=1, done=0, total=2, plan=2).svg()
    assert 'class="f-text" fill="#171b23" x="99.4%"' in svg


def test_labels_and_words_are_escaped() -> None:
    nasty = '<script>alert("x")</script>'
    row = StackedRow(nasty, (1, 0, 0), flag="<b>late</b>")
    svg = stacked_bar(row, [Series("<i>", "mid"), *SERIES[1:]], longest=1)
    assert "<script" not in svg
    assert "<b>" not in svg
    assert "<i>" not in svg
    assert "<script" not in ProgressBar(1, 1, 2, label=nasty).svg()


def test_a_row_with_the_wrong_number_of_values_is_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 3 series"):
        stacked_bar(StackedRow("Office", (1, 2)), SERIES, longest=3)


def test_rows_share_one_scale() -> None:
    chart = stacked_bars(
        [StackedRow("A", (10, 0, 0)), StackedRow("B", (5, 0, 0)), StackedRow("C", (0, 0, 0))],
        SERIES,
        title="Workload",
        label="Party",
    )
    assert [sum(widths(row.svg)) for row in chart.rows] == [100.0, 50.0, 0]
    assert [row.figure for row in chart.rows] == ["10", "5", "0"]


def test_a_chart_with_flags_leaves_room_for_their_words() -> None:
    chart = stacked_bars([StackedRow("A", (8, 0, 2), flag="2 late")], SERIES, title="Workload", label="Party")
    assert sum(widths(chart.rows[0].svg)) == pytest.approx(84.0)


def test_the_table_of_a_stacked_chart_holds_its_figures_and_the_legend_their_sums() -> None:
    chart = stacked_bars(
        [StackedRow("A", (3, 2, 1)), StackedRow("B", (1, 1, 1))], SERIES, title="Workload", label="Party"
    )
    assert chart.table.headers == ("Party", "done", "on time", "overdue", "All")
    assert chart.table.rows == (("A", 3, 2, 1, 6), ("B", 1, 1, 1, 3))
    assert [item.figure for item in chart.legend] == [4, 3, 2]


def test_the_chart_of_phases_shows_share_base_and_plan() -> None:
    chart = phase_progress(
        [PhaseProgress("1 React", 70, 2, 76), PhaseProgress("2 Anticipate", 38, 33, 168, plan=82)],
        title="Progress per phase",
    )
    assert [(row.figure, row.base) for row in chart.rows] == [("95%", "72 of 76"), ("42%", "71 of 168")]
    assert chart.table.rows == (("1 React", 70, 2, 76, "–"), ("2 Anticipate", 38, 33, 168, 82))
    assert [item.word for item in chart.legend] == ["Verified", "Done", "Plan for today"]
    assert chart.has_base


def test_a_phase_with_nothing_in_it_shows_no_percentage() -> None:
    chart = phase_progress([PhaseProgress("4 Operation", 0, 0, 0)], title="Nothing yet")
    assert (chart.rows[0].figure, chart.rows[0].base) == ("–", "")


@given(values=st.lists(st.integers(min_value=0, max_value=400), min_size=3, max_size=3))
def test_the_segments_of_a_whole_bar_fill_it(values: list[int]) -> None:
    svg = segments(values, SERIES, label="All")
    assert sum(widths(svg)) == pytest.approx(100.0 if sum(values) else 0.0, abs=0.02)


@given(
    verified=st.integers(0, 300),
    done=st.integers(0, 300),
    total=st.integers(0, 600),
    plan=st.none() | st.integers(0, 600),
    label=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30),
)
def test_every_bar_is_well_formed_without_style(
    verified: int, done: int, total: int, plan: int | None, label: str
) -> None:
    svg = ProgressBar(verified, done, total, plan, label).svg()
    root = parsed(svg)
    assert root.tag == "svg"
    assert root.find("title") is not None
    assert not any("style" in element.attrib for element in root.iter())
