"""Rules of higher apps on a change of status: each can refuse a step, none can allow one."""

from collections.abc import Callable
from dataclasses import dataclass

from common.registry import Registry
from phases.models import PhaseActivity
from projects.models import Project


@dataclass(frozen=True, slots=True)
class TransitionGuard:
    """`check(project, rows, after)` maps the id of each row it refuses to a sentence. Two queries at most."""

    check: Callable[[Project, list[PhaseActivity], str], dict[int, str]]


transition_guards: Registry[TransitionGuard] = Registry("transition guards")


def register_transition_guard(key: str, guard: TransitionGuard, *, order: int = 100) -> None:
    """Let `guard` have a say before a status changes, whichever way the change comes in."""
    transition_guards.register(key, guard, order=order)
