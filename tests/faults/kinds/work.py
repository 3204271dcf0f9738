"""Kinds of jobs that take long, eat memory, fill the disk or hang. Each start and end of a run is noted in a file."""

import ctypes
import os
import signal
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from jobs.choices import Queue
from jobs.domain import Every
from jobs.registry import JobKind, Work, register_job_kind, register_schedule
from tests.faults.kinds.places import come_to, folder

SLOW = "faults.slow"
ENDLESS = "faults.endless"
HUNGRY = "faults.hungry"
FULL = "faults.full"
STUCK = "faults.stuck"
SILENT = "faults.silent"
HOURLY = "faults.hourly"
_MOST_BYTES = 64 * 1024 * 1024


def note(work: Work, what: str) -> None:
    """Add a line on this run to `faults/runs`; a short append by one call is never torn."""
    place = folder() / "runs"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("ab", buffering=0) as handle:
        handle.write(f"{work.job.pk} {what} {os.getpid()}\n".encode("ascii"))


def slow(work: Work) -> str:
    """Half of the result, then as long as a test holds it, then the whole."""
    note(work, "begun")
    work.target.write_text("half", encoding="ascii")
    work.progress(1, 2, "Writing")
    come_to(str(work.job.parameters.get("hold", SLOW)))
    work.target.write_text("whole", encoding="ascii")
    note(work, "ended")
    return "result.txt"


def endless(work: Work) -> str:
    """Never comes to an end by itself."""
    note(work, "begun")
    work.target.write_text("half", encoding="ascii")
    while True:
        work.progress(1, 2, "Turning")
        time.sleep(0.05)


def hungry(work: Work) -> str:
    """Takes memory until there is none."""
    note(work, "begun")
    work.target.write_text("half", encoding="ascii")
    taken = []
    while True:
        taken.append(bytearray(32 * 1024 * 1024))


def full(work: Work) -> str:
    """Writes until the disk is full, or much is written."""
    note(work, "begun")
    with Path(work.job.parameters.get("device", work.target)).open("wb") as handle:
        for _ in range(_MOST_BYTES // 65536):
            handle.write(b"x" * 65536)
    return "result.bin"


def stuck(work: Work) -> str:
    """Waits in the C library, where no Python handler of a signal is run: only a kill ends it."""
    note(work, "begun")
    work.target.write_text("half", encoding="ascii")
    signal.sigwait([])
    return "result.txt"


def silent(work: Work) -> str:
    """Waits in the C library and lets no other thread of its process run: it shows no life, and hears nothing."""
    note(work, "begun")
    ctypes.PyDLL(None).pause()
    return "result.txt"


def hourly(work: Work) -> None:
    """Work of the installation that recurs."""
    note(work, "begun")


def register() -> None:
    """Make the kinds known. What recurs does so only where a test asks for it."""
    kind = partial(JobKind, capability="phases.export", content_type="text/plain", queue=Queue.QUICK)
    kinds: dict[str, Any] = {
        SLOW: kind("Slow", run=slow, seconds=120, attempts=3),
        ENDLESS: kind("Endless", run=endless, seconds=2, attempts=3),
        HUNGRY: kind("Hungry", run=hungry, seconds=120, attempts=3),
        FULL: kind("Full", run=full, seconds=120, attempts=3),
        STUCK: kind("Stuck", run=stuck, seconds=2, attempts=2),
        SILENT: kind("Silent", run=silent, seconds=2, attempts=2),
        HOURLY: JobKind("Hourly", "", hourly, queue=Queue.QUICK),
    }
    for key, each in kinds.items():
        register_job_kind(key, each)
    if os.environ.get("FAULT_HOURLY"):
        register_schedule(HOURLY, Every(timedelta(hours=1)))
