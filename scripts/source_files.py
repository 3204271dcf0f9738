"""Which files are sources of the project: what git tracks or would track."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Only where git cannot be asked, as in an unpacked archive.
_NOT_SOURCES = {".git", ".venv", "var", "staticfiles", "node_modules", "__pycache__"}


def source_files(*suffixes: str, under: str = "") -> list[Path]:
    """Return the files below `under` with one of `suffixes` (all files where none is given), sorted."""
    found = (ROOT / name for name in _names() if name.startswith(under) and (not suffixes or name.endswith(suffixes)))
    return sorted(path for path in found if path.is_file())


def _names() -> Iterator[str]:
    if (ROOT / ".git").exists():
        listing = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if listing.returncode == 0:
            yield from dict.fromkeys(name for name in listing.stdout.split("\0") if name)
            return
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in _NOT_SOURCES and not name.endswith("_cache")]
        yield from (str((Path(folder) / name).relative_to(ROOT)) for name in files)
