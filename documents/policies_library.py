"""Which policies are needed, and the questions that draft them (`fixtures/documents/data/policies.yaml`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from documents.choices import Obligation
from documents.domain.fill import Mark, mark_of
from documents.library import folder

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SECTION = "section:"
#: What all others borrow their authority from.
FIRST = "service-management-policy"


@dataclass(frozen=True, slots=True)
class PolicyQuestion:
    """A question. `mark` is the place of the template that its answer fills; without one the author works the answer
    into `section`."""

    key: str
    words: str
    example: str
    mark: Mark | None
    section: str


@dataclass(frozen=True, slots=True)
class ModelPolicy:
    """A policy with why it is needed, by when, and its questions. `key` is that of its template."""

    key: str
    why: str
    phase: int
    when: str
    is_required: bool
    questions: Sequence[PolicyQuestion]


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """A comparison between policies: what it holds them to, how to mend what does not fit, whom it is about alone."""

    key: str
    title: str
    rule: str
    mend: str
    policies: Sequence[str]


def model_policies() -> Sequence[ModelPolicy]:
    """The policies in the order in which they are best written: what is required first, then by phase."""
    return _policies(folder())


def model_policy(key: str) -> ModelPolicy | None:
    """The policy that `key` names."""
    return next((each for each in model_policies() if each.key == key), None)


def model_checks() -> Mapping[str, ModelCheck]:
    """What policies are compared in, by key, in the order of the list."""
    rows = _read(folder())["checks"]
    return {row["key"]: ModelCheck(**{"policies": (), **_shown(row)}) for row in rows}


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "compares"}


@lru_cache(maxsize=2)
def _read(place: Path) -> dict[str, Any]:
    text = (place / "data" / "policies.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=_LOADER))  # noqa: S506 (a safe loader, in C where it is built)


@lru_cache(maxsize=2)
def _policies(place: Path) -> Sequence[ModelPolicy]:
    rows = _read(place)["policies"]
    made = [
        ModelPolicy(
            key=row["key"],
            why=row["why"],
            phase=row["phase"],
            when=row["when"],
            is_required=row["obligation"] == Obligation.REQUIRED,
            questions=tuple(_question(each) for each in row["questions"]),
        )
        for row in rows
    ]
    return tuple(sorted(made, key=lambda each: (not each.is_required, each.phase)))


def _question(row: dict[str, Any]) -> PolicyQuestion:
    fills = row["fills"]
    in_section = fills.startswith(SECTION)
    return PolicyQuestion(
        key=row["id"],
        words=row["question"],
        example=str(row["example"]),
        mark=None if in_section else mark_of(fills.removeprefix("[[").removesuffix("]]")),
        section=fills.removeprefix(SECTION).strip() if in_section else "",
    )
