"""Places at which a process waits while a test holds it there: it says that it came, and goes on when it may.

A test makes the file `faults/hold/NAME` in DATA_DIR; whoever comes by writes its process id to `faults/at/NAME` and
waits until the first file is gone.
"""

import os
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings

IMPORT_WRITTEN = "import-written"
RESULT_RENAMED = "result-renamed"
_LONGEST_SECONDS = 300


def folder() -> Path:
    """Where test and processes meet."""
    return Path(settings.DATA_DIR) / "faults"


def come_to(name: str) -> None:
    """Wait here while a test holds `name`."""
    hold = folder() / "hold" / name
    if not hold.exists():
        return
    arrived = folder() / "at" / name
    arrived.parent.mkdir(parents=True, exist_ok=True)
    arrived.with_suffix(".part").write_text(str(os.getpid()), encoding="ascii")
    arrived.with_suffix(".part").replace(arrived)
    end = time.monotonic() + _LONGEST_SECONDS
    while hold.exists() and time.monotonic() < end:
        time.sleep(0.05)


def _then_come_to(name: str, call: Callable[..., Any], when: Callable[..., bool]) -> Callable[..., Any]:
    @wraps(call)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        answer = call(*args, **kwargs)
        if when(*args, **kwargs):
            come_to(name)
        return answer

    return wrapper


def mark() -> None:
    """Make the places: after the rows of an import and their events, and between a result's rename and its commit."""
    from phases.resources import PlanResource

    def is_import(*_args: Any, dry_run: bool, **_kwargs: Any) -> bool:
        return not dry_run

    def is_result(_source: Any, target: Any) -> bool:
        return Path(target).parent == Path(settings.DATA_DIR) / "jobs"

    PlanResource.take = _then_come_to(IMPORT_WRITTEN, PlanResource.take, is_import)  # type: ignore[method-assign]  # wrapped for tests
    os.replace = _then_come_to(RESULT_RENAMED, os.replace, is_result)
