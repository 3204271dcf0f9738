"""The guide of the business case reads, holds together, and its examples add up."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from businesscase import guide
from businesscase.guide import GuideError, Point
from common.markdown import render_markdown

FOLDER = Path(settings.CONTENT_DIR) / "businesscase" / "guide"
FILES = sorted(path.name for path in FOLDER.glob("*.yaml"))
LETTERS = tuple("abcdefghijkl")
TITLES = (
    "Need and objectives",
    "Scope",
    "Constraints and assumptions",
    "Benefits",
    "Costs",
    "Risks",
    "How results are judged",
    "Conformity assessment",
    "Timescales",
    "Interested parties",
    "Terms of reference",
    "Support and commitment",
)
CATEGORIES = ("own people", "people outside", "technology", "training", "certification", "travel", "other")
# Spellings and phrases that the rules for texts rule out.
NEVER = re.compile(
    r"\b(ensures? that|appropriate\w*|as needed|stakeholders?|leverage|robust|holistic|in a timely manner|"
    r"it is important to|organis\w+|prioritis\w+|recognis\w+|color|behavior|center|program)\b",
    re.IGNORECASE,
)
SENTENCES = re.compile(r"(?<=[.?!])\s+")


def words(text: str) -> int:
    return len(re.findall(r"\w[\w.,'-]*", text))


def texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the guide under `value`, with where it stands."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each, where)
    elif is_dataclass(value):
        where = f"{where} {getattr(value, 'key', '') or getattr(value, 'title', '')}".strip()
        for each in fields(value):
            yield from texts(getattr(value, each.name), f"{where} {each.name}".strip())


def all_points() -> list[Point]:
    return [*guide.points().values(), *guide.small_case().points]


def everything() -> list[tuple[str, str]]:
    found = [
        ("points", list(guide.points().values())),
        ("small case", guide.small_case()),
        ("benefits", list(guide.benefits().values())),
        ("costs", guide.costs()),
        ("scales", guide.scales()),
        ("risks", list(guide.risks().values())),
        ("figures", list(guide.figures().values())),
        ("interested", list(guide.interested_parties().values())),
        ("assumptions", guide.assumptions()),
    ]
    return [pair for where, value in found for pair in texts(value, where)]


def test_the_twelve_points_and_the_three_of_the_small_case_are_there() -> None:
    assert tuple(guide.points()) == LETTERS
    assert tuple(each.title for each in guide.points().values()) == TITLES
    assert [each.key for each in guide.small_case().points] == ["purpose", "cost", "approval"]
    assert len(SENTENCES.split(guide.small_case().why)) == 2


def test_each_point_asks_helps_and_shows_in_the_length_that_is_read() -> None:
    for point in all_points():
        assert 3 <= len(point.ask) <= 5, point.key
        assert all(question.endswith("?") for question in point.ask), point.key
        assert point.for_whom.endswith("?"), point.key
        assert 2 <= len(SENTENCES.split(point.help)) <= 4, point.key
        assert "usual mistake" in point.help, point.key
        assert 60 <= words(point.example) <= 160, (point.key, words(point.example))
        assert len(SENTENCES.split(point.complete_when)) == 1, point.key


def test_an_example_shows_its_paragraphs_tables_and_lists_as_they_are_meant() -> None:
    for point in all_points():
        shown = render_markdown(point.example)
        assert "<br" not in shown, point.key
        assert "|" not in shown, point.key
        assert "**" not in shown, point.key
        assert shown.count("<table") == len(re.findall(r"^\|[-|]+\|$", point.example, re.MULTILINE)), point.key
    assert "<li>" in render_markdown(guide.points()["a"].example)
    assert render_markdown(guide.points()["c"].example).count("<table") == 2


def test_the_ten_kinds_of_benefit_are_there_and_only_the_tenth_is_computed() -> None:
    kinds = guide.benefits()
    assert list(kinds) == [str(number) for number in range(1, 11)]
    for kind in kinds.values():
        assert re.search(r"\d", kind.figure_example), kind.key
        assert re.search(r"\d|[Zz]ero", kind.words_example.baseline), kind.key
    assert [kind.key for kind in kinds.values() if "computed" in kind.help] == ["10"]


def test_an_example_of_a_benefit_fits_into_the_fields_of_a_line() -> None:
    for kind in guide.benefits().values():
        assert len(kind.title) <= 160, kind.key
        assert len(kind.words_example.indicator) <= 200, kind.key
        assert len(kind.words_example.baseline) <= 120, kind.key
        assert len(kind.words_example.target) <= 120, kind.key


def test_the_seven_categories_of_cost_are_there_and_say_where_their_ranges_come_from() -> None:
    costs = guide.costs()
    assert tuple(each.key for each in costs.categories) == CATEGORIES
    assert "our own experience" in costs.note
    assert "no quotation" in costs.note
    for category in costs.categories:
        assert 3 <= len(category.forgotten) <= 5, category.key
        assert 2 <= len(category.typical) <= 4, category.key
        assert len(category.sources) >= 2, category.key


def test_a_typical_cost_grows_with_the_provider() -> None:
    for category in guide.costs().categories:
        for line in category.typical:
            assert line.rhythm in {"once", "monthly", "quarterly", "yearly"}, line.title
            assert line.phase in range(5), line.title
            assert line.unit in {"days", "euro"}, line.title
            assert line.small[0] < line.medium[0] < line.large[0], line.title
            assert line.small[1] < line.medium[1] < line.large[1], line.title
    assert {line.unit for line in guide.costs().categories[0].typical} == {"days"}


def test_the_scales_have_their_steps_and_the_bands_meet() -> None:
    scales = guide.scales()
    assert [(each.key, each.title) for each in scales.probability] == [
        (1, "Rare"),
        (2, "Unlikely"),
        (3, "Possible"),
        (4, "Likely"),
    ]
    assert [(each.key, each.title) for each in scales.impact] == [
        (1, "Slight"),
        (2, "Noticeable"),
        (3, "Serious"),
        (4, "Severe"),
    ]
    bounds = [(each.from_percent, each.to_percent) for each in scales.probability]
    assert bounds[0][0] == 0
    assert bounds[-1][1] == 100
    assert all(before[1] == after[0] for before, after in pairwise(bounds))
    for steps in (scales.interest, scales.influence):
        assert [each.key for each in steps] == ["low", "medium", "high"]
    assert [each.key for each in scales.confidence] == [100, 80, 50, 20]
    assert [each.key for each in scales.responses] == ["avoid", "reduce", "share", "accept"]


@pytest.fixture(scope="module")
def challenges() -> set[str]:
    path = Path(settings.CONTENT_DIR) / "questionnaires" / "iso20000-1" / "challenges.yaml"
    return {row["ref"] for row in yaml.safe_load(path.read_text(encoding="utf-8"))}


def test_there_are_eight_typical_risks_of_each_category(challenges: set[str]) -> None:
    risks = guide.risks()
    assert Counter(each.category for each in risks.values()) == {
        "organizational change": 8,
        "financial": 8,
        "technical": 8,
    }
    assert len({each.title for each in risks.values()}) == 24
    for risk in risks.values():
        assert 2 <= len(risk.signs) <= 3, risk.key
        assert risk.probability in range(1, 5), risk.key
        assert risk.impact in range(1, 5), risk.key
        assert set(risk.challenges) <= challenges, risk.key


def test_risks_use_the_scales_and_differ_in_weight() -> None:
    risks = guide.risks().values()
    assert {each.response for each in risks} == {each.key for each in guide.scales().responses}
    assert len({(each.probability, each.impact) for each in risks}) >= 5
    top = Counter((each.probability, each.impact) for each in risks).most_common(1)[0]
    assert top[1] <= 24 / 2


def test_each_figure_of_a_case_is_explained() -> None:
    assert list(guide.figures()) == [
        "npv",
        "irr",
        "roi",
        "payback",
        "discounted payback",
        "cumulative cash flow",
        "cost per service",
        "P10 P50 P90",
        "chance to pay back",
        "tornado",
        "discount rate",
        "tolerance",
        "forecast",
    ]
    for figure in guide.figures().values():
        assert len(SENTENCES.split(figure.in_words)) == 1, figure.key
    assert "(1 + r)^(1/12) − 1" in guide.figures()["npv"].formula
    assert "first month is not discounted" in guide.figures()["npv"].formula
    assert "(benefit − cost) ÷ cost" in guide.figures()["roi"].formula


def test_twelve_parties_say_what_they_want_and_fear_and_when_to_meet_them() -> None:
    parties = guide.interested_parties()
    assert len(parties) == 12
    grades = {each.key for each in guide.scales().interest}
    often = re.compile(
        r"\b(month|week\w*|quarter|year|hours?|minutes|meeting|gate|phase|before|during|at the start)\b", re.IGNORECASE
    )
    for party in parties.values():
        assert {party.interest, party.influence} <= grades, party.key
        assert often.search(party.involve), party.key


def test_ten_assumptions_and_eight_constraints_say_how_they_are_checked() -> None:
    found = guide.assumptions()
    assert len(found.assumptions) == 10
    assert len(found.constraints) == 8
    both = [*found.assumptions, *found.constraints]
    assert len({each.key for each in both}) == 18
    assert all(len(each.check) <= 300 for each in both)


def test_no_sentence_stands_twice() -> None:
    said = Counter(
        sentence.strip().lower()
        for where, text in everything()
        if not where.endswith(("key", "rhythm", "unit"))
        for line in text.splitlines()
        for sentence in SENTENCES.split(line)
        if words(sentence) >= 4
    )
    assert [sentence for sentence, count in said.items() if count > 1] == []


def test_no_title_of_a_typical_cost_stands_twice() -> None:
    titles = Counter(line.title for category in guide.costs().categories for line in category.typical)
    assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.parametrize("name", FILES)
def test_no_text_holds_words_that_say_nothing(name: str) -> None:
    assert NEVER.findall((FOLDER / name).read_text(encoding="utf-8")) == []


def test_sentences_can_be_read_in_one_go() -> None:
    long = [
        (where, sentence)
        for where, text in everything()
        if not where.endswith("example")
        for sentence in SENTENCES.split(text)
        if words(sentence) > 34
    ]
    assert long == []


# The example is one case: what its points say is computed here again from its lines.
RATE, OUTSIDE, MONTHS = Decimal(420), Decimal(1150), 60
PHASE_MONTHS = {0: (1, 3), 1: (4, 7), 2: (8, 12), 3: (13, 20)}
BENEFITS = (  # what a month brings, its confidence, its first month
    (Decimal(5750), Decimal("0.8"), 13),
    (Decimal(3200), Decimal("0.8"), 14),
    (Decimal(5500), Decimal("0.8"), 16),
    (Decimal(7000), Decimal("0.8"), 19),
    (Decimal(7000), Decimal("0.5"), 25),
)


def table_of_costs() -> dict[str, list[int]]:
    """The table under point e: the title of a row, then its figures."""
    rows = {}
    for line in guide.points()["e"].example.splitlines():
        if line.startswith("|") and "---" not in line and "Euro" not in line:
            title, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            rows[title] = [0 if cell == "–" else int(cell.replace(",", "")) for cell in cells]
    return rows


def example_flow(cost: Decimal = Decimal(1), benefit: Decimal = Decimal(1), delay: int = 0) -> list[Decimal]:
    """The net flow of the example, month by month, its lines times a factor, its benefits that many months later."""
    net = [Decimal(0)] * MONTHS
    table = table_of_costs()
    recurring = {2: Decimal(5500), 3: Decimal(8800)}  # the licences, which are no one-off
    for phase, (first, last) in PHASE_MONTHS.items():
        once = table["**Sum**"][phase] - recurring.get(phase, 0)
        for month in range(first, last + 1):
            net[month - 1] -= cost * once / (last - first + 1)
    due = {21: 6000, 22: 7000, 34: 5500, 46: 5500, 58: 9000}  # stage 1, stage 2, surveillance twice, recertification
    for month in range(1, MONTHS + 1):
        net[month - 1] -= cost * due.get(month, 0)
        net[month - 1] -= cost * 1100 if month >= 8 else 0
        net[month - 1] -= cost * (8 * RATE + 200) if month >= 21 else 0
        net[month - 1] += sum(benefit * each * share for each, share, first in BENEFITS if month >= first + delay)
    return net


def thousands(amount: Decimal) -> str:
    rounded = (amount / 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}€{abs(rounded)},000"


def npv(net: list[Decimal]) -> Decimal:
    return sum((each / Decimal("1.06") ** (Decimal(month) / 12) for month, each in enumerate(net)), Decimal(0))


def paid_back(net: list[Decimal]) -> int | None:
    below = [month for month in range(1, MONTHS + 1) if sum(net[:month]) < 0]
    return below[-1] + 1 if below[-1] < MONTHS else None


def test_the_costs_of_the_example_add_up() -> None:
    table = table_of_costs()
    sums = table.pop("**Sum**")
    assert [sum(row[column] for row in table.values()) for column in range(5)] == sums
    assert sum(sums) == 718_700
    assert "€718,700" in guide.points()["e"].example
    assert table["Own people, €420 a day"][4] == 40 * 8 * RATE
    assert all(days % RATE == 0 for days in table["Own people, €420 a day"])
    assert all(days % OUTSIDE == 0 for days in table["People outside"])
    invoices = sum(sum(row) for title, row in table.items() if not title.startswith("Own people"))
    assert invoices == 265_100
    assert "€265,100 are invoices" in guide.points()["e"].example
    assert sum(sums[:3]) == 358_800
    assert "€358,800" in guide.points()["f"].example


def test_the_benefits_of_the_example_add_up() -> None:
    example = guide.points()["d"].example
    for amount, share, _first in BENEFITS:
        assert re.search(rf"€{amount:,} \| [A-Z]\w+ 202\d \| {100 * share:.0f} %", example)
    assert sum(amount * share for amount, share, _first in BENEFITS) == 20_660
    assert sum(amount * share * (MONTHS + 1 - first) for amount, share, first in BENEFITS) == 900_320
    assert "€20,660" in example
    assert "€900,320" in example


@pytest.mark.parametrize(
    ("cost", "benefit", "value", "returned", "month"),
    [
        ("1.15", "0.75", "−€196,000", "−18 %", None),
        ("1", "1", "€91,000", "25 %", 49),
        ("0.95", "1.15", "€237,000", "52 %", 42),
    ],
)
def test_the_scenarios_of_the_example_are_computed_by_the_formulas_of_the_guide(
    cost: str, benefit: str, value: str, returned: str, month: int | None
) -> None:
    net = example_flow(Decimal(cost), Decimal(benefit))
    assert thousands(npv(net)) == value
    assert paid_back(net) == month
    roi = 100 * sum(net) / (Decimal(cost) * 718_700)
    assert f"{roi:.0f} %".replace("-", "−") == returned
    example = guide.points()["g"].example
    assert f"{value} |" in example
    assert f"{returned} |" in example


def test_the_ways_to_prove_conformity_are_compared_in_money() -> None:
    rows = re.findall(r"\| (€[\d,]+|–) \| (\d+) \| €([\d,]+) \|", guide.points()["h"].example)
    assert len(rows) == 3
    for fees, days, whole in rows:
        paid = 0 if fees == "–" else int(fees.strip("€").replace(",", ""))
        assert paid + int(days) * RATE == int(whole.replace(",", "")), fees


def test_half_a_year_of_delay_costs_the_surplus_of_the_example() -> None:
    assert thousands(npv(example_flow(delay=6))) == "−€22,000"
    assert "−€22,000" in guide.points()["g"].example


def test_the_explanations_of_the_figures_use_those_of_the_example() -> None:
    net = example_flow()
    running = [sum(net[:month]) for month in range(1, MONTHS + 1)]
    assert running.index(min(running)) + 1 == 20
    assert thousands(min(running)) == "−€411,000"
    assert "€411,000 in August 2028" in guide.figures()["cumulative cash flow"].reads
    rate = Decimal("1.06") ** (Decimal(1) / 12)
    discounted = [sum(each / rate**number for number, each in enumerate(net[:month])) for month in range(1, 61)]
    assert max(month for month, value in enumerate(discounted, start=1) if value < 0) + 1 == 52
    assert "month 52 instead of 49" in guide.figures()["discounted payback"].reads
    without = sum(share * each * (MONTHS + 1 - first) for each, share, first in BENEFITS[:-1]) / 718_700 - 1
    assert f"{100 * without:.0f} %" == "8 %"
    assert "it is 8 %" in guide.benefits()["10"].figure_example


def test_the_small_case_of_the_example_adds_up_and_comes_back_in_the_large_one() -> None:
    cost = next(each for each in guide.small_case().points if each.key == "cost").example
    lines = re.findall(r"\| (\d+) \| ([\d,]+) \| ([\d,]+) \|", cost)
    assert all(int(days) * int(rate.replace(",", "")) == int(euro.replace(",", "")) for days, rate, euro in lines)
    assert sum(int(days) for days, _, _ in lines) == 30
    assert sum(int(euro.replace(",", "")) for _, _, euro in lines) == 16_980
    assert "€16,980" in guide.points()["e"].example


def row_of_a_point(**changed: Any) -> dict[str, Any]:
    row: dict[str, Any] = yaml.safe_load((FOLDER / "points.yaml").read_text(encoding="utf-8"))[0]
    return row | changed


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "points.yaml: a: title must be a text"),
        ({"title": 4.1}, "points.yaml: a: title must be a text"),
        ({"ask": []}, "points.yaml: a: ask must be a list of texts"),
        ({"ask": ["Why?", "Why?"]}, "points.yaml: a: ask: Why\\? stands there twice"),
        ({"hint": "x"}, "points.yaml: a: it does not know hint"),
    ],
)
def test_a_row_of_another_shape_is_refused_with_its_name(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(GuideError, match=said):
        guide.rows_by_key([row_of_a_point(**changed)], Point, "points.yaml")


def test_a_row_that_lacks_something_or_stands_twice_is_refused() -> None:
    short = row_of_a_point()
    del short["help"]
    with pytest.raises(GuideError, match=r"points.yaml: a: it lacks help"):
        guide.rows_by_key([short], Point, "points.yaml")
    with pytest.raises(GuideError, match=r"points.yaml: a stands there twice"):
        guide.rows_by_key([row_of_a_point(), row_of_a_point()], Point, "points.yaml")
    with pytest.raises(GuideError, match=r"points.yaml: it is a list"):
        guide.rows_by_key({}, Point, "points.yaml")


def test_the_guide_is_read_once_and_cannot_be_changed() -> None:
    assert guide.points() is guide.points()
    kept: Any = guide.points()
    with pytest.raises(TypeError):
        kept["m"] = kept["a"]
