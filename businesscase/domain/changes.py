"""What a version says otherwise than the one before: lines that came, went or changed, texts, and settings."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from businesscase.domain.content import CaseContent, Estimate, Known

LISTS = ("costs", "benefits", "assumptions", "interested", "measures", "risks")
SETTINGS = ("title", "first_month", "months", "discount_rate", "conformity", "currency")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one thing. `area` is a list of the content, `settings`, `sections` or `known`.

    `what` is "added", "removed" or "changed"; `title` names the thing in words.
    """

    area: str
    ref: str
    title: str
    what: str
    fields: tuple[FieldChange, ...] = ()


def changes_between(before: CaseContent, after: CaseContent) -> list[Change]:
    """All differences, in the order of the case."""
    return [*_settings(before, after), *_sections(before, after), *_lists(before, after), *_known(before, after)]


def _settings(before: CaseContent, after: CaseContent) -> Iterator[Change]:
    changed = tuple(
        FieldChange(name, getattr(before, name), getattr(after, name))
        for name in SETTINGS
        if getattr(before, name) != getattr(after, name)
    )
    if changed:
        yield Change("settings", "", "", "changed", changed)


def _sections(before: CaseContent, after: CaseContent) -> Iterator[Change]:
    for point in sorted({*before.sections, *after.sections}):
        was, now = before.sections.get(point, ""), after.sections.get(point, "")
        if was != now:
            what = "added" if not was else "removed" if not now else "changed"
            yield Change("sections", point, "", what, (FieldChange("text", was, now),))


def _lists(before: CaseContent, after: CaseContent) -> Iterator[Change]:
    for area in LISTS:
        old = {item.ref: item for item in getattr(before, area)}
        new = {item.ref: item for item in getattr(after, area)}
        for ref in [*old, *(ref for ref in new if ref not in old)]:
            if ref not in new:
                yield Change(area, ref, name_of(old[ref]), "removed")
            elif ref not in old:
                yield Change(area, ref, name_of(new[ref]), "added")
            elif old[ref] != new[ref]:
                yield Change(area, ref, name_of(new[ref]), "changed", tuple(_of_item(old[ref], new[ref])))


def _known(before: CaseContent, after: CaseContent) -> Iterator[Change]:
    changed = tuple(
        FieldChange(part.name, getattr(before.known, part.name), getattr(after.known, part.name))
        for part in fields(Known)
        if getattr(before.known, part.name) != getattr(after.known, part.name)
    )
    if changed:
        yield Change("known", "", "", "changed", changed)


def _of_item(before: Any, after: Any) -> Iterator[FieldChange]:
    for part in fields(before):
        was, now = getattr(before, part.name), getattr(after, part.name)
        if was == now:
            continue
        if isinstance(was, Estimate) and isinstance(now, Estimate):
            for point in fields(Estimate):
                if getattr(was, point.name) != getattr(now, point.name):
                    yield FieldChange(point.name, getattr(was, point.name), getattr(now, point.name))
        else:
            yield FieldChange(part.name, was, now)


def name_of(item: Any) -> str:
    """What an item of a list is called."""
    for name in ("title", "name", "what", "text"):
        if hasattr(item, name):
            return str(getattr(item, name))
    return str(item.ref)
