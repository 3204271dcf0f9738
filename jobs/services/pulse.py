"""What happens beside a running job: its row shows life and progress, and learns that it must stop."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection

from common import clock
from jobs.choices import JobState
from jobs.exceptions import ClaimLost, JobCancelled, JobInterrupted, JobOutOfTime
from jobs.models import Job

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
_SIGNAL = signal.SIGUSR2


class Pulse:
    """A thread with a database connection of its own, for the main thread of a worker's process.

    While the block `watching` lasts, it may raise JobCancelled, JobOutOfTime or ClaimLost in the main thread.
    """

    def __init__(self) -> None:
        self._said: tuple[int, int, str] = (0, 0, "")
        self._written: tuple[int, int, str] = (0, 0, "")
        self._armed = False
        self._stop = threading.Event()
        self._reason: type[JobInterrupted] = JobCancelled
        self._asked_at: float | None = None

    def report(self, done: int, total: int, doing: str) -> None:
        """Keep how far the work is; it is written within a second."""
        self._said = (max(0, done), max(0, total), doing[:200])

    def watching(
        self, pk: UUID, claim: UUID, seconds: int, give_up: Callable[[type[JobInterrupted]], object]
    ) -> "_Watching":
        """A block during which the row of `pk` is kept alive, for `seconds` at most.

        Work that hangs where Python cannot interrupt it is ended after JOB_KILL_AFTER_SECONDS more: `give_up` says
        so in the row, and the process is killed.
        """
        return _Watching(self, pk, claim, seconds, give_up)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self._armed:
            self._armed = False
            raise self._reason

    def _interrupt(self, reason: type[JobInterrupted]) -> None:
        if self._asked_at is None:
            self._reason, self._asked_at = reason, time.monotonic()
        os.kill(os.getpid(), _SIGNAL)

    def _beat(self, pk: UUID, claim: UUID, seconds: int, give_up: Callable[[type[JobInterrupted]], object]) -> None:
        end = time.monotonic() + seconds
        last_sign = time.monotonic()
        mine = Job.objects.filter(pk=pk, state=JobState.RUNNING, claim=claim)
        try:
            while not self._stop.wait(LOOK_EVERY_SECONDS):
                now = time.monotonic()
                if now >= end:
                    self._interrupt(JobOutOfTime)
                if self._asked_at is not None and now - self._asked_at >= settings.JOB_KILL_AFTER_SECONDS:
                    self._kill(pk, give_up)
                try:
                    is_late = now - last_sign >= settings.JOB_HEARTBEAT_SECONDS
                    if is_late or self._said != self._written:
                        self._write(mine)
                        last_sign = time.monotonic()
                    asked = mine.values_list("cancel_requested_at").first()
                except DatabaseError as error:
                    # The database is locked or away: the next look comes in a second.
                    logger.info("job %s: no sign of life could be written: %s", pk, error)
                    connection.close()
                    continue
                if asked is None:
                    self._interrupt(ClaimLost)
                elif asked[0] is not None:
                    self._interrupt(JobCancelled)
        finally:
            connection.close()

    def _kill(self, pk: UUID, give_up: Callable[[type[JobInterrupted]], object]) -> None:
        logger.error("job %s does not stop; its process is killed", pk)
        try:
            give_up(self._reason)
        except DatabaseError:
            # The row says that it runs; without a sign of life it is begun anew.
            logger.exception("job %s: its end could not be written", pk)
        os.kill(os.getpid(), signal.SIGKILL)

    def _write(self, mine: Any) -> None:
        said = self._said
        done, total, doing = said
        mine.update(heartbeat_at=clock.now(), progress_done=done, progress_total=total, doing=doing)
        self._written = said


class _Watching:
    """The block of `Pulse.watching`."""

    def __init__(
        self, pulse: Pulse, pk: UUID, claim: UUID, seconds: int, give_up: Callable[[type[JobInterrupted]], object]
    ) -> None:
        self._pulse = pulse
        self._last_limit = seconds + 2 * settings.JOB_KILL_AFTER_SECONDS
        given = (pk, claim, seconds, give_up)
        self._thread = threading.Thread(target=pulse._beat, args=given, name="pulse", daemon=True)

    def __enter__(self) -> None:
        self._before = signal.signal(_SIGNAL, self._pulse._handle)
        # The kernel ends a process whose threads cannot run, and which therefore shows no life either.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(self._last_limit)
        self._pulse._armed = True
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.alarm(0)
        self._pulse._armed = False
        self._pulse._stop.set()
        self._thread.join()
        signal.signal(_SIGNAL, self._before)
