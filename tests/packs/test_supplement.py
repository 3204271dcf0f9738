"""The content of the supplement for 2018 holds together, alone and with the catalogue."""

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from phases.content import Pack, read_pack
from phases.services.catalogues import load_catalogue

CONTENT = Path(settings.CONTENT_DIR)
FOLDER = CONTENT / "catalogues" / "sms-2018-supplement"
NATURES = {"define", "establish", "operate", "review"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(FOLDER)


@pytest.fixture(scope="module")
def rows(pack: Pack) -> list[dict[str, Any]]:
    return pack.activities


@pytest.fixture(scope="module")
def main() -> Pack:
    return read_pack(CONTENT / "catalogues" / "tr20000-5-2010")


@pytest.fixture(scope="module")
def clauses() -> dict[str, list[str]]:
    listed = yaml.safe_load((CONTENT / "clauses.yaml").read_text(encoding="utf-8"))
    return {edition: [row["clause"] for row in found] for edition, found in listed.items()}


def leaves(numbers: list[str]) -> set[str]:
    """The clauses without sub-clauses."""
    return {number for number in numbers if not any(other.startswith(f"{number}.") for other in numbers)}


def test_it_loads_beside_the_catalogue_and_again_changes_nothing(supplement) -> None:
    assert (supplement.pack, supplement.activities.count(), supplement.components.count()) == (
        "sms-2018-supplement",
        34,
        8,
    )
    assert load_catalogue(folder=FOLDER) == (supplement, False)


def test_it_says_that_it_is_our_own(pack: Pack) -> None:
    assert pack.meta["source"].startswith("Our own guidance")


def test_every_ref_and_group_is_marked_as_the_supplements(pack: Pack, rows: list[dict[str, Any]]) -> None:
    codes = [component["code"] for component in pack.components]
    assert len(rows) == 34
    assert all(re.fullmatch(r"S\.[A-Z]{2}", code) for code in codes)
    assert all(re.fullmatch(rf"{re.escape(row['component'])}\.[a-z]", row["ref"]) for row in rows)
    assert [row["component"] for row in rows] == sorted((row["component"] for row in rows), key=codes.index)
    assert {row["component"] for row in rows} == set(codes)


def test_no_code_or_number_is_the_catalogues(pack: Pack, main: Pack) -> None:
    for key in ("code", "number", "title"):
        assert not {row[key] for row in pack.components} & {row[key] for row in main.components}
    for key in ("ref", "title"):
        assert not {row[key] for row in pack.activities} & {row[key] for row in main.activities}


def test_every_activity_is_complete(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row["kind"] == "activity", row["ref"]
        assert row["nature"] in NATURES, row["ref"]
        assert row["effort"] in {"small", "medium", "large"}, row["ref"]
        assert 12 <= len(row["title"]) <= 120, row["ref"]
        assert len(row["guidance"].split()) >= 25, row["ref"]
        assert sorted(row["phase_notes"]) == row["phases"], row["ref"]
        assert 2 <= len(row["evidence"]) <= 4, row["ref"]
    assert len({row["title"].lower() for row in rows}) == 34
    assert Counter(phase for row in rows for phase in row["phases"]) == {1: 14, 2: 28, 3: 28}


def test_it_names_roles_of_the_catalogue(rows: list[dict[str, Any]], main: Pack) -> None:
    known = {role for row in main.activities for role in row["roles"]}
    assert {role for row in rows for role in row["roles"]} <= known


def test_every_clause_is_one_that_exists(rows: list[dict[str, Any]], clauses: dict[str, list[str]]) -> None:
    for row in rows:
        assert row["clauses_2018"], row["ref"]
        for edition in ("2011", "2018"):
            assert set(row[f"clauses_{edition}"]) <= set(clauses[edition]), row["ref"]


def test_what_a_row_takes_over_from_is_in_one_of_the_two_packs(rows: list[dict[str, Any]], main: Pack) -> None:
    refs = {row["ref"] for row in [*rows, *main.activities]}
    assert {row["succeeds"] for row in rows if "succeeds" in row} <= refs


def test_no_sentence_stands_twice_in_the_two_packs(rows: list[dict[str, Any]], main: Pack) -> None:
    seen: dict[str, list[str]] = defaultdict(list)
    for row in [*main.activities, *rows]:
        text = " ".join([row.get("guidance", ""), *(row.get("phase_notes") or {}).values()])
        for sentence in filter(None, re.split(r"(?<=[.?!])\s+", text)):
            seen[sentence.strip().lower()].append(row["ref"])
    for component in [*main.components, *(read_pack(FOLDER).components)]:
        for sentence in filter(None, re.split(r"(?<=[.?!])\s+", component.get("purpose", ""))):
            seen[sentence.strip().lower()].append(component["code"])
    assert {sentence: refs for sentence, refs in seen.items() if len(refs) > 1} == {}


def test_every_clause_of_2018_is_reached_but_the_general_one_of_8_3(
    rows: list[dict[str, Any]], main: Pack, clauses: dict[str, list[str]]
) -> None:
    reached = {clause for row in [*rows, *main.activities] for clause in row.get("clauses_2018", [])}
    assert leaves(clauses["2018"]) - reached == {"8.3.1"}


def test_every_clause_of_2011_is_reached_by_the_catalogue_alone(main: Pack, clauses: dict[str, list[str]]) -> None:
    reached = {clause for row in main.activities for clause in row.get("clauses_2011", [])}
    assert leaves(clauses["2011"]) - reached == set()
