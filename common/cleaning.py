"""What nobody needs any more and a night clears away. Each app registers its own in `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from common.registry import Registry


@dataclass(frozen=True, slots=True)
class Cleaning:
    """A named piece of clearing away. `run()` removes what is too old and returns how much that was."""

    title: str | Promise
    run: Callable[[], int]


cleanings: Registry[Cleaning] = Registry("cleanings")


def register_cleaning(key: str, title: str | Promise, run: Callable[[], int]) -> None:
    """Let a night run `run`, which must be safe to run at any time and twice."""
    cleanings.register(key, Cleaning(title, run))
