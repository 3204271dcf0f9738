"""Version 1.1 of the catalogue of 2010, made in a folder of the test's own."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from phases.models import Catalogue
from phases.services.catalogues import load_catalogue

Rows = dict[str, dict[str, Any]]


def load_version(
    tmp_path: Path, change: Callable[[Rows], None], *, version: str = "1.1", pack: str = "tr20000-5-2010"
) -> Catalogue:
    """Load `pack` as another version, after `change` had its way with the activities (by ref, in order)."""
    folder = tmp_path / f"{pack}-{version}"
    shutil.copytree(Path(settings.CONTENT_DIR) / "catalogues" / pack, folder)
    meta = folder / "catalogue.yaml"
    meta.write_text(meta.read_text(encoding="utf-8").replace('version: "1.0"', f'version: "{version}"'))
    path = folder / "activities.yaml"
    rows: Rows = {row["ref"]: row for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)}
    change(rows)
    path.write_text(yaml.dump(list(rows.values()), Dumper=yaml.CSafeDumper, sort_keys=False), encoding="utf-8")
    return load_catalogue(folder=folder)[0]


def change_much(rows: Rows) -> None:
    """One of each kind: CH.r new, CH.q and CH.p gone, CH.a asked for in phase 2 too, CH.d no longer in 3.

    CH.i reads differently, and is no work that goes on any more.
    """
    rows["CH.r"] = {
        **rows["CH.o"],
        "ref": "CH.r",
        "title": "Ask a customer before each freeze",
        "key": True,
        "phases": [1, 2],
        "phase_notes": {1: "One customer is asked.", 2: "All of them are."},
    }
    del rows["CH.q"]
    del rows["CH.p"]
    for row in rows.values():
        if row.get("succeeds") in ("CH.q", "CH.p"):
            del row["succeeds"]
    rows["CH.a"]["phases"] = [2, 3]
    rows["CH.a"]["phase_notes"] = {2: "Send the first large one through design.", **rows["CH.a"]["phase_notes"]}
    rows["CH.d"]["phases"] = [1, 2]
    del rows["CH.d"]["phase_notes"][3]
    rows["CH.i"]["guidance"] += " Try it once a quarter."
    rows["CH.i"]["nature"] = "establish"
