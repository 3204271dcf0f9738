"""A file whose time says that a worker or a beat still goes round, for the health checks of containers.

Only where `ALIVE_FILE` names one. The worker touches it from its own loop, so that one that hangs, or waits for a
broker that is away, lets it grow old; the beat touches it after a round that reached the database.
"""

from pathlib import Path
from typing import Any

from celery import bootsteps
from django.conf import settings

EVERY_SECONDS = 5.0


def touch() -> None:
    """Say that we live."""
    if settings.ALIVE_FILE:
        Path(settings.ALIVE_FILE).touch()


class AliveStep(bootsteps.StartStopStep):
    """Makes Celery's worker touch the file every few seconds."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self._entry: Any = None

    def start(self, parent: Any) -> None:
        """From when the worker has its timer."""
        self._entry = parent.timer.call_repeatedly(EVERY_SECONDS, touch)

    def stop(self, parent: Any) -> None:
        """Until it stops."""
        if self._entry is not None:
            self._entry.cancel()
            self._entry = None
