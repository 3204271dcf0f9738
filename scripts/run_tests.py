"""make test-quick, make test and make faults: the runs of pytest that each consists of.

All runs take place, whichever fails; pytest's closing lines are repeated at the end. Where CLOSING_LINES names a file,
they are added to it too.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType

from scripts.source_files import ROOT

_NO_TESTS_COLLECTED = 5
_CLOSING_LINE = re.compile(r"^=+ (?:\x1b\[[0-9;]*m)*.* in [0-9.]+s.*=+\s*$")
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
_PYTEST = [sys.executable, "-m", "pytest"]
_TWO_PROCESSES = ["-n", "2", "--dist", "loadfile"]
# For tests that wait more than they work.
_FOUR_PROCESSES = ["-n", "4", "--dist", "loadfile"]
_ON_POSTGRESQL = [sys.executable, "-m", "scripts.throwaway_servers", "--postgresql", "--"]


@dataclass(frozen=True)
class Run:
    """One run of pytest; `may_be_empty` where having no such tests is no failure."""

    name: str
    command: list[str]
    may_be_empty: bool = False


_RUNS = {
    "quick": [
        Run("quick", [*_PYTEST, *_TWO_PROCESSES, "-m", "not browser and not slow and not processes and not faults"])
    ],
    "all": [
        Run("SQLite", [*_PYTEST, *_TWO_PROCESSES, "-m", "not browser and not processes and not faults"]),
        Run("processes", [*_PYTEST, *_FOUR_PROCESSES, "-m", "processes and not faults"]),
        Run(
            "PostgreSQL",
            [*_ON_POSTGRESQL, *_PYTEST, *_TWO_PROCESSES, "-m", "db and not browser and not processes and not faults"],
            may_be_empty=True,
        ),
        Run("browser", [*_PYTEST, "-n", "2", "--dist", "load", "-m", "browser"], may_be_empty=True),
    ],
    # Each test of these makes what it needs, so that none waits for another of its file.
    "faults": [Run("faults", [*_PYTEST, "-n", "4", "--dist", "load", "-m", "faults"])],
}


def _run(run: Run) -> tuple[int, str]:
    """Run pytest, show what it says, and return its exit code and closing line ("" where it gave none)."""
    print(f"tests: {run.name}", flush=True)
    # A database of the caller's is none of these tests'; only throwaway_servers gives them one.
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    process = subprocess.Popen(
        run.command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )

    def hand_on(number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, hand_on)
    closing_line = ""
    try:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if _CLOSING_LINE.match(line):
                closing_line = line.strip()
        return process.wait(), closing_line
    finally:
        # Interrupted: what was started cleans up before this ends.
        process.wait()


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in _RUNS:
        print(f"usage: python -m scripts.run_tests {{{'|'.join(_RUNS)}}}", file=sys.stderr)
        return 2
    failed: list[str] = []
    closing_lines: list[str] = []
    try:
        for run in _RUNS[arguments[0]]:
            code, closing_line = _run(run)
            if code == _NO_TESTS_COLLECTED and run.may_be_empty:
                print(f"tests: {run.name}: there are none yet", flush=True)
                continue
            if code != 0:
                failed.append(run.name)
            if closing_line:
                closing_lines.append(closing_line)
    except KeyboardInterrupt:
        print("tests: interrupted", file=sys.stderr)
        return 130
    _report(closing_lines, failed)
    return 1 if failed else 0


def _report(closing_lines: Sequence[str], failed: Sequence[str]) -> None:
    if len(closing_lines) > 1:
        total = {"passed": 0, "failed": 0, "skipped": 0}
        for count, outcome in _COUNT.findall("\n".join(closing_lines)):
            total["failed" if outcome.startswith("error") else outcome] += int(count)
        print(f"total: {total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    if failed:
        print(f"tests: failed: {', '.join(failed)}")
    for line in closing_lines:
        print(line)
    target = os.environ.get("CLOSING_LINES")
    if target and closing_lines:
        with open(target, "a", encoding="utf-8") as handle:
            handle.writelines(f"{line}\n" for line in closing_lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
