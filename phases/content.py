"""Reads a catalogue pack from its folder and checks it. No database.

A pack is a folder with `catalogue.yaml` (pack, version, title, source, licence), `components.yaml`,
`activities.yaml`, and where it has them `roles.yaml`, `initiation.yaml` and `outcomes-2013.yaml`.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from common.canonical import sha256_of
from common.content import ContentError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NATURES = ("define", "establish", "operate", "review")
FILES = ("catalogue.yaml", "components.yaml", "activities.yaml", "roles.yaml", "initiation.yaml", "outcomes-2013.yaml")
REQUIRED_FILES = FILES[:3]
INITIATION_COMPONENT = {"code": "A", "number": 0, "title": "Initiation", "short_title": "Initiation"}


@dataclass(frozen=True, slots=True)
class Pack:
    """A checked pack, as plain data."""

    meta: dict[str, str]
    components: list[dict[str, Any]]
    activities: list[dict[str, Any]]
    roles: list[dict[str, Any]]
    entry_criteria: list[dict[str, Any]]
    texts: dict[str, Any]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """One hash over the hashes of all files."""
        return sha256_of(self.files)


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, the C one where there is one)
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name}: not readable as YAML: {error}") from error


def read_pack(folder: Path) -> Pack:
    """Read and check the pack in `folder`. Raises ContentError that names the file and the row."""
    for name in REQUIRED_FILES:
        if not (folder / name).is_file():
            raise ContentError(f"{folder.name}: {name} is missing")
    present = [name for name in FILES if (folder / name).is_file()]
    read = {name: _read(folder / name) for name in present}
    meta = read["catalogue.yaml"]
    for name in ("pack", "version", "title", "source", "licence"):
        if not isinstance(meta.get(name), str):
            raise ContentError(f"catalogue.yaml: {name} must be a text (quote the version)")
    initiation = read.get("initiation.yaml") or {}
    components = list(read["components.yaml"])
    activities = list(read["activities.yaml"])
    if initiation:
        components.insert(0, dict(INITIATION_COMPONENT))
        activities = [*initiation["activities"], *activities]
    known = {component["code"] for component in components}
    seen: set[str] = set()
    for row in activities:
        _check_activity(row, known, seen)
    return Pack(
        meta=meta,
        components=components,
        activities=activities,
        roles=list(read.get("roles.yaml") or []),
        entry_criteria=list(initiation.get("entry_criteria") or []),
        texts={
            "outcomes_2013": read.get("outcomes-2013.yaml") or [],
            "first_business_case": initiation.get("first_business_case") or {},
        },
        files={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in present},
    )


def _check_activity(row: dict[str, Any], components: set[str], seen: set[str]) -> None:
    ref = row.get("ref")
    if not isinstance(ref, str) or ref in seen:
        raise ContentError(f"activities.yaml: ref {ref!r} is missing, no text, or there twice")
    seen.add(ref)

    def wrong(what: str) -> ContentError:
        return ContentError(f"activities.yaml: {ref}: {what}")

    if row.get("component") not in components:
        raise wrong(f"component {row.get('component')!r} is not in components.yaml")
    if row.get("kind") not in ("activity", "heading"):
        raise wrong("kind must be activity or heading")
    if not 12 <= len(row.get("title") or "") <= 120:
        raise wrong("the title needs 12 to 120 characters")
    if row.get("nature") not in NATURES:
        raise wrong(f"nature must be one of {', '.join(NATURES)}")
    if not all(isinstance(number, int) and 0 <= number <= 3 for number in row.get("phases", [])):
        raise wrong("phases are numbers from 0 to 3")
    if row["kind"] == "activity" and not row.get("phases"):
        raise wrong("an activity runs in one phase at least")
    if row["kind"] == "activity" and not row.get("roles"):
        raise wrong("an activity names a role")
    for name in ("clauses_2011", "clauses_2018"):
        if not all(isinstance(clause, str) for clause in row.get(name, [])):
            raise wrong(f"{name}: quote the numbers (4.10 unquoted would be read as 4.1)")
