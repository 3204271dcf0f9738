"""The choices of a move to a newer version, as a form: each item with the answer it has, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict

from phases.selectors.moving import Move
from phases.services.versions import Choices

TAKE, LEAVE = "take", "leave"
KEEP, OUT = "keep", "out"
DROP = "drop"


@dataclass(frozen=True, slots=True)
class Answer:
    """An item of a move with its answer. `name` is that of its field, `why` what was typed as a reason."""

    item: Any
    name: str
    value: str
    why_name: str = ""
    why: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class MoveForm:
    """All items of a move, answered."""

    added: tuple[Answer, ...]
    marks_added: tuple[Answer, ...]
    marks_removed: tuple[Answer, ...]
    removed: tuple[Answer, ...]

    @property
    def choices(self) -> Choices:
        """The answers as the service takes them."""
        return Choices(
            take=frozenset(each.item.text.ref for each in self.added if each.value == TAKE),
            take_marks=frozenset(
                (each.item.text.ref, each.item.phase) for each in self.marks_added if each.value == TAKE
            ),
            drop_marks=frozenset(
                (each.item.text.ref, each.item.row.phase) for each in self.marks_removed if each.value == DROP
            ),
            leave_out={each.item.text.ref: each.why for each in self.removed if each.value == OUT},
        )


def _one(data: QueryDict, name: str, default: str, offered: tuple[str, ...]) -> str:
    values = data.getlist(name)
    if not values:
        return default
    if len(values) > 1 or values[0] not in offered:
        raise BadRequest(f"{name[:40]} has no such value")
    return values[0]


def _reason(data: QueryDict, name: str) -> str:
    values = data.getlist(name)
    if len(values) > 1 or any("\x00" in value for value in values):
        raise BadRequest(f"{name[:40]} is not one text")
    return values[0] if values else ""


def read_choices(move: Move, data: QueryDict | None = None, errors: Mapping[str, str] | None = None) -> MoveForm:
    """The items of `move` with the answers in `data`; without any, as they are preselected.

    What is new is preselected to be taken (an activity once left: to be left again), what ended to stay. `errors` are
    sentences by field. Raises BadRequest for an answer that no item offers.
    """
    sent = data if data is not None else QueryDict()
    wrong = errors or {}
    preselected = TAKE if move.step.is_newer else LEAVE

    def added() -> Iterator[Answer]:
        for item in move.added:
            name = f"take:{item.text.ref}"
            if item.phases:
                yield Answer(item, name, _one(sent, name, preselected, (TAKE, LEAVE)))
            else:
                yield Answer(item, name, _one(sent, name, LEAVE, (LEAVE,)))

    def marks_added() -> Iterator[Answer]:
        for item in move.marks_added:
            name = f"mark:{item.text.ref}:{item.phase}"
            if item.is_closed:
                yield Answer(item, name, _one(sent, name, LEAVE, (LEAVE,)))
            else:
                yield Answer(item, name, _one(sent, name, TAKE, (TAKE, LEAVE)))

    def marks_removed() -> Iterator[Answer]:
        for item in move.marks_removed:
            name = f"ended:{item.text.ref}:{item.row.phase}"
            yield Answer(item, name, _one(sent, name, KEEP, (KEEP, DROP) if item.row.can_drop else (KEEP,)))

    def removed() -> Iterator[Answer]:
        for item in move.removed:
            name, why = f"gone:{item.text.ref}", f"why:{item.text.ref}"
            offered = (KEEP, OUT) if item.droppable else (KEEP,)
            yield Answer(item, name, _one(sent, name, KEEP, offered), why, _reason(sent, why), wrong.get(why, ""))

    return MoveForm(tuple(added()), tuple(marks_added()), tuple(marks_removed()), tuple(removed()))


def raw_choices(data: QueryDict) -> Choices:
    """What `data` says by itself, for a form whose list of items is another one by now: nothing typed gets lost."""
    take: list[str] = []
    marks: list[tuple[str, int]] = []
    drops: list[tuple[str, int]] = []
    reasons: dict[str, str] = {}
    for name in data:
        kind, _colon, key = name.partition(":")
        value = str(data[name])
        ref, _colon, number = key.partition(":")
        if kind == "take" and value == TAKE:
            take.append(key)
        elif kind == "mark" and value == TAKE and number.isdecimal():
            marks.append((ref, int(number)))
        elif kind == "ended" and value == DROP and number.isdecimal():
            drops.append((ref, int(number)))
        elif kind == "why" and value.strip():
            reasons[key] = value
    return Choices(take, marks, drops, reasons)
