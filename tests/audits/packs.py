"""Packs of Alder's: what goes in, building one, and running the program that verifies it."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from audits import pack_build
from audits.domain.pack_options import PackOptions
from audits.models import EvidencePack
from audits.pack_ask import checked_options
from audits.pack_build import Built, build_pack
from audits.selectors.pack_cut import cut_of
from audits.selectors.packs import rights_of
from projects.permissions import access_to
from tests.cast import Cast

VERIFIER = Path(pack_build.__file__).parent / "pack" / "verify_pack.py"


def build(cast: Cast, target: Path, who: str = "mara", as_of: date | None = None, **asked: Any) -> Built:
    """A pack of Alder's as somebody asks for it."""
    options: PackOptions = checked_options(cast.project, **asked)
    access = access_to(cast.project, cast.people[who])
    return build_pack(cast.project, access, cut_of(cast.project, as_of), options, target)


def waiting(cast: Cast, **values: Any) -> EvidencePack:
    """P-01 of Alder's, asked for by Mara, whose job nobody runs."""
    access = access_to(cast.project, cast.mara)
    return EvidencePack.objects.create(
        project=cast.project,
        ref="P-01",
        reason="Stage 1",
        options=checked_options(cast.project).as_plain(),
        rights=rights_of(access),
        cut_seq=cut_of(cast.project).seq,
        asked_by=cast.mara,
        **values,
    )


@dataclass(frozen=True)
class Opened:
    """A pack that was read: its files by path, without the one folder that holds them all."""

    files: Mapping[str, bytes]
    top: str

    @property
    def manifest(self) -> Any:
        """What it says of itself."""
        return json.loads(self.files["manifest.json"])

    @property
    def trail(self) -> list[Any]:
        """The events that it carries."""
        return [json.loads(line) for line in self.files["trail.jsonl"].splitlines()]

    def evidence(self) -> dict[str, Any]:
        """The rows of the manifest on evidence, by key and revision."""
        rows = [row for row in self.manifest["files"] if row["what"] == "evidence"]
        return {f"{row['evidence']} {row['revision']}": row for row in rows}


def opened(path: Path) -> Opened:
    """Read a pack."""
    with zipfile.ZipFile(path) as bundle:
        names = bundle.namelist()
        top = names[0].partition("/")[0]
        return Opened({name.removeprefix(f"{top}/"): bundle.read(name) for name in names}, top)


def written(path: Path, files: Mapping[str, bytes], top: str) -> Path:
    """A ZIP of `files`, in the order given, as a pack has it."""
    with pack_build.PackZip(path, top) as bundle:
        for name, content in files.items():
            bundle.add_bytes(name, content)
    return path


def changed(path: Path, source: Opened, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A pack in which something was changed."""
    files = dict(source.files)
    change(files)
    return written(path, files, source.top)


def verified(path: Path, *more: str) -> tuple[int, str]:
    """What the program says of a pack when it runs by itself: its exit status and its words."""
    command = [sys.executable, "-I", str(VERIFIER), str(path), *more]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"})
    assert run.stderr == ""
    return run.returncode, run.stdout
