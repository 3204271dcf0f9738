"""Questions with what several assessments say of each."""

from dataclasses import dataclass

from gapanalysis.domain.answers import GAPS, Value
from gapanalysis.domain.history import Change, Word
from gapanalysis.selectors.instrument import QuestionText
from gapanalysis.selectors.results import Results

ANY_GAP = "gaps"
"""An answer to ask for: whatever something must follow from."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is asked for; "" for all. `clause` takes in what it holds; `answer` is that of the last assessment."""

    clause: str = ""
    component: str = ""
    what: str = ""
    answer: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return any((self.clause, self.component, self.what, self.answer))


@dataclass(frozen=True, slots=True)
class Line:
    """A question, its word in each assessment (None where none had asked by then), and what became of it."""

    question: QuestionText
    words: tuple[Word[Value] | None, ...]
    change: Change | None


def lines_of(found: Results, narrowing: Narrowing) -> list[Line]:
    """The questions of the last assessment shown, narrowed, in the order of the instrument; no query."""
    now = found.now
    changes = found.changes(found.columns[0], now) if len(found.columns) > 1 else {}
    lines = []
    for ref in sorted(now.words, key=lambda ref: found.questions[ref].position):
        question, value = found.questions[ref], now.values[ref]
        change = changes.get(ref)
        if (
            (narrowing.clause and narrowing.clause not in question.groups[found.edition])
            or (narrowing.component and narrowing.component not in question.components)
            or (narrowing.what and change != narrowing.what)
            or (narrowing.answer == ANY_GAP and value not in GAPS)
            or (narrowing.answer not in ("", ANY_GAP) and value != narrowing.answer)
        ):
            continue
        lines.append(Line(question, tuple(each.words.get(ref) for each in found.columns), change))
    return lines
