"""A kind of work that can be told what to do, and one of the installation."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from audittrail import context
from common.exceptions import RuleBroken
from jobs.choices import Queue
from jobs.domain import Daily, Every
from jobs.exceptions import ClaimLost, JobCancelled, JobOutOfTime
from jobs.models import Job
from jobs.registry import JobKind, Work, job_kinds, recurring, register_job_kind, register_schedule

KIND = "tests.write"
NIGHTLY = "tests.nightly"
MINUTELY = "tests.minutely"

_RAISES: dict[str, BaseException] = {
    "rule": RuleBroken("The plan is empty."),
    "hard": OSError("secret path /etc/x"),
    "full": OSError(28, "No space left on device"),
    "memory": MemoryError(),
    "cancel": JobCancelled(),
    "time": JobOutOfTime(),
    "lost": ClaimLost(),
}


@dataclass
class Seen:
    """How the kind was run: through which door, under which number, and what the row said meanwhile."""

    runs: list[tuple[str, object]] = field(default_factory=list)
    doing: list[str] = field(default_factory=list)
    waiting: bool = True


def write(seen: Seen, work: Work) -> str | None:
    """Half a result, then what the parameters ask for, then the whole."""
    current = context.current()
    seen.runs.append((current.via, current.correlation_id))
    work.target.write_text("half")
    work.progress(1, 2, "Writing")
    seen.doing.append(Job.objects.get(pk=work.job.pk).doing)
    if (asked := work.job.parameters.get("fail")) is not None:
        raise _RAISES[asked]
    if work.job.parameters.get("silent"):
        return None
    work.target.write_text("whole")
    return "result.txt"


@pytest.fixture
def kind() -> Iterator[Seen]:
    """KIND is registered; the answer notes how it was run."""
    seen = Seen()
    register_job_kind(
        KIND, JobKind("Test", "phases.export", lambda work: write(seen, work), "text/plain", Queue.QUICK, attempts=2)
    )
    yield seen
    job_kinds.remove(KIND)


@pytest.fixture
def nightly() -> Iterator[Seen]:
    """NIGHTLY recurs at 01:30 UTC, MINUTELY each minute while `waiting`; nothing else recurs."""
    seen = Seen()
    others = {key: recurring[key] for key in recurring.keys()}  # noqa: SIM118 (a registry is no mapping)
    for key in others:
        recurring.remove(key)
    for key, title in ((NIGHTLY, "Nightly test"), (MINUTELY, "Test of each minute")):
        register_job_kind(key, JobKind(title, "", lambda work: write(seen, work), keep_days=2))
    register_schedule(NIGHTLY, Daily(1, 30))
    register_schedule(MINUTELY, Every(timedelta(minutes=1)), when=lambda: seen.waiting)
    yield seen
    for key in (NIGHTLY, MINUTELY):
        job_kinds.remove(key)
        recurring.remove(key)
    for key, entry in others.items():
        recurring.register(key, entry)
