"""Our models of the living registers: `fixtures/documents/data/`. A project takes them over and makes them its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from common.canonical import sha256_of
from documents.library import folder

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class ModelInterface:
    """A line of the model of interfaces. `key` stands for what it says, so that it is taken over once."""

    key: str
    giver: str
    receiver: str
    what: str
    when: str
    clauses_2011: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A typical message or training. `on_event`: it has no day of its own."""

    key: str
    kind: str
    audience: str
    message: str
    channel: str
    sender_role: str
    phase: int
    timing: str = ""
    check: str = ""
    every_months: int = 0
    hours: int = 0
    on_event: bool = False


@dataclass(frozen=True, slots=True)
class ModelCompetence:
    """A competence with what its levels look like."""

    key: str
    name: str
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CompetenceModel:
    """All competences, and what each role needs."""

    competences: Sequence[ModelCompetence]
    needs: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ModelObjective:
    """A typical objective. `how` says where its value comes from, `caution` how it is won without a gain."""

    key: str
    title: str
    measure: str
    unit: str
    direction: str
    target: Decimal
    how: str
    phase: int
    owner_role: str
    component: str
    caution: str


def model_objectives() -> Sequence[ModelObjective]:
    """The typical objectives, those of the first phase first."""
    return _objectives(folder())


def model_interfaces() -> Sequence[ModelInterface]:
    """The model of interfaces, by giver as the file has them."""
    return _interfaces(folder())


def model_lines() -> Sequence[ModelLine]:
    """Typical messages, then typical trainings."""
    return _lines(folder())


def model_competences() -> CompetenceModel:
    """The competences and what roles need."""
    return _competences(folder())


def _read(place: Path, name: str) -> Any:
    return yaml.load((place / "data" / name).read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, in C where it is built)


@lru_cache(maxsize=2)
def _objectives(place: Path) -> Sequence[ModelObjective]:
    rows = [ModelObjective(**{**row, "target": Decimal(str(row["target"]))}) for row in _read(place, "objectives.yaml")]
    return tuple(sorted(rows, key=lambda row: row.phase))


@lru_cache(maxsize=2)
def _interfaces(place: Path) -> Sequence[ModelInterface]:
    return tuple(
        ModelInterface(
            key=f"{row['from']}-{row['to']}-{sha256_of(row['what'])[:12]}",
            giver=row["from"],
            receiver=row["to"],
            what=row["what"],
            when=row["when"],
            clauses_2011=tuple(row["clauses_2011"]),
        )
        for row in _read(place, "interfaces.yaml")
    )


@lru_cache(maxsize=2)
def _lines(place: Path) -> Sequence[ModelLine]:
    read = _read(place, "communication.yaml")
    messages = [
        ModelLine(
            key=row["key"],
            kind="message",
            audience=row["audience"],
            message=row["message"],
            channel=row["channel"],
            sender_role=row["sender_role"],
            phase=row["phase"],
            timing=row["when"],
            check=row["check"],
            every_months=row.get("every_months", 0),
            on_event=row.get("on_event", False),
        )
        for row in read["communication"]
    ]
    trainings = [
        ModelLine(
            key=f"training-{row['key']}",
            kind="training",
            audience=row["audience_role"],
            message=row["content"],
            channel=row["form"],
            sender_role="Human resource manager",
            phase=row["phase"],
            check=row["check"],
            hours=row["hours"],
        )
        for row in read["training"]
    ]
    return (*messages, *trainings)


@lru_cache(maxsize=2)
def _competences(place: Path) -> CompetenceModel:
    read = _read(place, "competence.yaml")
    return CompetenceModel(
        competences=tuple(
            ModelCompetence(row["key"], row["name"], {str(level): said for level, said in row["levels"].items()})
            for row in read["competences"]
        ),
        needs={row["role"]: dict(row["needs"]) for row in read["roles"]},
    )
