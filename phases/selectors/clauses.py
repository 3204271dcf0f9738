"""Clause titles of ISO/IEC 20000-1, read once per process from `fixtures/clauses.yaml`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

EDITIONS = ("2018", "2011")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of one edition; `title` is "" where the number is not in our list."""

    edition: str
    number: str
    title: str

    @property
    def key(self) -> str:
        """How addresses name it: `2018:8.5.1`."""
        return f"{self.edition}:{self.number}"


def clause_order(number: str) -> tuple[int, ...]:
    """Sort key of a clause number: 4.10 comes after 4.9."""
    return tuple(int(part) if part.isdigit() else 0 for part in number.split("."))


@lru_cache(maxsize=1)
def clause_titles() -> dict[str, dict[str, str]]:
    """Titles by edition ("2011", "2018") and number, in the order of the standard."""
    read = yaml.safe_load(Path(settings.CONTENT_DIR, "clauses.yaml").read_text(encoding="utf-8"))
    return {edition: {str(row["clause"]): str(row["title"]) for row in rows} for edition, rows in read.items()}


def clauses_of(edition: str, numbers: Iterable[str]) -> list[Clause]:
    """`numbers` of one edition with their titles, in the order of the standard."""
    titles = clause_titles().get(edition, {})
    return [Clause(edition, number, titles.get(number, "")) for number in sorted(numbers, key=clause_order)]


def parse_clause(key: str) -> Clause | None:
    """The clause that `2018:8.5.1` names, or None where there is none such."""
    edition, _, number = key.partition(":")
    title = clause_titles().get(edition, {}).get(number)
    return Clause(edition, number, title) if title is not None else None


def is_within(number: str, clause: str) -> bool:
    """Whether `number` is `clause` or lies below it: 8.5.1.3 is within 8.5.1, 8.51 is not."""
    return number == clause or number.startswith(f"{clause}.")
