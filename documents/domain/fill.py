"""Filling a template: fields in double brackets become what the project knows, once and in one pass.

A closed list of names, and no code: what a person wrote is put in as text and never read again, so that brackets in it
stay brackets. Names that are not on the list stay as they are and are reported.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MARK = re.compile(r"\[\[([^\[\]\n]{1,400})\]\]")
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&])")
_NOTE = re.compile(r"^> Note:.*(?:\n>.*)*\n?", re.MULTILINE)
_EXAMPLE = re.compile(r"^> Example:", re.MULTILINE)

INLINE = frozenset(
    {
        *("organization", "project", "scope", "services", "customers", "suppliers", "locations", "delivered_by"),
        *("left_out", "edition", "currency", "project_manager", "top_management", "start", "owner", "approvers"),
        *("number", "version", "review_months", "next_review", "subject"),
    }
)
WITH_ARGUMENT = frozenset({"owner_of", "document", "phase_end"})
BLOCKS = frozenset({"table", "chart"})


class MarkKind(StrEnum):
    """What stands between double brackets."""

    FIELD = "field"
    BLOCK = "block"
    CHOICE = "choice"
    ASK = "ask"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked place. `name` is the field, the question, or the options as written; `options` those of a choice.

    `argument` is what stands behind the colon of a field; `example` what stands behind the bar of a question.
    """

    kind: MarkKind
    name: str
    argument: str = ""
    options: tuple[str, ...] = ()
    example: str = ""

    @property
    def key(self) -> str:
        """What a value is found by: the field with its argument, the question, or the options."""
        return f"{self.name}: {self.argument}" if self.argument else self.name


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its places filled. `missing` are the marks that nothing was found for, each once, in order."""

    text: str
    missing: Sequence[Mark] = field(default_factory=tuple)


def mark_of(inside: str) -> Mark:
    """What stands between `[[` and `]]`."""
    name, colon, rest = inside.partition(":")
    name, rest = name.strip(), rest.strip()
    if name == "choice" and colon:
        options = tuple(option for each in rest.split("|") if (option := each.strip()))
        if len(options) > 1:
            return Mark(MarkKind.CHOICE, " | ".join(options), options=options)
    elif name == "ask" and colon and rest:
        question, _bar, example = rest.partition("|")
        if question.strip():
            return Mark(MarkKind.ASK, question.strip(), example=example.strip())
    elif name in BLOCKS and colon and rest:
        return Mark(MarkKind.BLOCK, name, " ".join(rest.split()))
    elif name in WITH_ARGUMENT and colon and rest:
        return Mark(MarkKind.FIELD, name, rest)
    elif name in INLINE and not colon:
        return Mark(MarkKind.FIELD, name)
    return Mark(MarkKind.UNKNOWN, inside)


def marks_in(text: str) -> list[Mark]:
    """The marked places of `text`, each once, in their order."""
    found: dict[tuple[MarkKind, str], Mark] = {}
    for match in MARK.finditer(text):
        mark = mark_of(match[1])
        found.setdefault((mark.kind, mark.key), mark)
    return list(found.values())


def literal(value: str) -> str:
    """`value` as Markdown that shows just these characters, on one line, in a cell of a table too."""
    return _SIGNS.sub(r"\\\1", " ".join(value.split()))


def fill(
    text: str,
    *,
    values: Mapping[str, str],
    blocks: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None,
) -> Filled:
    """`text` with what is known put in.

    `values` (by `Mark.key` of a field) and `answers` (by question, or by the options of a choice) are plain text and
    are put in as text. `blocks` (by key, such as "table: roles") are Markdown of ours. What is missing stays visible:
    a question as itself, a field as its name, a choice as its options, each between « and ».
    """
    given, made = answers or {}, blocks or {}
    missing: dict[tuple[MarkKind, str], Mark] = {}

    def put(match: re.Match[str]) -> str:
        mark = mark_of(match[1])
        if mark.kind == MarkKind.UNKNOWN:
            missing.setdefault((mark.kind, mark.key), mark)
            return literal(match[0])
        if mark.kind == MarkKind.BLOCK:
            if mark.key in made:
                return made[mark.key]
        else:
            source = values if mark.kind == MarkKind.FIELD else given
            found = source.get(mark.key, "")
            if found.strip() and (mark.kind != MarkKind.CHOICE or found in mark.options):
                return literal(found)
        missing.setdefault((mark.kind, mark.key), mark)
        return f"«{literal(mark.key)}»"

    return Filled(MARK.sub(put, text), tuple(missing.values()))


def left_open(body: str, text: str) -> tuple[Mark, ...]:
    """The marks of `body` that stand unfilled in `text`, which `fill` once made of it."""
    return tuple(
        mark
        for mark in marks_in(without_notes(body))
        if (literal(f"[[{mark.name}]]") if mark.kind == MarkKind.UNKNOWN else f"«{literal(mark.key)}»") in text
    )


def without_notes(text: str) -> str:
    """`text` without the notes to its author (quotes that begin `> Note:`)."""
    return _NOTE.sub("", text)


def example_count(text: str) -> int:
    """How many passages are still marked as examples to adapt or delete."""
    return len(_EXAMPLE.findall(text))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table of plain text; "" without rows."""
    if not rows:
        return ""
    lines = ["| " + " | ".join(literal(each) for each in head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(literal(each) or "–" for each in row) + " |" for row in rows]
    return "\n".join(lines)
