"""Who runs on this data folder: server, worker and beat hold a lock of it; what replaces its data takes it alone."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

NAME = "running.lock"


class StillRunning(Exception):
    """A server, worker or beat of this installation runs on this machine."""


def _open(name: str) -> int:
    path = Path(settings.DATA_DIR) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def hold_running_lock() -> int:
    """Say, until this process ends, that it runs here. The kernel lets go of it, however the process ends.

    It holds on through `exec`. Raises StillRunning where a restore is going on. Returns the descriptor, which need not
    be closed.
    """
    descriptor = _open(NAME)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise StillRunning("a restore of this installation is going on; start again when it has ended") from error
        raise
    os.set_inheritable(descriptor, True)
    return descriptor


def run_here() -> None:
    """`hold_running_lock` for a command. Raises CommandError where a restore is going on."""
    try:
        hold_running_lock()
    except StillRunning as error:
        raise CommandError(str(error)) from error


@contextmanager
def alone(name: str = NAME) -> Iterator[None]:
    """Run a block while nobody else holds the lock. Raises StillRunning where somebody does."""
    descriptor = _open(name)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StillRunning("a server, worker or beat of this installation is running; stop it first") from error
        yield
    finally:
        os.close(descriptor)
