"""What the catalogue of 2010 says of its components, of the time before phase 1 and of clauses holds together."""

import re
from typing import Any

import pytest
import yaml
from django.conf import settings

FOLDER = settings.CONTENT_DIR / "catalogues" / "tr20000-5-2010"
CODES = (
    *("MR", "DR", "CA", "PL", "IM", "MM", "IP", "NC", "SL", "SR", "SC"),
    *("BA", "CM", "IS", "BR", "SU", "IN", "PR", "CF", "CH", "RE"),
)
# Table 2 of 2010: in which phases a component has an outcome. A blank cell has none.
OUTCOMES = {
    **{key: [1, 2, 3] for key in ("MR", "DR", "CA", "PL", "IM", "MM", "IP", "SL", "SR", "CF")},
    **{key: [2, 3] for key in ("SC", "IS", "BR", "PR")},
    **{key: [1, 2] for key in ("BA", "SU", "IN", "CH")},
    **{key: [2] for key in ("CM", "RE")},
    "NC": [3],
}


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def components() -> list[dict[str, Any]]:
    return read("components.yaml")


def test_it_has_the_21_components_in_the_order_of_the_table(components: list[dict[str, Any]]) -> None:
    assert tuple(row["code"] for row in components) == CODES
    assert [row["number"] for row in components] == list(range(1, 22))


def test_every_component_says_what_it_is_for_who_owns_it_and_what_goes_wrong(components: list[dict[str, Any]]) -> None:
    for row in components:
        assert 20 <= len(row["purpose"].split()) <= 70, row["code"]
        assert row["typical_owner"].strip(), row["code"]
        assert 3 <= len(row["pitfalls"]) <= 5, row["code"]
        assert len(row["short_title"]) <= 28, row["code"]


def test_what_one_component_needs_the_other_gives_and_the_other_way_round(components: list[dict[str, Any]]) -> None:
    needed = {(tie["component"], row["code"]) for row in components for tie in row["needs_from"]}
    given = {(row["code"], tie["component"]) for row in components for tie in row["gives_to"]}
    assert needed == given
    assert {code for pair in needed for code in pair} == set(CODES)
    assert all(giver != taker for giver, taker in needed)


def test_no_tie_is_named_twice_and_each_says_what(components: list[dict[str, Any]]) -> None:
    for row in components:
        for ties in (row["needs_from"], row["gives_to"]):
            codes = [tie["component"] for tie in ties]
            assert len(codes) == len(set(codes)), row["code"]
            assert all(len(tie["what"].split()) >= 3 for tie in ties), row["code"]


def test_it_states_outcomes_for_the_phases_of_table_2(components: list[dict[str, Any]]) -> None:
    assert {row["code"]: sorted(row["outcomes_2010"]) for row in components} == OUTCOMES


def test_no_sentence_about_components_stands_twice(components: list[dict[str, Any]]) -> None:
    said = [
        sentence.lower()
        for row in components
        for text in (row["purpose"], *row["outcomes_2010"].values(), *row["pitfalls"])
        for sentence in re.split(r"(?<=[.?!])\s+", text)
    ]
    assert len(said) == len(set(said))


def test_outcomes_by_clause_go_as_far_as_6_4_and_mark_what_was_hard_to_read() -> None:
    rows = read("outcomes-2013.yaml")
    assert [row["clause"] for row in rows] == [
        *("4.1", "4.2", "4.3", "4.4", "4.5"),
        *("5.1", "5.2", "5.3", "5.4"),
        *("6.1", "6.2", "6.3", "6.4"),
    ]
    for row in rows:
        wanted = [2, 3] if row["clause"].startswith("5.") else [1, 2, 3]
        assert sorted(row["outcomes"]) == wanted, row["clause"]
    assert {"5.1", "6.4"} <= {row["clause"] for row in rows if row["check"]}


def test_outcomes_name_clauses_of_2011_by_their_titles() -> None:
    listed = yaml.safe_load((settings.CONTENT_DIR / "clauses.yaml").read_text(encoding="utf-8"))["2011"]
    titles = {row["clause"]: row["title"] for row in listed}
    assert {row["clause"]: row["title"] for row in read("outcomes-2013.yaml")}.items() <= titles.items()


def test_initiation_has_points_criteria_and_the_small_business_case() -> None:
    initiation = read("initiation.yaml")
    points = {row["ref"]: len(row.get("points") or []) for row in initiation["activities"]}
    assert points == {"A.a": 3, "A.b": 0, "A.c": 0, "A.d": 11, "A.e": 11, "A.f": 4, "A.g": 7, "A.h": 0}
    for row in initiation["activities"]:
        refs = [point["ref"] for point in row.get("points") or []]
        assert refs == [f"{row['ref']}.{number}" for number in range(1, len(refs) + 1)]
    for criterion in initiation["entry_criteria"]:
        assert len(criterion["guidance"].split()) >= 20, criterion["ref"]
        assert 2 <= len(criterion["evidence"]) <= 4, criterion["ref"]
    case = initiation["first_business_case"]
    assert case["title"] == "Small business case for the gap analysis"
    assert len(case["sections"]) >= 6
    assert all(section["title"] and len(section["help"].split()) >= 8 for section in case["sections"])
