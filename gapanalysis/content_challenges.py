"""Reads the library of challenges of a questionnaire pack and checks it. No database."""

from collections.abc import Collection, Iterator
from typing import Any

from gapanalysis.exceptions import QuestionnaireError

FILE = "challenges.yaml"
TEXTS = ("title", "consequence", "counter")
KEYS = ("ref", "title", "signs", "consequence", "counter", "survey", "activities")


def read_challenges(rows: Any, points: Collection[str]) -> tuple[dict[str, Any], ...]:
    """The challenges in `rows`, checked; `points` are the survey points that there are.

    Raises QuestionnaireError that names the row and what is wrong with it.
    """
    if not isinstance(rows, list):
        raise QuestionnaireError(f"{FILE}: it is a list of challenges")
    found = tuple(_challenges(rows, points))
    refs = [row["ref"] for row in found]
    twice = sorted({ref for ref in refs if refs.count(ref) > 1})
    if twice:
        raise QuestionnaireError(f"{FILE}: {', '.join(twice)} stand there twice")
    return found


def _challenges(rows: list[Any], points: Collection[str]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not isinstance(row.get("ref"), str) or not row["ref"]:
            raise QuestionnaireError(f"{FILE}: row {number}: it has no ref")
        where = f"{FILE}: {row['ref']}"
        if tuple(row) != KEYS:
            raise QuestionnaireError(
                f"{where}: its keys are {', '.join(map(str, row))}; they must be {', '.join(KEYS)}"
            )
        empty = [name for name in TEXTS if not isinstance(row[name], str) or not row[name].strip()]
        if empty:
            raise QuestionnaireError(f"{where}: {', '.join(empty)} must be a text")
        lists = [name for name in ("signs", "survey", "activities") if not _is_texts(row[name])]
        if lists:
            raise QuestionnaireError(f"{where}: {', '.join(lists)} must be a list of texts, one at least")
        if not 2 <= len(row["signs"]) <= 4:
            raise QuestionnaireError(f"{where}: signs needs two to four entries")
        unknown = [ref for ref in row["survey"] if ref not in points]
        if unknown:
            raise QuestionnaireError(f"{where}: the survey has no point {', '.join(unknown)}")
        yield row


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one.strip() for one in value)
