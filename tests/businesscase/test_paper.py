"""What the board paper says, from the case alone."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from businesscase.domain.content import Scenario
from businesscase.domain.export import case_plain
from businesscase.domain.figures import figures_by_scenario
from businesscase.domain.money import total
from businesscase.paper import Paper, kept_figures
from businesscase.paper_charts import cash_flow_picture, tornado_picture
from businesscase.paper_context import paper_context
from businesscase.paper_tables import (
    benefits_in_figures,
    benefits_in_words,
    cost_groups,
    open_risks,
    phase_rows,
    risk_matrix,
    settled_risks,
    years,
)
from businesscase.paper_words import flow_words, key_figures, span_words, verdict_word, verdict_words
from tests.businesscase.paper_sample import FIRST, sample_content

THIN = "\u202f"


def paper(**changes: Any) -> Paper:
    """The draft of the sample, changed."""
    content = sample_content(**changes)
    project = SimpleNamespace(slug="nordkai", time_zone="Europe/Berlin")
    case = SimpleNamespace(kind=content.kind, is_small=content.kind == "gap analysis")
    return Paper(project, case, content, figures_by_scenario(content), date(2027, 3, 3))


def plain(words: str) -> str:
    """With usual spaces."""
    return words.replace(THIN, " ").replace("\u00a0", " ")


def test_the_first_sentence_says_whether_it_pays_and_what_if_not() -> None:
    assert verdict_word(paper()) == "It pays"
    assert plain(verdict_words(paper())) == (
        "Over 5 years it costs 726 220 EUR and brings 882 320 EUR. At 6 % a year that is worth 68 255 EUR more than it "
        "costs. In the cautious case it does not pay: −384 942 EUR."
    )


def test_a_case_that_does_not_pay_says_so() -> None:
    few = paper(benefits=sample_content().benefits[:2])
    assert verdict_word(few) == "It does not pay"
    assert "less than it costs. It does not pay in the good case either." in plain(verdict_words(few))
    assert plain(flow_words(few)).endswith("they do not come back within the horizon.")
    assert [plain(each.value) for each in key_figures(few)][1] == "–"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"costs": (), "benefits": ()}, "Neither costs nor benefits are in it yet"),
        ({"benefits": ()}, "no benefits in figures yet"),
        ({"costs": ()}, "no costs yet"),
    ],
)
def test_where_one_side_is_missing_nothing_is_claimed(changes: dict[str, Any], said: str) -> None:
    found = paper(**changes)
    assert said in verdict_words(found)
    assert verdict_word(found) == "Not counted"
    assert {each.value for each in key_figures(found)} == {"–"}


def test_the_three_figures_name_what_they_count_from_and_their_range() -> None:
    value, payback, roi = key_figures(paper())
    assert (plain(value.value), plain(value.base)) == ("68 255", "EUR over 5 years at 6 %")
    assert plain(value.scope) == "cautious −384 942, good 380 297"
    assert (payback.value, payback.base) == ("Feb 2031", "after 50 months")
    assert payback.scope == "cautious never, good Jan 2030"
    assert (plain(roi.value), plain(roi.base)) == ("21 %", "of 726 220 EUR spent")


def test_tables_add_up_to_the_figures() -> None:
    found = paper()
    assert total(group.amount for group in cost_groups(found)) == found.expected.cost
    assert total(row.amount for row in benefits_in_figures(found)) == found.expected.benefit
    assert total(row.cost for row in phase_rows(found)) == found.expected.cost
    assert total(row.cost for row in years(found)) == found.expected.cost
    assert years(found)[-1].running == found.expected.net
    assert [row.year for row in years(found)] == [2027, 2028, 2029, 2030, 2031]


def test_benefits_in_words_stand_apart() -> None:
    assert [row.item.ref for row in benefits_in_words(paper())] == ["B-07", "B-08", "B-09"]


def test_risks_are_listed_gravest_first_and_stand_in_the_matrix() -> None:
    rows = open_risks(paper())
    assert [row.item.ref for row in rows[:3]] == ["R-01", "R-02", "R-03"]
    assert [row.level for row in rows[:3]] == ["high", "high", "medium"]
    assert [each.ref for each in settled_risks(paper())] == ["R-09"]
    matrix = risk_matrix(rows)
    assert matrix[0].word == "Likely"
    assert matrix[0].cells[2].refs == ("R-01",)
    assert sum(cell.count for line in matrix for cell in line.cells) == len(rows)


def test_figures_of_a_version_are_those_that_were_kept_to_the_cent() -> None:
    content = sample_content()
    kept = case_plain(content)["scenarios"]
    for scenario, figures in figures_by_scenario(content).items():
        again = kept_figures(kept[scenario])
        assert again.flow == figures.flow
        assert (again.cost, again.benefit, again.npv, again.roi) == (
            figures.cost,
            figures.benefit,
            figures.npv,
            figures.roi,
        )
        assert (again.payback_month, again.rates) == (figures.payback_month, figures.rates)
    assert kept_figures(kept[Scenario.LIKELY]).cumulative == figures_by_scenario(content)[Scenario.LIKELY].cumulative


def test_the_picture_says_its_message_and_names_ends_and_marks() -> None:
    svg = plain(str(cash_flow_picture(paper())))
    assert "<title>At most 426 562 EUR are out, in Aug 2028; from Feb 2031 on all of it has come back.</title>" in svg
    for words in ("expected 156", "good 519", "cautious −365", "lowest −427", "pays back Feb 2031", "today"):
        assert f">{words}</text>" in svg
    assert "style=" not in svg
    assert "class=" not in svg


def test_the_other_picture_starts_with_what_moves_it_most() -> None:
    svg = plain(str(tornado_picture(paper())))
    assert svg.index("Less work after failed changes") < svg.index("Discount rate")
    assert "12 to 8 days" in svg
    assert tornado_picture(paper(costs=(), benefits=())) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"costs": (), "benefits": ()},
        {"months": 1},
        {"months": 120, "discount_rate": Decimal("0.075")},
        {"sections": {}, "risks": (), "assumptions": (), "interested": (), "measures": ()},
        {"costs": (), "benefits": (), "first_month": FIRST + 7, "months": 5},
    ],
)
def test_a_case_with_gaps_can_be_set_too(changes: dict[str, Any]) -> None:
    assert len(paper_context(paper(**changes))["sections"]) == 12


def test_a_draft_says_what_is_missing() -> None:
    sections = {each.key: each for each in paper_context(paper(sections={}, risks=()))["sections"]}
    assert sections["a"].missing == "write a paragraph of your own"
    assert sections["f"].missing == "3 of the three kinds of risk without a risk"
    assert sections["e"].missing == ""


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(FIRST, None, "Jan 2027"), (FIRST, FIRST, "Jan 2027"), (FIRST, FIRST + 2, "Jan to Mar 2027")],
)
def test_a_span_of_months_is_short(first: int, last: int | None, words: str) -> None:
    assert span_words(first, last) == words
