"""The content of the catalogue of 2010 holds together."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from phases.content import read_pack

FOLDER = Path(settings.CONTENT_DIR) / "catalogues" / "tr20000-5-2010"
NATURES = {"define", "establish", "operate", "review"}
# Spellings and phrases that docs/style of the content rules out.
NEVER = re.compile(
    r"\b(ensure that|as needed|stakeholder alignment|leverage|robust|holistic|in a timely manner|"
    r"it is important to|organis\w+|prioritis\w+|recognis\w+|color|behavior|center)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return yaml.load((FOLDER / "activities.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def activities(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["kind"] == "activity"]


@pytest.fixture(scope="module")
def clauses() -> dict[str, set[str]]:
    listed = yaml.safe_load((Path(settings.CONTENT_DIR) / "clauses.yaml").read_text(encoding="utf-8"))
    return {edition: {row["clause"] for row in rows} for edition, rows in listed.items()}


def test_it_has_the_rows_of_table_b_1(rows: list[dict[str, Any]]) -> None:
    assert len(rows) == 293
    assert Counter(row["kind"] for row in rows) == {"activity": 279, "heading": 14}
    assert len({row["ref"] for row in rows}) == 293


def test_it_marks_the_phases_of_table_b_1(activities: list[dict[str, Any]]) -> None:
    marked = Counter(phase for row in activities for phase in row["phases"])
    assert marked == {1: 76, 2: 172, 3: 223}
    assert sum(len(row["phases"]) > 1 for row in activities) == 152


def test_it_names_the_25_roles(rows: list[dict[str, Any]]) -> None:
    roles = Counter(role for row in rows for role in row["roles"])
    assert len(roles) == 25
    assert roles["Project (or team member)"] == 119
    assert sum(len(row["roles"]) > 1 for row in rows if row["kind"] == "activity") == 86


def test_it_has_21_components_and_55_packages(activities: list[dict[str, Any]]) -> None:
    assert len({row["component"] for row in activities}) == 21
    assert len({(row["component"], phase) for row in activities for phase in row["phases"]}) == 55


def test_every_title_is_its_own_and_of_a_fit_length(rows: list[dict[str, Any]]) -> None:
    titles = [row["title"] for row in rows]
    assert len({title.lower() for title in titles}) == 293
    assert all(12 <= len(title) <= 120 for title in titles)


def test_every_nature_is_one_of_four(rows: list[dict[str, Any]]) -> None:
    assert {row["nature"] for row in rows} == NATURES


def test_every_activity_says_what_to_do_in_each_of_its_phases_and_what_proves_it(
    activities: list[dict[str, Any]],
) -> None:
    for row in activities:
        assert len(row["guidance"].split()) >= 25, row["ref"]
        assert sorted(row["phase_notes"]) == row["phases"], row["ref"]
        assert 2 <= len(row["evidence"]) <= 4, row["ref"]
        assert row["effort"] in {"small", "medium", "large"}, row["ref"]
    assert 45 <= sum(row["key"] for row in activities) <= 80


def test_every_clause_is_one_that_exists(activities: list[dict[str, Any]], clauses: dict[str, set[str]]) -> None:
    for row in activities:
        for edition in ("2011", "2018"):
            named = row[f"clauses_{edition}"]
            assert named, row["ref"]
            assert set(named) <= clauses[edition], row["ref"]


def test_a_row_that_takes_over_names_a_row_that_exists(activities: list[dict[str, Any]]) -> None:
    refs = {row["ref"] for row in activities}
    followers = {row["ref"]: row["succeeds"] for row in activities if "succeeds" in row}
    assert set(followers.values()) <= refs
    assert all(ref != before for ref, before in followers.items())


def test_no_sentence_stands_twice(activities: list[dict[str, Any]]) -> None:
    seen: dict[str, list[str]] = defaultdict(list)
    for row in activities:
        text = " ".join([row["guidance"], *row["phase_notes"].values()])
        for sentence in re.split(r"(?<=[.?!])\s+", text):
            seen[sentence.lower()].append(row["ref"])
    assert {sentence: refs for sentence, refs in seen.items() if len(refs) > 1} == {}


def test_it_speaks_one_english_and_without_filler(activities: list[dict[str, Any]]) -> None:
    found = {}
    for row in activities:
        text = " ".join([row["title"], row["guidance"], *row["phase_notes"].values(), *row["evidence"]])
        if hits := NEVER.findall(text):
            found[row["ref"]] = hits
    assert found == {}


def test_initiation_has_eight_activities_and_five_entry_criteria() -> None:
    pack = read_pack(FOLDER)
    initiation = [row for row in pack.activities if row["component"] == "A"]
    assert [row["ref"] for row in initiation] == [f"A.{letter}" for letter in "abcdefgh"]
    assert {tuple(row["phases"]) for row in initiation} == {(0,)}
    assert {role for row in initiation for role in row["roles"]} == {"Top management", "Project (or team member)"}
    assert [row["ref"] for row in pack.entry_criteria] == [f"E.{letter}" for letter in "abcde"]


def test_no_clause_number_lost_its_last_zero() -> None:
    for path in sorted(Path(settings.CONTENT_DIR).rglob("*.yaml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.lstrip().startswith(("clauses_2011:", "clauses_2018:")):
                for item in next(csv.reader([line.partition("[")[2].rstrip("]")], skipinitialspace=True), []):
                    assert item == "" or re.fullmatch(r"\d+(\.\d+)*", item), f"{path.name}:{number}"
