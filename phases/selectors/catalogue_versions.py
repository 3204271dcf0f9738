"""Two loaded versions side by side, item by item."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phases.choices import Nature
from phases.domain.versions import Comparison, Item, ItemChange, Run, compare, version_key, word_diff
from phases.models import Catalogue
from phases.selectors.catalogue import ActivityText, CatalogueTexts

SECTIONS: dict[str, str | Promise] = {
    "activity": _("Activities"),
    "heading": _("Headings"),
    "component": _("Components"),
    "role": _("Roles"),
    "criterion": _("Entry criteria"),
    "outcome": _("Outcomes by clause"),
    "case": _("Small business case"),
}
LABELS: dict[str, str | Promise] = {
    "title": _("Title"),
    "component": _("Component"),
    "phases": _("Phases"),
    "roles": _("Roles"),
    "nature": _("Kind of work"),
    "key": _("Key activity"),
    "effort": _("Effort"),
    "guidance": _("Guidance"),
    "note 0": _("Before phase 1"),
    "note 1": _("What phase 1 asks"),
    "note 2": _("What phase 2 asks"),
    "note 3": _("What phase 3 asks"),
    "evidence": _("What shows it"),
    "clauses 2018": _("Clauses of 2018"),
    "clauses 2011": _("Clauses of 2011"),
    "points": _("Points"),
    "succeeds": _("Follows"),
    "short_title": _("Short title"),
    "purpose": _("What it is for"),
    "typical_owner": _("Usually owned by"),
    "needs_from": _("What it needs from others"),
    "gives_to": _("What it gives to others"),
    "outcomes_2010": _("Phase outcomes"),
    "outcomes": _("Phase outcomes"),
    "pitfalls": _("What goes wrong"),
    "in_the_project": _("What it does in the project"),
    "small_provider": _("In a small provider"),
    "large_provider": _("In a large provider"),
    "do_not_combine": _("Do not combine with"),
    "proposal": _("Proposal"),
    "check": _("Check against your copy"),
    "sections": _("Sections"),
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """A text before and after, cut into runs that stayed and runs that differ."""

    label: str | Promise
    before: tuple[Run, ...]
    after: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """An item that reads differently."""

    item: Item
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One kind of item in both versions."""

    key: str
    label: str | Promise
    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[ChangeView, ...]


def _lines(value: Any) -> str:
    """Any value of a pack as lines that a person can compare."""
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_lines(each)}" for name, each in value.items())
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return "\n".join(
            "; ".join(str(part) for part in each.values())
            if isinstance(each, Mapping) and _is_flat(each)
            else _lines(each)
            for each in value
        )
    return "" if value is None else str(value)


def _is_flat(value: Mapping[str, Any]) -> bool:
    return not any(isinstance(each, Mapping | list) for each in value.values())


def _activity(row: ActivityText) -> Item:
    fields = {
        "title": row.title,
        "component": row.component,
        "phases": ", ".join(str(number) for number in row.phases),
        "roles": ", ".join(row.roles),
        "nature": str(Nature(row.nature).label),
        "key": _lines(row.is_key),
        "effort": row.effort,
        "guidance": row.guidance,
        **{f"note {number}": text for number, text in sorted(row.phase_notes.items())},
        "evidence": _lines(row.evidence),
        "points": "\n".join(point["title"] for point in row.points),
        "clauses 2018": ", ".join(row.clauses_2018),
        "clauses 2011": ", ".join(row.clauses_2011),
        "succeeds": row.succeeds,
    }
    return Item(row.kind, row.ref, row.title, fields)


def _said(section: str, key: str, title: str, values: Mapping[str, Any], *leave: str) -> Item:
    return Item(section, key, title, {name: _lines(value) for name, value in values.items() if name not in leave})


def items_of(texts: CatalogueTexts) -> Iterator[Item]:
    """Everything a version speaks of, activities first."""
    for row in texts.activities.values():
        yield _activity(row)
    for component in texts.components.values():
        values = {"title": component.title, "short_title": component.short_title, **component.texts}
        yield _said("component", component.code, component.title, values)
    for role in texts.roles:
        yield _said("role", role["name"], role["name"], role, "name")
    for criterion in texts.entry_criteria:
        yield _said("criterion", criterion["ref"], criterion["title"], criterion, "ref")
    for outcome in texts.texts.get("outcomes_2013") or []:
        yield _said("outcome", outcome["clause"], outcome["title"], outcome, "clause")
    case = texts.texts.get("first_business_case")
    if case:
        yield _said("case", "first", case["title"], case)


def compare_texts(old: CatalogueTexts, new: CatalogueTexts) -> Comparison:
    """What `new` says differently from `old`."""
    return compare(items_of(old), items_of(new))


def change_view(change: ItemChange) -> ChangeView:
    """A changed item with its words set against each other."""
    fields = []
    for each in change.fields:
        before, after = word_diff(each.before, each.after)
        fields.append(FieldView(LABELS.get(each.name, each.name), before, after))
    return ChangeView(change.item, tuple(fields))


def sections_of(comparison: Comparison) -> list[SectionView]:
    """A comparison by kind of item; kinds in which nothing differs are left out."""
    views = []
    for key, label in SECTIONS.items():
        added = _of(key, comparison.added)
        removed = _of(key, comparison.removed)
        changed = tuple(change_view(each) for each in comparison.changed if each.item.section == key)
        if added or removed or changed:
            views.append(SectionView(key, label, added, removed, changed))
    return views


def _of(section: str, items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if item.section == section)


def loaded_versions() -> list[Catalogue]:
    """All loaded versions, by pack and then newest first. One query."""
    return sorted(
        sorted(Catalogue.objects.all(), key=lambda each: version_key(each.version), reverse=True),
        key=lambda each: each.pack,
    )
