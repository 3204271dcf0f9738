"""Which questions an assessment asks."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from gapanalysis.domain.answers import GAPS, Value

CHECKED_SHARE = 10
"""One in so many of the questions that conformed is asked again, as a check for regressions."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the instrument: its ref, the activities it reaches, and whether small providers are asked it."""

    ref: str
    activities: frozenset[str]
    is_small: bool


def everything(questions: Iterable[Candidate], *, small: bool) -> dict[str, str]:
    """All questions, or those for a very small entity; why each is asked, by ref."""
    return {question.ref: "all" for question in questions if question.is_small or not small}


def at_phase_end(
    questions: Iterable[Candidate],
    *,
    phase_activities: Collection[str],
    earlier: Mapping[str, Value],
    seed: str,
    small: bool = False,
) -> dict[str, str]:
    """What the achievement analysis at the end of a phase asks; why each is asked, by ref.

    `phase`: a question that reaches an activity of this phase. `earlier gap`: whatever was no clear conformity in
    the assessment before. `check`: a tenth of what conformed, rounded up, drawn by `seed` so that the same
    assessment always draws the same.
    """
    asked: dict[str, str] = {}
    conformed: list[str] = []
    for question in questions:
        before = earlier.get(question.ref)
        if question.activities & set(phase_activities) and (question.is_small or not small):
            asked[question.ref] = "phase"
        elif before in GAPS or before in (Value.NO_CASE, Value.UNANSWERED):
            asked[question.ref] = "earlier gap"
        elif before == Value.CONFORMS:
            conformed.append(question.ref)
    count = -(-len(conformed) // CHECKED_SHARE)
    for ref in sorted(conformed, key=lambda ref: _draw(seed, ref))[:count]:
        asked[ref] = "check"
    return asked


def _draw(seed: str, ref: str) -> str:
    return hashlib.sha256(f"{seed} {ref}".encode()).hexdigest()
