"""One tree of processes: started together, kept running, stopped together.

    python -m smsplan.processes '[{"name": "web", "command": ["..."], "vital": true}, ...]'

Standard library only: the process that only watches stays small.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from types import FrameType
from typing import NoReturn

_LOOK_EVERY_SECONDS = 0.2
_SHORTEST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Let the kernel send SIGTERM to this process when the one that started it is gone, killed too (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Program:
    """A command that must run. One that is `vital` takes the whole tree with it when it ends; others start again."""

    name: str
    command: Sequence[str]
    vital: bool = False


def become_tree(programs: Sequence[Program]) -> NoReturn:
    """Turn this process into one that runs `programs`, whatever it has loaded until now."""
    described = json.dumps([asdict(program) for program in programs])
    os.execv(sys.executable, [sys.executable, "-m", "smsplan.processes", described])  # noqa: S606 (no shell is wanted)


@dataclass
class _Slot:
    """A program of the tree and the process it runs in."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0


class Tree:
    """Runs `programs` until one that is vital ends, or a signal arrives."""

    def __init__(
        self, programs: Sequence[Program], *, say: Callable[[str], object], grace_seconds: float = 20.0
    ) -> None:
        self._slots = [_Slot(program) for program in programs]
        self._say = say
        self._grace = grace_seconds
        self._stopping = False

    def run(self) -> int:
        """Start all, wait, stop all; return 0 after a signal, else the exit status of the vital one that ended."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            # Whoever asks twice does not want to wait.
            self._grace = 0.0 if self._stopping else self._grace
            self._stopping = True

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        status = 0
        try:
            while not self._stopping:
                ended = self._look()
                if ended is not None:
                    status = ended
                    break
                time.sleep(_LOOK_EVERY_SECONDS)
        finally:
            self._stop_all()
        return 0 if self._stopping else status

    def _look(self) -> int | None:
        """Start what does not run; return the status of a vital program that ended."""
        now = time.monotonic()
        for slot in self._slots:
            process = slot.process
            if process is not None and process.poll() is None:
                continue
            if process is not None:
                if slot.program.vital:
                    self._say(f"{slot.program.name} ended with {process.returncode}; all stop with it")
                    return process.returncode
                slot.process = None
                ran_well = now - slot.started_at > _LONGEST_PAUSE_SECONDS
                slot.pause = _SHORTEST_PAUSE_SECONDS if ran_well else self._longer(slot.pause)
                slot.started_at = now
                self._say(f"{slot.program.name} ended with {process.returncode}; it starts again in {slot.pause:g} s")
            if now - slot.started_at >= slot.pause:
                slot.started_at = now
                slot.process = _start(slot.program)
        return None

    @staticmethod
    def _longer(pause: float) -> float:
        return min(_LONGEST_PAUSE_SECONDS, max(_SHORTEST_PAUSE_SECONDS, pause * 2))

    def _stop_all(self) -> None:
        running = [slot.process for slot in self._slots if slot.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        while any(process.poll() is None for process in running) and time.monotonic() - begun < self._grace:
            time.sleep(_LOOK_EVERY_SECONDS / 2)
        for process in running:
            # The whole group: what a program started ends with it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _start(program: Program) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 (our own commands)
        program.command,
        stdin=subprocess.DEVNULL,
        # Ctrl-C reaches this process alone, which then stops each program once.
        start_new_session=True,
        preexec_fn=end_with_parent,
    )


def main(arguments: Sequence[str]) -> int:
    """Run the programs that the one argument describes; the exit status is that of the vital one that ended."""
    programs = [Program(**described) for described in json.loads(arguments[0])]
    status = Tree(programs, say=lambda line: sys.stderr.write(f"serve: {line}\n")).run()
    # A program that a signal ended has a negative status.
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
