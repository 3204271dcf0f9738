"""The content of the question bank holds together."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from gapanalysis.content import read_questionnaire
from gapanalysis.domain.ladder import RUNGS

FOLDER = Path(settings.CONTENT_DIR) / "questionnaires" / "iso20000-1"
CATALOGUES = Path(settings.CONTENT_DIR) / "catalogues"
# Spellings and phrases that the rules for texts rule out.
NEVER = re.compile(
    r"\b(ensures? that|appropriate\w*|as needed|stakeholder alignment|leverage|robust|holistic|in a timely manner|"
    r"it is important to|organis\w+|prioritis\w+|recognis\w+|color|behavior|center)\b",
    re.IGNORECASE,
)
CLOSED = re.compile(r"(Is|Are|Does|Do|Has|Have|Can|Did) ")
DIMENSIONS = {"financial", "people", "risk", "process", "technology", "organization"}


def read(name: str) -> Any:
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    return read("questions.yaml")


@pytest.fixture(scope="module")
def clauses() -> dict[str, set[str]]:
    listed = yaml.safe_load((Path(settings.CONTENT_DIR) / "clauses.yaml").read_text(encoding="utf-8"))
    return {edition: {row["clause"] for row in rows} for edition, rows in listed.items()}


@pytest.fixture(scope="module")
def activities() -> set[str]:
    refs: set[str] = set()
    for pack in ("tr20000-5-2010", "sms-2018-supplement"):
        rows = yaml.load((CATALOGUES / pack / "activities.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        refs |= {row["ref"] for row in rows if row["kind"] == "activity"}
    return refs


@pytest.fixture(scope="module")
def initiation() -> set[str]:
    rows = yaml.safe_load((CATALOGUES / "tr20000-5-2010" / "initiation.yaml").read_text(encoding="utf-8"))
    return {row["ref"] for row in rows["activities"]}


def test_the_pack_reads_and_no_ref_stands_twice() -> None:
    counts = Counter(entry.instrument for entry in read_questionnaire(FOLDER).entries)
    assert counts["requirement"] >= 240
    assert counts["ladder"] >= 20
    assert counts["survey"] >= 12 + 7
    assert counts["readiness"] == 20 + 11 + 6


def test_every_clause_without_parts_has_two_questions(
    questions: list[dict[str, Any]], clauses: dict[str, set[str]]
) -> None:
    asked = Counter(clause for row in questions for clause in row["clauses_2018"])
    whole = {one for one in clauses["2018"] if not any(other.startswith(f"{one}.") for other in clauses["2018"])}
    assert {clause for clause in whole - {"8.3.1"} if asked[clause] < 2} == set()
    asked_2011 = Counter(clause for row in questions for clause in row["clauses_2011"])
    whole = {one for one in clauses["2011"] if not any(other.startswith(f"{one}.") for other in clauses["2011"])}
    assert {clause for clause in whole if not asked_2011[clause]} == set()


def test_clauses_and_activities_are_known(
    questions: list[dict[str, Any]], clauses: dict[str, set[str]], activities: set[str]
) -> None:
    for edition in ("2011", "2018"):
        named = {clause for row in questions for clause in row[f"clauses_{edition}"]}
        assert named - clauses[edition] == set()
    assert {ref for row in questions for ref in row["activities"]} == activities


def test_the_ref_names_the_clause(questions: list[dict[str, Any]]) -> None:
    wrong = []
    for row in questions:
        only_2011, clause = re.fullmatch(r"Q-(11-)?([\d.]+)-\d\d", row["ref"]).groups()
        if clause not in row["clauses_2011" if only_2011 else "clauses_2018"]:
            wrong.append(row["ref"])
        if bool(only_2011) != (not row["clauses_2018"]):
            wrong.append(row["ref"])
    assert wrong == []


def test_questions_are_open(questions: list[dict[str, Any]]) -> None:
    assert [row["ref"] for row in questions if CLOSED.match(row["text"])] == []
    openings = Counter(row["text"].split()[0] for row in questions)
    assert openings.most_common(1)[0][1] <= len(questions) / 5


def test_texts_are_short_and_nothing_is_said_twice(questions: list[dict[str, Any]]) -> None:
    long = [
        (row["ref"], name)
        for row in questions
        for name in ("text", "why", "typical_gap")
        if len(row[name].split()) > 45
    ]
    assert long == []
    said = Counter(
        text for row in questions for text in (row["text"], row["why"], row["typical_gap"], *row["look_for"])
    )
    assert [text for text, count in said.items() if count > 1] == []


def test_a_very_small_entity_is_asked_about_every_chapter(questions: list[dict[str, Any]]) -> None:
    small = [row for row in questions if row["small"]]
    assert 70 <= len(small) <= 130
    assert {clause.split(".")[0] for row in small for clause in row["clauses_2018"]} == set("45678") | {"9", "10"}


@pytest.mark.parametrize("name", ["questions.yaml", "ladders.yaml", "survey.yaml", "readiness.yaml", "challenges.yaml"])
def test_no_text_holds_words_that_say_nothing(name: str) -> None:
    assert NEVER.findall((FOLDER / name).read_text(encoding="utf-8")) == []


def test_ladders_cover_the_components_and_say_each_thing_once() -> None:
    ladders = read("ladders.yaml")
    listed = yaml.safe_load((CATALOGUES / "tr20000-5-2010" / "components.yaml").read_text(encoding="utf-8"))
    assert {code for row in ladders for code in row["components"]} >= {row["code"] for row in listed}
    assert all(list(row["rungs"]) == [rung.value for rung in RUNGS] for row in ladders)
    said = Counter(text for row in ladders for text in row["rungs"].values())
    assert [text for text, count in said.items() if count > 1] == []
    assert all("Shown by" in text for text in said)


def test_the_survey_follows_its_points_and_documents() -> None:
    survey = read("survey.yaml")
    sources = [row["source"] for row in survey["points"]]
    assert [f"2013 5.7 {letter})" in sources for letter in "abcdefghijkl"] == [True] * 12
    assert len(survey["documents"]) == 7


def test_readiness_follows_its_letters(initiation: set[str], activities: set[str]) -> None:
    readiness = read("readiness.yaml")
    for part, clause, letters in (
        ("factors", "5.1", "abcdefghijklmnopqrst"),
        ("project", "5.10", "abcdefghijk"),
        ("team", "5.11", "abcdef"),
    ):
        assert [row["source"] for row in readiness[part]] == [f"2013 {clause} {letter})" for letter in letters]
    rows = [row for part in ("factors", "project", "team") for row in readiness[part]]
    assert {row["dimension"] for row in rows} == DIMENSIONS
    assert {ref for row in rows for ref in row["activities"]} - initiation - activities == set()
    assert {row["group"] for row in readiness["factors"]} == {group["key"] for group in readiness["groups"]}


def test_challenges_can_be_seen_and_met(activities: set[str], initiation: set[str]) -> None:
    challenges = read("challenges.yaml")
    survey = read("survey.yaml")
    points = {row["ref"] for part in ("points", "documents") for row in survey[part]}
    assert len(challenges) >= 30
    assert len({row["ref"] for row in challenges}) == len(challenges)
    for row in challenges:
        assert 2 <= len(row["signs"]) <= 4, row["ref"]
        assert set(row["survey"]) <= points, row["ref"]
        assert set(row["activities"]) <= activities | initiation, row["ref"]
        assert row["counter"], row["ref"]
        assert row["consequence"], row["ref"]
