"""What differs between two versions of a catalogue, and between two texts. No Django."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_NUMBERS = re.compile(r"\d+|[^\d.\-+_]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a catalogue speaks of: its key within its section, how a person calls it, its texts by name."""

    section: str
    key: str
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A text of an item that reads differently; "" where it was not there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that both versions have, with what differs. `item` is the newer one."""

    item: Item
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All items of two versions, each counted once. Added and changed ones in the order of the newer version."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[ItemChange, ...]
    unchanged: int

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed)


def compare(old: Iterable[Item], new: Iterable[Item]) -> Comparison:
    """Item by item, by section and key: what `new` has more, what it lacks, and what reads differently in it."""
    before = {(item.section, item.key): item for item in old}
    after = {(item.section, item.key): item for item in new}
    changed = []
    unchanged = 0
    for key, item in after.items():
        if key not in before:
            continue
        fields = _field_changes(before[key], item)
        if fields:
            changed.append(ItemChange(item, fields))
        else:
            unchanged += 1
    return Comparison(
        added=tuple(item for key, item in after.items() if key not in before),
        removed=tuple(item for key, item in before.items() if key not in after),
        changed=tuple(changed),
        unchanged=unchanged,
    )


def _field_changes(before: Item, after: Item) -> tuple[FieldChange, ...]:
    names = [*after.fields, *(name for name in before.fields if name not in after.fields)]
    return tuple(
        FieldChange(name, before.fields.get(name, ""), after.fields.get(name, ""))
        for name in names
        if before.fields.get(name, "") != after.fields.get(name, "")
    )


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a text; `differs` where the other text does not have it."""

    text: str
    differs: bool = False


def word_diff(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts cut into runs, word by word; put together they are the texts again."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Run] = []
    right: list[Run] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = kind != "equal"
        for runs, text in ((left, "".join(old[old_from:old_to])), (right, "".join(new[new_from:new_to]))):
            if text:
                runs.append(Run(text, differs))
    return tuple(left), tuple(right)


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key of a version: 1.10 comes after 1.9, 1.1 after 1.1-beta."""
    parts = [(1, int(part), "") if part.isdigit() else (-1, 0, part) for part in _NUMBERS.findall(version)]
    # What goes on behind the numbers (a word, as in 1.1-beta) lies before the plain version, further numbers after it.
    return (*parts, (0, 0, ""))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a catalogue version asks of one activity, as far as a plan depends on it."""

    ref: str
    phases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What a newer version means for one plan, by ref; marks are pairs of ref and phase."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    marks_added: tuple[tuple[str, int], ...]
    marks_removed: tuple[tuple[str, int], ...]


def plan_change(old: Iterable[Asked], new: Iterable[Asked], planned: Mapping[str, frozenset[int]]) -> PlanChange:
    """What changes for a plan that was made from `old` when it moves to `new`.

    `planned` is what the plan holds of the catalogue: the phases of each ref; own activities stay out of it. An
    activity of `new` that the plan lacks is added, whether `old` had it or not: what was left once can be taken
    later. Marks count only for activities that the plan has, and only where the versions differ and the plan does
    not stand there already.
    """
    before = {row.ref: row for row in old}
    after = {row.ref: row for row in new}
    marks_added = []
    marks_removed = []
    for ref, row in after.items():
        if ref not in planned or ref not in before:
            continue
        marks_added += [(ref, n) for n in row.phases if n not in before[ref].phases and n not in planned[ref]]
        marks_removed += [(ref, n) for n in before[ref].phases if n not in row.phases and n in planned[ref]]
    return PlanChange(
        added=tuple(ref for ref in after if ref not in planned),
        removed=tuple(ref for ref in planned if ref not in after),
        marks_added=tuple(marks_added),
        marks_removed=tuple(marks_removed),
    )
