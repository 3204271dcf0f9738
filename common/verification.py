"""Checks that `manage.py verify` runs. Each app registers its own in `AppConfig.ready()`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

from common.registry import Registry


@dataclass(frozen=True, slots=True)
class Check:
    """A named check. `run(resume)` yields a sentence per finding; `resume` lets it start at its last checkpoint."""

    title: str
    run: Callable[[bool], Iterable[str]]


checks: Registry[Check] = Registry("verification checks")


# Checks against a file of ends that was exported earlier and kept elsewhere: each yields what no longer agrees.
heads_checks: Registry[Callable[[dict[str, Any]], Iterable[str]]] = Registry("checks against exported heads")


def register_check(key: str, title: str, run: Callable[[bool], Iterable[str]], *, order: int = 100) -> None:
    """Let `verify` run `run`; it yields one sentence for each thing that is wrong."""
    checks.register(key, Check(title, run), order=order)


def findings_of(check: Check, *, resume: bool) -> Iterator[str]:
    """What a check found. A database that cannot be read is a finding too, and the other checks run all the same."""
    try:
        yield from check.run(resume)
    except DatabaseError as error:
        yield f"the database cannot be read: {error}"


def findings_of_all(*, resume: bool) -> Iterator[tuple[str, list[str]]]:
    """Run every check; its title and what it found, one after another."""
    for check in checks:
        yield check.title, list(findings_of(check, resume=resume))
