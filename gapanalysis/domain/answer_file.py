"""Answers in a file: its columns, how an answer is written in a cell, and how what people type is read. No Django."""

import re
from collections.abc import Iterable

from common.marked_rows import Columns
from gapanalysis.domain.answers import Value
from gapanalysis.domain.ladder import RUNGS

EDITABLE = ("answer", "note", "evidence")
GUIDANCE = ("question", "look_for", "typical_gap")
BESIDE = ("before", "finding", "owner")
PLACE = ("section", "clauses_2018", "clauses_2011")
ANSWERS = Columns(
    keys=("ref",),
    editable=EDITABLE,
    fixed=(*GUIDANCE, *BESIDE, *PLACE),
    units=dict.fromkeys(EDITABLE, "answer"),  # the note explains the answer: one side's note would be wrong under both
)
NO_RUNG = "none"
RATINGS = ("0", "1", "2", "3", "4")
STEPS = tuple(", ".join(RUNGS[: place + 1]) for place in range(len(RUNGS)))
"""The usual ways to tick a ladder, from the bottom up."""

# Why an answer cannot be taken, beside what `common.marked_rows` has.
NOT_AN_ANSWER, NOT_A_RUNG, NOT_A_RATING, NO_ANSWER = "not an answer", "not a rung", "not a rating", "no answer"
_LABELS = {"excluded: conformity cannot be claimed": Value.EXCLUDED}


def answer_cell(instrument: str, *, value: str, rungs: Iterable[str], rating: int | None, is_answered: bool) -> str:
    """An answer as a cell holds it: a word, the ticked rungs, or a number; nothing for a survey point."""
    if instrument == "requirement":
        return str(value)
    if instrument == "ladder":
        ticked = set(rungs)
        return ", ".join(rung for rung in RUNGS if rung in ticked) or (NO_RUNG if is_answered else "")
    if instrument == "readiness":
        return "" if rating is None else str(rating)
    return ""


def read_answer(instrument: str, text: str) -> tuple[str, str]:
    """What somebody typed, as `answer_cell` would write it, and why it is no answer ("" where it is one).

    Upper and lower case, and white space, do not matter. Nothing typed is no answer yet.
    """
    words = " ".join(text.split()).casefold()
    if instrument == "requirement":
        word = _LABELS.get(words, words) or Value.UNANSWERED
        return str(word), "" if word in set(Value) else NOT_AN_ANSWER
    if instrument == "ladder":
        names = {name for name in re.split(r"[\s,;]+", words) if name}
        if names == {NO_RUNG}:
            return NO_RUNG, ""
        return ", ".join(rung for rung in RUNGS if rung in names), NOT_A_RUNG if names - set(RUNGS) else ""
    if instrument == "readiness":
        return words, "" if not words or words in RATINGS else NOT_A_RATING
    return words, NO_ANSWER if words else ""


def rungs_of(cell: str) -> list[str]:
    """The rungs that a cell of `read_answer` ticks."""
    return [rung for rung in cell.split(", ") if rung and rung != NO_RUNG]
