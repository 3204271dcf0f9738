"""Become a command, and see to it that the command ends with the make that started it.

    exec python scripts/supervise.py .venv/bin/python manage.py demo

GNU make hands SIGTERM to its recipe, but not a SIGINT sent to make alone, and nothing when it is killed. A small
watcher stands beside the command for these cases: it sends SIGTERM once make has gone or is waiting to go.

Standard library only.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_LOOK_EVERY_SECONDS = 0.5
# Ctrl-C in a terminal reaches the command at the same time as make; it gets this long to end by itself.
_GRACE_SECONDS = 3.0


def _waits_to_end(pid: int) -> bool:
    """Whether make `pid` no longer catches SIGINT, which is how it waits for its recipe after one."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return True
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return not int(caught, 16) & (1 << (signal.SIGINT - 1))


def _is_make(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="ascii", errors="replace").strip() in {"make", "gmake"}
    except OSError:
        return False


def _watch(command: int, make: int) -> None:
    command_ended = select.poll()
    command_ended.register(command, select.POLLIN)
    while not command_ended.poll(_LOOK_EVERY_SECONDS * 1000):
        if _waits_to_end(make):
            if not command_ended.poll(_GRACE_SECONDS * 1000):
                signal.pidfd_send_signal(command, signal.SIGTERM)
            return


def _start_watcher(make: int) -> None:
    """Fork a watcher that belongs to nobody, so that the command has no child that it did not start."""
    command = os.pidfd_open(os.getpid())
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        os.close(command)
        return
    if os.fork():
        os._exit(0)
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        # An open pipe would keep a reader of make's output waiting.
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        time.sleep(_LOOK_EVERY_SECONDS)
        _watch(command, make)
    finally:
        os._exit(0)


def main(arguments: Sequence[str]) -> None:
    if not arguments:
        sys.exit("supervise: name the command to run")
    parent = os.getppid()
    if _is_make(parent) and not _waits_to_end(parent):
        _start_watcher(parent)
    os.execvp(arguments[0], list(arguments))  # noqa: S606 (no shell is wanted between make and the command)


if __name__ == "__main__":
    main(sys.argv[1:])
