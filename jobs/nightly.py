"""Work of the night: one after another, some minutes apart, from NIGHTLY_AT (UTC) on."""

from datetime import time

from django.conf import settings

from jobs.domain import Daily
from jobs.registry import register_schedule

_DAY = 24 * 60


def nightly(after: int, at: time) -> Daily:
    """The schedule `after` minutes behind `at`."""
    minute = (at.hour * 60 + at.minute + after) % _DAY
    return Daily(minute // 60, minute % 60)


def register_nightly(kind: str, after: int) -> None:
    """Let the beat ask for `kind` each night, `after` minutes behind NIGHTLY_AT; not at all where that is off."""
    if settings.NIGHTLY_AT is not None:
        register_schedule(kind, nightly(after, settings.NIGHTLY_AT))
