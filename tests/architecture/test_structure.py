"""How the code is laid out: who imports whom, and how long a file gets."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.source_files import ROOT, source_files

_LONGEST_FILE = 450
# It goes into each pack by itself and is read as one by whoever doubts a pack.
_ONE_FILE = "audits/pack/verify_pack.py"
_APPS_IN_ORDER = [
    "smsplan",
    "audits",
    "governance",
    "businesscase",
    "gapanalysis",
    "documents",
    "evidence",
    "phases",
    "notifications",
    "jobs",
    "projects",
    "accounts",
    "audittrail",
    "common",
]


def _import_linter() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


@pytest.mark.slow
def test_every_import_goes_down():
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr


def test_the_contract_names_all_apps_in_order():
    layers = next(contract["layers"] for contract in _import_linter()["contracts"] if contract["id"] == "apps")

    assert [layer.strip("()") for layer in layers] == _APPS_IN_ORDER


def test_the_contract_covers_every_app_that_exists():
    existing = {name for name in _APPS_IN_ORDER if (ROOT / name / "__init__.py").exists()}

    assert existing == set(_import_linter()["root_packages"])


def test_no_file_is_too_long():
    long_files = {
        str(path.relative_to(ROOT)): lines
        for path in source_files(".py")
        if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts)
        and str(path.relative_to(ROOT)) != _ONE_FILE
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > _LONGEST_FILE
    }

    assert long_files == {}
