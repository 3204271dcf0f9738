"""What differs between two versions, as a page shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.domain.sections import Change, Piece, compare
from documents.models import DocumentVersion
from documents.selectors.values import known_for

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!|~&])")
_BELOW = re.compile(r"^(#{1,4} .*)\n(?!\n)", re.MULTILINE)
_EDGE = re.compile(r"^\|[ :|-]+\|[ ]*\n?", re.MULTILINE)
_ROW = re.compile(r"^\|(.*)\|[ ]*$", re.MULTILINE)
_CELLS = re.compile(r"(?<!\\) *\| *")
_HEADING = re.compile(r"^(#{1,4}) +")
#: How many paragraphs around a change are shown as they are; others are folded away.
AROUND = 1


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph: `kind` as in `domain.sections.Change`, and whether it is a heading."""

    kind: str
    pieces: Sequence[Piece]
    is_heading: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Paragraphs that follow each other; `folded` where nothing changed and they are put away."""

    passages: Sequence[Passage]
    folded: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it, with how many words came and went."""

    runs: Sequence[Run]
    new: int
    gone: int

    @property
    def is_none(self) -> bool:
        """Whether both say the same."""
        return not self.new and not self.gone


def words_of(version: DocumentVersion) -> str:
    """What a version says, with its places filled: as it was frozen, or as the project stands now."""
    return known_for(version).filled(version.body).text if version.is_draft else version.text


def difference_between(before: DocumentVersion, after: DocumentVersion) -> Difference:
    """What differs between two versions."""
    return difference_of(words_of(before), words_of(after))


def difference_of(before: str, after: str) -> Difference:
    """What differs between two texts, without the signs that only keep Markdown apart."""
    changes = compare(_plain(before), _plain(after))
    passages = [_passage(change) for change in changes]
    near = {
        index + offset
        for index, passage in enumerate(passages)
        if passage.kind != "same"
        for offset in range(-AROUND, AROUND + 1)
    }
    runs: list[Run] = []
    for index, passage in enumerate(passages):
        folded = index not in near
        if runs and runs[-1].folded == folded:
            runs[-1] = Run((*runs[-1].passages, passage), folded)
        else:
            runs.append(Run((passage,), folded))
    return Difference(runs, new=_words(passages, "new"), gone=_words(passages, "gone"))


def _plain(text: str) -> str:
    """`text` without backslashes, and with the cells of tables set apart by dots."""
    rows = _EDGE.sub("", _BELOW.sub(r"\1\n\n", text))
    return _ESCAPED.sub(r"\1", _ROW.sub(lambda row: _CELLS.sub(" · ", row[1].strip()), rows))


def _passage(change: Change) -> Passage:
    first = change.pieces[0].text if change.pieces else ""
    if not _HEADING.match(first):
        return Passage(change.kind, change.pieces, is_heading=False)
    pieces = [Piece(change.pieces[0].kind, _HEADING.sub("", first)), *change.pieces[1:]]
    return Passage(change.kind, pieces, is_heading=True)


def _words(passages: Sequence[Passage], kind: str) -> int:
    return sum(len(piece.text.split()) for each in passages for piece in each.pieces if piece.kind == kind)
