"""Reads a questionnaire pack from its folder and checks it. No database.

A pack is a folder with `questionnaire.yaml` (pack, version, title, licence), `questions.yaml`, and where it has them
`ladders.yaml`, `survey.yaml`, `readiness.yaml` and `challenges.yaml`.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from common.canonical import sha256_of
from gapanalysis.content_challenges import read_challenges
from gapanalysis.domain.ladder import RUNGS
from gapanalysis.exceptions import QuestionnaireError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FILES = ("questionnaire.yaml", "questions.yaml", "ladders.yaml", "survey.yaml", "readiness.yaml", "challenges.yaml")
REQUIRED_FILES = FILES[:2]
QUESTION_KEYS = (
    "ref",
    "clauses_2011",
    "clauses_2018",
    "text",
    "why",
    "look_for",
    "typical_gap",
    "evidence",
    "activities",
    "small",
)
DIMENSIONS = ("financial", "people", "risk", "process", "technology", "organization")


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of any instrument, as it is stored."""

    instrument: str
    ref: str
    section: str
    text: str
    why: str = ""
    look_for: tuple[str, ...] = ()
    typical_gap: str = ""
    evidence: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    clauses_2011: tuple[str, ...] = ()
    clauses_2018: tuple[str, ...] = ()
    is_small: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionnairePack:
    """A checked pack, as plain data."""

    meta: dict[str, str]
    entries: tuple[Entry, ...]
    files: dict[str, str]
    challenges: tuple[dict[str, Any], ...] = ()

    @property
    def sha256(self) -> str:
        """One hash over the hashes of all files."""
        return sha256_of(self.files)


def read_questionnaire(folder: Path) -> QuestionnairePack:
    """Read and check the pack in `folder`. Raises QuestionnaireError that names the file and the row."""
    for name in REQUIRED_FILES:
        if not (folder / name).is_file():
            raise QuestionnaireError(f"{folder.name}: {name} is missing")
    present = [name for name in FILES if (folder / name).is_file()]
    read = {name: _read(folder / name) for name in present}
    meta = read["questionnaire.yaml"]
    for name in ("pack", "version", "title", "licence"):
        if not isinstance(meta.get(name), str):
            raise QuestionnaireError(f"questionnaire.yaml: {name} must be a text (quote the version)")
    parts: tuple[tuple[str, Callable[[Any], Iterator[Entry]]], ...] = (
        ("questions.yaml", _requirements),
        ("ladders.yaml", _ladders),
        ("survey.yaml", _survey),
        ("readiness.yaml", _readiness),
    )
    entries: list[Entry] = []
    for name, convert in parts:
        if name not in read:
            continue
        try:
            entries.extend(convert(read[name]))
        except (KeyError, TypeError, AttributeError) as error:
            raise QuestionnaireError(f"{name}: a row lacks {error}") from error
    refs = [entry.ref for entry in entries]
    twice = sorted({ref for ref in refs if refs.count(ref) > 1})
    if twice:
        raise QuestionnaireError(f"{folder.name}: {', '.join(twice)} stand there twice")
    points = {entry.ref for entry in entries if entry.instrument == "survey"}
    return QuestionnairePack(
        meta=meta,
        entries=tuple(entries),
        files={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in present},
        challenges=read_challenges(read["challenges.yaml"], points) if "challenges.yaml" in read else (),
    )


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, the C one where there is one)
    except yaml.YAMLError as error:
        raise QuestionnaireError(f"{path.name}: not readable as YAML: {error}") from error


def _requirements(rows: list[dict[str, Any]]) -> Iterator[Entry]:
    for row in rows:
        ref = row["ref"]

        def wrong(what: str, ref: str = ref) -> QuestionnaireError:
            return QuestionnaireError(f"questions.yaml: {ref}: {what}")

        if tuple(row) != QUESTION_KEYS:
            raise wrong(f"its keys are {', '.join(row)}")
        clauses = [*row["clauses_2018"], *row["clauses_2011"]]
        if not clauses or not all(isinstance(clause, str) for clause in clauses):
            raise wrong("clauses are quoted numbers, one at least (4.10 unquoted would be read as 4.1)")
        if not 2 <= len(row["look_for"]) <= 4:
            raise wrong("look_for needs two to four entries")
        if not row["activities"]:
            raise wrong("it reaches no activity")
        if not isinstance(row["small"], bool):
            raise wrong("small is true or false")
        activities = tuple(row["activities"])
        yield Entry(
            instrument="requirement",
            ref=ref,
            section=section_of(row["clauses_2018"], row["clauses_2011"]),
            text=row["text"],
            why=row["why"],
            look_for=tuple(row["look_for"]),
            typical_gap=row["typical_gap"],
            evidence=tuple(row["evidence"]),
            activities=activities,
            components=tuple(dict.fromkeys(component_of(activity) for activity in activities)),
            clauses_2011=tuple(row["clauses_2011"]),
            clauses_2018=tuple(row["clauses_2018"]),
            is_small=row["small"],
        )


def section_of(clauses_2018: list[str], clauses_2011: list[str]) -> str:
    """The part of an assessment that one person can answer in one sitting: "6", "8.5.1", or "2011 4"."""
    if not clauses_2018:
        return "2011 " + clauses_2011[0].split(".")[0]
    parts = clauses_2018[0].split(".")
    return ".".join(parts[: {"8": 2}.get(parts[0], 1)]) if parts[:2] != ["8", "5"] else ".".join(parts[:3])


def component_of(activity: str) -> str:
    """The component of an activity by its ref: "CH" of CH.i, "S.CX" of S.CX.a."""
    parts = activity.split(".")
    return ".".join(parts[:2]) if parts[0] == "S" else parts[0]


def _ladders(rows: list[dict[str, Any]]) -> Iterator[Entry]:
    for number, row in enumerate(rows, start=1):
        if tuple(row["rungs"]) != tuple(rung.value for rung in RUNGS):
            raise QuestionnaireError(f"ladders.yaml: {row['process']}: its rungs are {', '.join(row['rungs'])}")
        yield Entry(
            instrument="ladder",
            ref=f"L-{number:02}",
            section="ladders",
            text=row["process"],
            components=tuple(row["components"]),
            is_small=True,
            extra={"rungs": row["rungs"]},
        )


def _survey(read: dict[str, Any]) -> Iterator[Entry]:
    for part in ("points", "documents"):
        for row in read.get(part) or []:
            yield Entry(
                instrument="survey",
                ref=row["ref"],
                section="survey",
                text=row["title"],
                why=row.get("why", ""),
                look_for=(row["ask"],),
                is_small=bool(row.get("small", True)),
                extra={"part": part, "record": row.get("record", ""), "source": row.get("source", "")},
            )


def _readiness(read: dict[str, Any]) -> Iterator[Entry]:
    for part in ("factors", "project", "team"):
        for row in read.get(part) or []:
            if row["dimension"] not in DIMENSIONS:
                raise QuestionnaireError(f"readiness.yaml: {row['ref']}: dimension {row['dimension']} is unknown")
            yield Entry(
                instrument="readiness",
                ref=row["ref"],
                section="readiness",
                text=row["statement"],
                activities=tuple(row.get("activities") or ()),
                is_small=True,
                extra={name: row.get(name, "") for name in ("source", "group", "dimension", "low", "high", "raise")}
                | {"part": part},
            )
