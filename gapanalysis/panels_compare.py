"""The comparison of assessments as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from gapanalysis.domain.answers import Value
from gapanalysis.domain.history import Change
from gapanalysis.domain.ladder import standing_of
from gapanalysis.panels_profile import LEAST_FOR_A_CLAUSE, dimension_label, mean_rating
from gapanalysis.panels_results import answers_bar, change_counts
from gapanalysis.selectors.results import Column, Results
from phases.selectors.clauses import clause_order

ANSWERS = (Value.CONFORMS, Value.MINOR, Value.MAJOR, Value.EXCLUDED, Value.NO_CASE, Value.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Figures:
    """An assessment in figures: each answer, what it asked itself, and what changed since the one shown before it."""

    column: Column
    counts: tuple[int, ...]
    bar: SafeString
    own: int
    own_answered: int
    better: int | None
    worse: int | None


def figures(found: Results) -> list[Figures]:
    """The assessments shown, in the order of time."""
    lines = []
    for place, column in enumerate(found.columns):
        changes = change_counts(found, found.columns[place - 1], column) if place else None
        lines.append(
            Figures(
                column,
                tuple(column.whole.of(value) for value in ANSWERS),
                answers_bar(column.whole, column.assessment.title),
                column.own.asked,
                column.own.answered,
                changes[Change.BETTER] if changes else None,
                changes[Change.WORSE] if changes else None,
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A process or a dimension with its value in each assessment, "–" where there is none."""

    title: str
    cells: tuple[str, ...]
    target: int | None = None


def ladders(found: Results) -> list[LevelRow]:
    """The level of each process in each assessment."""
    refs = sorted(
        {ref for each in found.columns for ref in each.ladders}, key=lambda ref: found.questions[ref].position
    )
    return [
        LevelRow(
            found.questions[ref].text,
            tuple(_level(each, ref) for each in found.columns),
            found.target_of_process(found.questions[ref].text),
        )
        for ref in refs
    ]


def _level(column: Column, ref: str) -> str:
    word = column.ladders.get(ref)
    return "–" if word is None or word.said is None else str(standing_of(word.said).level)


def readiness(found: Results) -> list[LevelRow]:
    """The mean rating of each dimension in each assessment; none where nothing was rated."""
    dimensions: dict[str, list[str]] = {}
    refs = {ref for each in found.columns for ref in each.ratings}
    for ref in sorted(refs, key=lambda ref: found.questions[ref].position):
        dimensions.setdefault(found.questions[ref].extra.get("dimension", ""), []).append(ref)
    rows = [
        LevelRow(dimension_label(name), tuple(_mean(each, members) for each in found.columns))
        for name, members in dimensions.items()
    ]
    return rows if any(cell != "–" for row in rows for cell in row.cells) else []


def _mean(column: Column, refs: Sequence[str]) -> str:
    mean = mean_rating([column.ratings[ref].said for ref in refs if ref in column.ratings])
    if mean is None:
        return "–"
    return f"{mean / 10:.1f}"


def clauses_to_pick(found: Results, also: str) -> list[str]:
    """Chapters and the clauses below them that hold a question, and `also` where it is deeper."""
    clauses = {clause for clause in found.now.clauses if clause.count(".") < LEAST_FOR_A_CLAUSE}
    return sorted(clauses | ({also} if also else set()), key=clause_order)
