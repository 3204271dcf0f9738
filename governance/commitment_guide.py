"""What top management answers for, and what shows it: read from `fixtures/governance/commitment.yaml`, checked as it is
read, and kept. No database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import yaml
from django.conf import settings

from businesscase.guide import GuideError, rows_by_key
from projects.choices import Edition

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ROUTES = frozenset({"steering", "communication", "documents", "case", "objectives", "risks"})
"""The pages that a point may lead to; each takes the project alone."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point. `ask` is what an auditor may ask, `weak` what is often seen instead, `small` how few people do it.

    `next` says what to do where there is no proof, on the page `route`. Proof is fresh for `fresh_months`.
    """

    key: str
    title: str
    text: str
    ask: str
    weak: str
    small: str
    next: str
    route: str
    fresh_months: int
    clauses_2011: tuple[str, ...]
    clauses_2018: tuple[str, ...]

    @property
    def letter(self) -> str:
        """Its letter in Part 2."""
        return self.key.rpartition("-")[2]

    def clauses(self, edition: str) -> tuple[str, ...]:
        """The clauses of Part 1 that it serves, in an edition."""
        return self.clauses_2011 if edition == Edition.E2011 else self.clauses_2018


@dataclass(frozen=True, slots=True)
class Group:
    """The points of one subclause of Part 2."""

    key: str
    title: str
    lead: str
    points: tuple[Point, ...]


@lru_cache(maxsize=1)
def groups() -> Mapping[str, Group]:
    """Both groups, by their subclause, in order. Raises GuideError for a file that is not sound."""
    path = Path(settings.CONTENT_DIR, "governance", "commitment.yaml")
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, in C where it is built)
    except (OSError, yaml.YAMLError) as error:
        raise GuideError(f"{path.name} cannot be read: {error}") from error
    found = rows_by_key(read, Group, path.name)
    for group in found.values():
        for point in group.points:
            if point.key.rpartition("-")[0] != group.key or point.route not in ROUTES or not point.fresh_months:
                raise GuideError(f"{path.name}: {point.key}: it has a key, a page or months that do not fit")
    return found


@lru_cache(maxsize=1)
def points() -> Mapping[str, Point]:
    """All points by key, in order."""
    return MappingProxyType({point.key: point for group in groups().values() for point in group.points})
