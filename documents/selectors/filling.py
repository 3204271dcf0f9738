"""What a draft asks and what it already knows: the form of a document."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.domain.fill import MARK, Mark, MarkKind, mark_of, marks_in, without_notes
from documents.models import DocumentVersion
from documents.selectors.sources import Source, source_of
from documents.selectors.standing import also_asked, section_numbers
from documents.selectors.values import SUPPLIERS, Known, known_for

SHOWN_OTHERS = 3
LONGEST_AROUND = 160
_ENDS = re.compile(r"(?<=[.!?;:])\s+|\|")
_SIGNS = re.compile(r"^(?:[-*>]|\d+\.|#{1,4})\s+|\*\*")


@dataclass(frozen=True, slots=True)
class Question:
    """What people are asked. `name` is its field in the form, `others` the drafts that its answer goes to as well."""

    name: str
    mark: Mark
    source: Source
    answer: str
    section: int
    others: Sequence[str]
    around: tuple[str, str] = ("", "")

    @property
    def key(self) -> str:
        """The question, or the options, as answers are kept by."""
        return self.mark.key

    @property
    def is_choice(self) -> bool:
        """Whether it is one of a list."""
        return self.mark.kind == MarkKind.CHOICE

    @property
    def more(self) -> int:
        """How many of the others are not named."""
        return max(0, len(self.others) - SHOWN_OTHERS)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that the project fills: with what ("" where it knows nothing yet), and where that is said."""

    source: Source
    value: str
    is_table: bool
    section: int


@dataclass(frozen=True, slots=True)
class FillIn:
    """The form of a draft."""

    questions: Sequence[Question]
    known: Sequence[KnownPlace]
    lacking: Sequence[KnownPlace]

    @property
    def unanswered(self) -> int:
        """How many questions wait for an answer."""
        return sum(not question.answer for question in self.questions)


def field_name(key: str) -> str:
    """The name of a question's field: stable, and short whatever the question says."""
    return f"q-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def sentence_around(body: str, mark: Mark, known: Known) -> tuple[str, str]:
    """What stands before and behind the first place of `mark` in its sentence, with other places filled."""
    place = next((found for found in MARK.finditer(body) if mark_of(found[1]) == mark), None)
    if place is None:
        return "", ""
    line_begins, line_ends = body.rfind("\n", 0, place.start()) + 1, body.find("\n", place.end())
    before = _ENDS.split(body[line_begins : place.start()])[-1]
    after = body[place.end() : line_ends if line_ends >= 0 else len(body)]
    rest = _ENDS.split(after, maxsplit=1)
    return _readable(before, known)[-LONGEST_AROUND:], _readable(rest[0], known)[:LONGEST_AROUND]


def _readable(text: str, known: Known) -> str:
    return _SIGNS.sub("", known.filled(text).text.replace("\\", "")).strip()


def fill_in(version: DocumentVersion) -> FillIn:
    """What `version`, a draft, asks and knows."""
    document = version.document
    body = without_notes(version.body)
    known = known_for(version)
    places = section_numbers(version.body)
    shared = also_asked(document) if not document.several else {}
    questions: list[Question] = []
    filled: list[KnownPlace] = []
    lacking: list[KnownPlace] = []
    for mark in marks_in(body):
        source = source_of(document.project, document, mark)
        section = places.get(mark.key, 0)
        if mark.kind in (MarkKind.ASK, MarkKind.CHOICE) or mark.name == SUPPLIERS:
            others = shared.get(mark.key, ()) if mark.kind != MarkKind.CHOICE else ()
            answer = known.answers.get(mark.key, "")
            if mark.kind == MarkKind.CHOICE and answer not in mark.options:
                answer = ""
            around = sentence_around(body, mark, known)
            questions.append(Question(field_name(mark.key), mark, source, answer, section, others, around))
        elif mark.kind != MarkKind.UNKNOWN:
            is_table = mark.kind == MarkKind.BLOCK
            value = ({**known.tables, **known.charts} if is_table else known.values).get(mark.key, "")
            place = KnownPlace(source, value, is_table, section)
            (filled if value.strip() else lacking).append(place)
    return FillIn(questions, filled, lacking)
