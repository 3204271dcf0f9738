"""The kinds of work there are, and what recurs. A new kind is one small module that registers itself in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise

from common.registry import Registry
from jobs.choices import Queue
from jobs.domain import Schedule
from jobs.models import Job
from projects.models import Project

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Work:
    """One run of a job, as its kind gets it. The result, where there is one, is written to the path `target`."""

    job: Job
    target: Path
    report: Report

    @property
    def project(self) -> Project:
        """The project that the job is for. Raises ValueError for work of the installation."""
        if self.job.project is None:
            raise ValueError("this job belongs to the installation")
        return self.job.project

    def progress(self, done: int, total: int, doing: str = "") -> None:
        """Say how far it is: `done` of `total` (0 where nobody knows), and what it does in a few words.

        As cheap as an assignment: the row is written beside the work, about once a second.
        """
        self.report(done, total, doing)


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a kind of work is and may.

    `run(work)` gives the file name of the result for the person, or None where there is no file. It must be safe to
    run again from the start: what a dead worker left is begun anew, `attempts` times in all.

    `capability` is checked when the job is asked for, when it runs and when its result is fetched; "" where only the
    installation asks, without project and requester. `seconds` is the longest it may run, `keep_days` how long its
    result is kept.
    """

    title: str | Promise
    capability: str
    run: Callable[[Work], str | None]
    content_type: str = ""
    queue: Queue = Queue.HEAVY
    seconds: int = 600
    attempts: int = 3
    keep_days: int = 14

    @property
    def is_of_installation(self) -> bool:
        """Whether only the installation itself asks for it."""
        return not self.capability


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of the installation that the beat asks for by itself; `when` spares the row where nothing is to do."""

    kind: str
    schedule: Schedule
    when: Callable[[], bool] | None = None


job_kinds: Registry[JobKind] = Registry("job kinds")
recurring: Registry[Recurring] = Registry("recurring work")


def register_job_kind(key: str, kind: JobKind) -> None:
    """Make `key` a kind of work that can be asked for."""
    job_kinds.register(key, kind)


def register_schedule(kind: str, schedule: Schedule, when: Callable[[], bool] | None = None) -> None:
    """Let the beat ask for `kind` (of the installation) on `schedule`: once for each slot, also after a stop.

    With `when`, a cheap question, no row is made while it answers False. Raises ValueError for a kind of a project.
    """
    if not job_kinds[kind].is_of_installation:
        raise ValueError(f"{kind} belongs to a project; only work of the installation recurs")
    recurring.register(kind, Recurring(kind, schedule, when))
