"""Who is named in a text: `@Petra Pohl`, `@petra@alder.example`, or `@Petra` where only one Petra can be meant.

A name is compared without capitals and accents. What could mean two people names nobody, and neither does code. Kept
texts hold the full form (`name_people`), so that a page finds it again without guessing (`find_people`).
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

EDIT_MINUTES = 15

# Letters that Unicode does not take apart into a letter and its mark.
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "ð": "d", "þ": "th"}
# Where a name may begin: not inside an address, a path or a word.
_BEFORE = frozenset("([{\"'*_~>,;:!?-\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb")
_CODE = re.compile(
    r"^(?P<fence>```+|~~~+).*?(?:^(?P=fence)|\Z)|(?<!`)(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)", re.M | re.S
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be named: `can_write` says whether they could answer."""

    pk: int
    name: str
    email: str
    can_write: bool = True

    @property
    def label(self) -> str:
        """The name, or the mail address of somebody without one."""
        return self.name or self.email


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text that names the person `pk`, `@` included."""

    start: int
    end: int
    pk: int


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text in its kept form, and the people it names, in the order in which they first stand there."""

    text: str
    people: tuple[int, ...]


def fold(text: str) -> str:
    """`text` as names are compared: no capitals, no accents, every space the same."""
    return "".join(_fold(char) for char in text)


def _fold(char: str) -> str:
    if char.isspace():
        return "\n" if char in "\n\r" else " "
    plain = (
        part for part in unicodedata.normalize("NFKD", char.casefold()).casefold() if not unicodedata.combining(part)
    )
    return "".join(_LETTERS.get(part, part) for part in plain)


def handles_of(people: Collection[Person]) -> dict[int, str]:
    """How each person is named for certain: by name, or by mail address where two share the name."""
    shared: dict[str, int] = {}
    for person in people:
        key = fold(person.name)
        shared[key] = shared.get(key, 0) + 1
    return {
        person.pk: person.name if fold(person.name).strip() and shared[fold(person.name)] == 1 else person.email
        for person in people
    }


def find_people(text: str, handles: Mapping[int, str]) -> list[Span]:
    """Where `text` names somebody by one of `handles`, in order."""
    return list(_spans(text, _Names(handles)))


def name_people(text: str, people: Sequence[Person]) -> NamedText:
    """`text` with every name in its certain form, and who is named. The same again for what it returned."""
    handles = handles_of(people)
    sure, names = _Names(handles), _Names(handles, people)
    pieces, end = [], 0
    for span in _spans(text, names):
        handle = handles[span.pk]
        # A longer name may begin with the full form: then what was typed is not certain, and stays text.
        follows = text[span.end : span.end + names.longest + 2]
        if next(_spans(f"@{handle}{follows}", sure), None) == Span(0, len(handle) + 1, span.pk):
            pieces += [text[end : span.start], "@", handle]
            end = span.end
    kept = "".join([*pieces, text[end:]])
    return NamedText(kept, tuple(dict.fromkeys(span.pk for span in _spans(kept, sure))))


class _Names:
    """Folded names and whom they mean, the longest first. `short` marks first names alone."""

    def __init__(self, handles: Mapping[int, str], people: Sequence[Person] = ()) -> None:
        meant: dict[str, set[int]] = {}
        for pk, handle in handles.items():
            meant.setdefault(fold(handle), set()).add(pk)
        full = set(meant) | {fold(person.name) for person in people}
        for person in people:
            meant.setdefault(fold(person.email), set()).add(person.pk)
        first: dict[str, set[int]] = {}
        for person in people:
            word = fold(person.name).split(" ")[0]
            if word and word not in full:
                first.setdefault(word, set()).add(person.pk)
        self.short = set(first)
        self.by_length = sorted(
            ((name, next(iter(pks))) for name, pks in {**first, **meant}.items() if name.strip() and len(pks) == 1),
            key=lambda pair: -len(pair[0]),
        )
        self.longest = len(self.by_length[0][0]) if self.by_length else 0


def _spans(text: str, names: _Names) -> Iterator[Span]:
    folded, places = _folded(text)
    code = [match.span() for match in _CODE.finditer(text)][::-1]
    end = 0
    for at in re.finditer("@", folded):
        start = places[at.start()]
        while code and code[-1][1] <= start:
            code.pop()
        if start < end or (code and code[-1][0] <= start):
            continue
        if start > 0 and not (text[start - 1].isspace() or text[start - 1] in _BEFORE):
            continue
        for name, pk in names.by_length:
            stop = at.end() + len(name)
            if folded.startswith(name, at.end()) and _ends(folded, stop):
                after = places[stop]
                if name in names.short and _goes_on(text, after):
                    continue
                end = after
                yield Span(start, end, pk)
                break


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` folded, and for each place in it (its end too) the place in `text`."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in _fold(char):
            letters.append(letter)
            places.append(place)
    return "".join(letters), [*places, len(text)]


def _ends(folded: str, stop: int) -> bool:
    """Whether a name can end at `stop`: no letter follows, and no @, and no dot or hyphen that leads on."""
    following = folded[stop : stop + 2]
    if not following:
        return True
    if following[0].isalnum() or following[0] == "@":
        return False
    return not (following[0] in "_.-+" and following[1:].isalnum())


def _goes_on(text: str, after: int) -> bool:
    """Whether a capital follows a first name: it is likely the surname of somebody else."""
    return text[after : after + 1] in (" ", "\u00a0") and text[after + 1 : after + 2].isupper()
