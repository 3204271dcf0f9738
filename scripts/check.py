"""make check: every check of the sources, one after the other; all run, and those that fail are named at the end."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.source_files import ROOT, source_files

_BIN = Path(sys.executable).parent
_PYTHON = sys.executable


def _templates() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in source_files(".html", ".txt", under="templates/")]


def _checks() -> list[tuple[str, list[str]]]:
    manage = [_PYTHON, "manage.py"]
    checks = [
        ("format", [str(_BIN / "ruff"), "format", "--check", "."]),
        ("lint", [str(_BIN / "ruff"), "check", "."]),
        ("types", [str(_BIN / "mypy"), "."]),
        ("import contracts", [str(_BIN / "lint-imports"), "--no-logo"]),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("production settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"]),
        ("sources", [_PYTHON, "-m", "scripts.check_sources"]),
    ]
    templates = _templates()
    if templates:
        checks.append(("templates", [str(_BIN / "djade"), "--target-version", "5.2", "--check", *templates]))
    return checks


def _environment(name: str, data_dir: str) -> dict[str, str]:
    """The environment of a check: that of tests, or of an installation for the check of production settings."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment |= {"SMSPLAN_ENV": "test", "DATA_DIR": data_dir}
    if name == "production settings":
        environment |= {
            "SMSPLAN_ENV": "production",
            "BASE_URL": "https://sms.example.org",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TRAIL_KEY": secrets.token_urlsafe(48),
        }
    return environment


def _passes(name: str, command: Sequence[str], environment: Mapping[str, str]) -> bool:
    started = time.monotonic()
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = result.returncode == 0
    print(f"check: {name:<20} {'ok' if passed else 'FAILED':<7} {time.monotonic() - started:5.1f} s", flush=True)
    if not passed:
        print(result.stdout, flush=True)
    return passed


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="smsplan-check-") as data_dir:
        failed = [name for name, command in _checks() if not _passes(name, command, _environment(name, data_dir))]
    if failed:
        print(f"check: failed: {', '.join(failed)}")
        return 1
    print("check: all passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
