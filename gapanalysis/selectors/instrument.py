"""The questions of a version, read once per process: a released version never changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gapanalysis.domain.rollup import with_parents
from gapanalysis.models import Question, Questionnaire


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question without database ids. `clauses` by edition; `groups` the clauses with all that hold them."""

    ref: str
    instrument: str
    position: int
    section: str
    text: str
    activities: tuple[str, ...]
    components: tuple[str, ...]
    clauses: dict[str, tuple[str, ...]]
    groups: dict[str, frozenset[str]]
    extra: dict[str, Any]


@lru_cache(maxsize=4)
def _texts(pack: str, version: str, sha256: str) -> dict[str, QuestionText]:
    rows = Question.objects.filter(
        questionnaire__pack=pack, questionnaire__version=version, questionnaire__sha256=sha256
    ).order_by("position")
    return {
        row.ref: QuestionText(
            ref=row.ref,
            instrument=row.instrument,
            position=row.position,
            section=row.section,
            text=row.text,
            activities=tuple(row.activities),
            components=tuple(row.components),
            clauses={"2018": tuple(row.clauses_2018), "2011": tuple(row.clauses_2011)},
            groups={
                "2018": frozenset(with_parents(row.clauses_2018)),
                "2011": frozenset(with_parents(row.clauses_2011)),
            },
            extra=row.extra,
        )
        for row in rows.only(
            "ref",
            "instrument",
            "position",
            "section",
            "text",
            "activities",
            "components",
            "clauses_2018",
            "clauses_2011",
            "extra",
        )
    }


def texts_of_questions(questionnaires: Iterable[Questionnaire]) -> dict[str, QuestionText]:
    """The questions of all these versions by ref, a later one's words first. No query after the first time."""
    found: dict[str, QuestionText] = {}
    for each in questionnaires:
        found |= _texts(each.pack, each.version, each.sha256)
    return found
