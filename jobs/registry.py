"""The kinds of work there are. A new kind is one small module that registers itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise

from common.registry import Registry
from jobs.models import Job


@dataclass(frozen=True, slots=True)
class JobKind:
    """`run(job, target)` writes the result to the path `target` and returns its file name for the person.

    `capability` is checked when the job is asked for, again when it runs and again when its result is fetched.
    """

    title: str | Promise
    capability: str
    run: Callable[[Job, Path], str]
    content_type: str


job_kinds: Registry[JobKind] = Registry("job kinds")


def register_job_kind(key: str, kind: JobKind) -> None:
    """Make `key` a kind of work that can be asked for."""
    job_kinds.register(key, kind)
