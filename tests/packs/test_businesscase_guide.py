"""The guide of the business case reads and holds together."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from businesscase import choices, guide
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


def labels(kind: Any) -> dict[Any, str]:
    return {value: str(label) for value, label in kind.choices}


def test_the_guide_calls_things_as_the_forms_do() -> None:
    assert {each.key: each.title for each in guide.benefits().values()} == labels(choices.BenefitKind)
    assert {each.key: each.title for each in guide.costs().categories} == labels(choices.Category)
    assert {each.key: each.title for each in guide.scales().probability} == labels(choices.Probability)
    assert {each.key: each.title for each in guide.scales().impact} == labels(choices.Impact)
    assert {each.key: each.title for each in guide.scales().responses} == labels(choices.RiskResponse)
    assert {each.category for each in guide.risks().values()} == set(choices.RiskCategory.values)
    assert {line.rhythm for each in guide.costs().categories for line in each.typical} <= set(choices.Rhythm.values)


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
