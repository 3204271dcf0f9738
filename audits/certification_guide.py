"""What the way to the certificate, the yearly round and a new or changed service ask for: read from `fixtures/audits/`,
checked as it is read, and kept. No database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings

from audits.choices import CyclePart, ServiceChangeKind, Way
from audits.domain.certifying import ANCHORS
from businesscase.guide import GuideError, rows_by_key
from projects.choices import Edition

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WayStep:
    """Something that must stand `weeks_before` its `anchor`; `check` is what the system looks at to say whether it
    does.
    """

    key: str
    title: str
    text: str
    anchor: str
    weeks_before: int
    check: str


@dataclass(frozen=True, slots=True)
class WayGuide:
    """A way to show conformity: whom it suits, what it costs, and its steps."""

    key: str
    title: str
    lead: str
    suits: str
    cost: str
    steps: tuple[WayStep, ...]


@dataclass(frozen=True, slots=True)
class CycleGuide:
    """What comes round every `months`, `first` months after phase 3 for the first time."""

    key: str
    part: str
    title: str
    text: str
    months: int
    first: int
    clauses_2011: tuple[str, ...]
    clauses_2018: tuple[str, ...]

    def clauses(self, edition: str) -> tuple[str, ...]:
        """The clauses that it serves, in an edition."""
        return self.clauses_2011 if edition == Edition.E2011 else self.clauses_2018


@dataclass(frozen=True, slots=True)
class StepGuide:
    """A step of a new or changed service; `proof` is what shows that it was done."""

    key: str
    title: str
    text: str
    proof: str
    kinds: tuple[str, ...]
    before_live: str
    clauses_2011: tuple[str, ...]
    clauses_2018: tuple[str, ...]

    def clauses(self, edition: str) -> tuple[str, ...]:
        """The clauses that it serves, in an edition."""
        return self.clauses_2011 if edition == Edition.E2011 else self.clauses_2018

    @property
    def is_before_live(self) -> bool:
        """Whether the service cannot go live without it."""
        return self.before_live == "yes"


@lru_cache(maxsize=1)
def ways() -> Mapping[str, WayGuide]:
    """The three ways, by their value of `Way`. Raises GuideError for a file that is not sound."""
    found = _read("certification.yaml", WayGuide)
    if set(found) != {Way.CERTIFICATE, Way.DECLARATION, Way.CUSTOMERS}:
        raise GuideError("certification.yaml: it tells of other ways than there are")
    for way in found.values():
        for step in way.steps:
            if step.anchor not in ANCHORS:
                raise GuideError(f"certification.yaml: {way.key} {step.key}: nothing hangs on {step.anchor}")
    return found


@lru_cache(maxsize=1)
def cycle() -> Mapping[str, CycleGuide]:
    """What comes round, by key. Raises GuideError."""
    found = _read("cycle.yaml", CycleGuide)
    for each in found.values():
        if each.part not in CyclePart.values or not each.months:
            raise GuideError(f"cycle.yaml: {each.key}: its part or its months do not fit")
    return found


@lru_cache(maxsize=1)
def steps() -> Mapping[str, StepGuide]:
    """The steps of new and changed services, by key. Raises GuideError."""
    found = _read("service-change.yaml", StepGuide)
    for each in found.values():
        if not set(each.kinds) <= set(ServiceChangeKind.values) or each.before_live not in ("yes", "no"):
            raise GuideError(f"service-change.yaml: {each.key}: its kinds, or when it is done, do not fit")
    return found


def steps_for(kind: str) -> list[StepGuide]:
    """The steps that a service of `kind` takes, in order."""
    return [each for each in steps().values() if kind in each.kinds]


def _read(name: str, kind: type[T]) -> Mapping[str, T]:
    path = Path(settings.CONTENT_DIR, "audits", name)
    try:
        read: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, in C where it is built)
    except (OSError, yaml.YAMLError) as error:
        raise GuideError(f"{name} cannot be read: {error}") from error
    return rows_by_key(read, kind, name)
