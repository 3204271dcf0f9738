"""The library of templates: `fixtures/documents/<key>.md`, shorter forms under `small/`. No database.

Each is checked as it is read; `LibraryError` names the file and what is wrong with it. The whole is kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from common.canonical import sha256_of
from documents.choices import Classification, DocumentKind, Obligation, Several
from documents.domain.fill import Mark, MarkKind, marks_in

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CLAUSE = re.compile(r"\d+(?:\.\d+)*")
# Line breaks inside a paragraph are those of the file; in what people edit, a paragraph is one line.
_WRAPPED = re.compile(r"(?<=[^\n|])\n[ ]{0,6}(?![ \n|>#]|[-*] |\d+[.)] |```|~~~)")
_TEXTS = ("title", "owner_role", "approver_role", "summary")
_LISTS = ("clauses_2011", "clauses_2018", "activities")
_NEEDED = {"key", "kind", "obligation", "review_months", "classification", "phase", *_TEXTS, *_LISTS}


class LibraryError(ValueError):
    """A template does not have the shape that it must have."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `body` is Markdown with places to fill; `sha256` is over all of it and names its version.

    `several` says what there is one document for each of ("" for a single one); `small` is the shorter form for very
    small entities where there is one.
    """

    key: str
    title: str
    kind: str
    clauses_2011: tuple[str, ...]
    clauses_2018: tuple[str, ...]
    obligation: str
    activities: tuple[str, ...]
    owner_role: str
    approver_role: str
    review_months: int
    classification: str
    phase: int
    several: str
    summary: str
    body: str
    sha256: str
    is_small: bool = False
    small: "Template | None" = None

    @property
    def is_record(self) -> bool:
        """Whether it is a form for records; what is required of these is that they are kept."""
        return self.kind == DocumentKind.RECORD

    def form_for(self, *, very_small: bool) -> "Template":
        """The shorter form for a very small entity, where there is one."""
        return self.small if very_small and self.small is not None else self


def folder() -> Path:
    """Where the templates are."""
    return Path(settings.BASE_DIR) / "fixtures" / "documents"


def library() -> Mapping[str, Template]:
    """All templates by key, by kind and then title. Raises LibraryError."""
    return _library(folder())


def template_of(key: str) -> Template | None:
    """The template of that key, or None."""
    return library().get(key)


@lru_cache(maxsize=2)
def _library(place: Path) -> Mapping[str, Template]:
    small = {each.key: each for each in (_read(path, is_small=True) for path in sorted(place.glob("small/*.md")))}
    found: dict[str, Template] = {}
    for path in sorted(place.glob("*.md")):
        template = _read(path, short=small.pop(path.stem, None))
        found[template.key] = template
    if small:
        raise LibraryError(f"small/{next(iter(small))}.md: there is no template of this key")
    kinds = list(DocumentKind.values)
    return {each.key: each for each in sorted(found.values(), key=lambda each: (kinds.index(each.kind), each.title))}


def _read(path: Path, *, is_small: bool = False, short: Template | None = None) -> Template:
    name = f"{'small/' if is_small else ''}{path.name}"
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        raise LibraryError(f"{name}: begins without front matter")
    head, _edge, body = text[4:].partition("\n---\n")
    try:
        front = yaml.load(head, Loader=_LOADER)  # noqa: S506 (a safe loader, in C where it is built)
    except yaml.YAMLError as error:
        raise LibraryError(f"{name}: {error}") from error
    if not isinstance(front, dict):
        raise LibraryError(f"{name}: the front matter is no list of names and values")
    try:
        return checked_template(path.stem, front, body, is_small=is_small, short=short)
    except LibraryError as error:
        raise LibraryError(f"{name}: {error}") from error


def checked_template(
    stem: str, front: Mapping[str, Any], body: str, *, is_small: bool = False, short: Template | None = None
) -> Template:
    """The template of the key `stem` with these facts and this text. Raises LibraryError for what is wrong with it."""
    unknown, lacking = set(front) - _NEEDED - {"several"}, _NEEDED - set(front)
    if unknown or lacking:
        raise LibraryError(f"unknown {sorted(unknown)}, lacking {sorted(lacking)}")
    if front["key"] != stem or not _KEY.fullmatch(stem):
        raise LibraryError(f"its key is {front['key']!r}")
    for each in _TEXTS:
        if not isinstance(front[each], str) or not front[each].strip():
            raise LibraryError(f"{each} is no text")
    for each in _LISTS:
        if not isinstance(front[each], list) or not all(isinstance(one, str) for one in front[each]):
            raise LibraryError(f"{each} is no list of texts (quote clauses)")
    for each in ("clauses_2011", "clauses_2018"):
        if not all(_CLAUSE.fullmatch(one) for one in front[each]):
            raise LibraryError(f"{each} holds no clause numbers")
    words = {"kind": DocumentKind, "obligation": Obligation, "classification": Classification, "several": Several}
    for each, choices in words.items():
        if front.get(each, "") not in (*choices.values, *([""] if each == "several" else [])):
            raise LibraryError(f"{each} is {front.get(each)!r}")
    for each, least, most in (("review_months", 1, 60), ("phase", 1, 3)):
        value = front[each]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise LibraryError(f"{each} is {value!r}")
    unwrapped = _unwrapped(body.strip()) + "\n"
    if re.search(r"^# ", unwrapped, re.MULTILINE):
        raise LibraryError("a heading of the first level; the title is set by the system")
    for mark in marks_in(unwrapped):
        if mark.kind == MarkKind.UNKNOWN:
            raise LibraryError(f"[[{mark.name}]] is no place that can be filled")
    return Template(
        key=stem,
        title=front["title"].strip(),
        kind=front["kind"],
        clauses_2011=tuple(front["clauses_2011"]),
        clauses_2018=tuple(front["clauses_2018"]),
        obligation=front["obligation"],
        activities=tuple(front["activities"]),
        owner_role=front["owner_role"].strip(),
        approver_role=front["approver_role"].strip(),
        review_months=front["review_months"],
        classification=front["classification"],
        phase=front["phase"],
        several=front.get("several", ""),
        summary=front["summary"].strip(),
        body=unwrapped,
        sha256=sha256_of({"front": dict(front), "body": unwrapped}),
        is_small=is_small,
        small=short,
    )


def _unwrapped(text: str) -> str:
    """`text` with each paragraph on one line; what stands below a heading stays below it."""

    def join(found: re.Match[str]) -> str:
        begins = text.rfind("\n", 0, found.start()) + 1
        return found[0] if text.startswith("#", begins) else " "

    return _WRAPPED.sub(join, text)


def asked_marks(template: Template) -> list[Mark]:
    """What a template asks of its author: its questions and choices."""
    return [mark for mark in marks_in(template.body) if mark.kind in (MarkKind.ASK, MarkKind.CHOICE)]
