"""What was said to each question over several assessments, and what has changed between two of them.

One rule: an assessment speaks for what it asked. Where it did not ask a question, the last locked answer stands. Where
it asked and nobody has answered, nothing stands until somebody does: an answer that nobody looked at again does not
count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from gapanalysis.domain.answers import Value, is_worse

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Look(Generic[Said]):
    """One assessment: what was said to each question that it asked, None where nobody has answered; when it was
    locked, None where it is not."""

    answers: Mapping[str, Said | None]
    locked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Word(Generic[Said]):
    """What stands for a question after an assessment.

    `said` is None where nobody has answered; `said_in` the place of the assessment that said or asked it; `is_asked`
    whether this assessment asked it itself; `waiting` an earlier answer that does not count until somebody looks.
    """

    said: Said | None
    said_in: int
    is_asked: bool
    waiting: Said | None = None


def words_of(looks: Sequence[Look[Said]]) -> list[dict[str, Word[Said]]]:
    """What stands after each of `looks`, which are in the order in which they were made; by question ref.

    A locked one never says anything else later: of earlier ones only those count that were locked before it. A
    question that no assessment so far has asked is not there.
    """
    found: list[dict[str, Word[Said]]] = []
    for place, look in enumerate(looks):
        stood, unseen = _earlier(looks[:place], look.locked_at)
        words: dict[str, Word[Said]] = {ref: Word(said, said_in, False) for ref, (said, said_in) in stood.items()}
        for ref, answer in [*((ref, None) for ref in unseen), *look.answers.items()]:
            is_asked = ref in look.answers
            asked_in = place if is_asked else unseen[ref]
            waiting = stood[ref][0] if answer is None and ref in stood else None
            words[ref] = Word(answer, asked_in, is_asked, waiting)
        found.append(words)
    return found


def _earlier(looks: Sequence[Look[Said]], until: datetime | None) -> tuple[dict[str, tuple[Said, int]], dict[str, int]]:
    """What those of `looks` said that were locked by `until`, and what they asked and nobody has answered since."""
    locked = [(look.locked_at, place) for place, look in enumerate(looks) if look.locked_at is not None]
    stood: dict[str, tuple[Said, int]] = {}
    unseen: dict[str, int] = {}
    for locked_at, place in sorted(locked):
        if until is not None and locked_at > until:
            break
        for ref, answer in looks[place].answers.items():
            if answer is None:
                unseen[ref] = place
            else:
                stood[ref] = (answer, place)
                unseen.pop(ref, None)
    return stood, unseen


class Change(StrEnum):
    """What became of a question between two assessments."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    STANDS = "not asked again"
    FIRST = "first answer"
    OPEN = "not looked at"


def change_between(before: Word[Value] | None, now: Word[Value]) -> Change:
    """What became of a question. The same answer of the same assessment on both sides was not asked again."""
    if now.said is None:
        return Change.OPEN
    if before is None or before.said is None:
        return Change.FIRST
    if now.said_in == before.said_in:
        return Change.STANDS
    if now.said == before.said:
        return Change.SAME
    return Change.WORSE if is_worse(now.said, before.said) else Change.BETTER


def unchanged_since(history: Sequence[Word[Said] | None]) -> int | None:
    """The place of the assessment that first said what stands at the end, with nothing else said since.

    None where nothing stands at the end. An assessment that did not ask, or whose question nobody looked at, does
    not break the run.
    """
    if not history or history[-1] is None or history[-1].said is None:
        return None
    now, first = history[-1].said, history[-1].said_in
    for word in reversed(history):
        if word is None or word.said is None:
            continue
        if word.said != now:
            break
        first = word.said_in
    return first
