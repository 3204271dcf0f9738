"""An installation in a folder of its own, with real processes that a test starts, watches and kills."""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from smsplan.environment import BASE_DIR
from tests.faults.browser import Browser

PATIENCE = 90.0
_MARK = "SMSPLAN_FAULT_TEST"
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
Found = TypeVar("Found")

# Short, so that what takes minutes in production takes seconds here.
_TIMERS = {
    "JOB_HEARTBEAT_SECONDS": "1",
    "JOB_LOST_AFTER_SECONDS": "3",
    "JOB_RESEND_SECONDS": "2",
    "JOB_KILL_AFTER_SECONDS": "2",
    "JOB_STOP_SECONDS": "2",
    "BEAT_SECONDS": "1",
    "NIGHTLY_AT": "off",
}


def eventually(look: Callable[[], Found], *, what: str = "", seconds: float = PATIENCE) -> Found:
    """What `look` answers once it is true; fails when it is not within `seconds`, far more than it should take."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s: {what or look}")
        time.sleep(0.1)


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_test() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def is_running(pid: int) -> bool:
    """Whether the process is there, and more than a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


def parent_of(pid: int) -> int:
    """The process that started `pid`."""
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


class Inside:
    """A process of the installation that does what it is told (tests.faults.acts)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, name: str, *arguments: Any, **keywords: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([name, arguments, keywords], default=str) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline() or '{"error": "the process inside has ended"}')
        assert "error" not in said, said["error"]
        return said["answer"]


class Installation:
    """Its folder, its environment, and the processes that run in it. `close` ends them all, whatever they do."""

    def __init__(
        self, folder: Path, *, prefix: Sequence[str] = (), logs: Path | None = None, **environment: str
    ) -> None:
        """`prefix` is the command that starts each command, `logs` where they lie if not in `folder`."""
        self.folder = folder
        self._logs = logs or folder
        self._python = [*prefix, sys.executable]
        self._mark = uuid4().hex
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "SMSPLAN_ENV": "demo",
            "SECRET_KEY": "a-key-of-fault-tests-that-is-long-enough-for-every-check",
            "TRAIL_KEY": "another-key-of-fault-tests-that-is-long-enough-too",
            "PYTHONUNBUFFERED": "1",
            _MARK: self._mark,
            **_TIMERS,
            **environment,
        }
        self._inside: Inside | None = None
        self._count = 0

    # --- processes ---------------------------------------------------------------------------------------------

    def start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        """Run `python COMMAND` beside the test; what it says goes to a log in the folder."""
        self._count += 1
        with (self._logs / f"{self._count:02d}-{Path(command[-1]).name}.log").open("ab") as log:
            return subprocess.Popen(
                [*self._python, *command],
                cwd=BASE_DIR,
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_test,
            )

    def worker(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """A worker with one process for jobs, unless `arguments` say otherwise."""
        chosen = arguments or ("--concurrency=1",)
        return self.start("manage.py", "worker", *chosen, **environment)

    def beat(self, **environment: str) -> subprocess.Popen[bytes]:
        """A beat."""
        return self.start("manage.py", "beat", **environment)

    def serve(self, *arguments: str, port: int = 0, **environment: str) -> "Site":
        """Everything that `manage.py serve` runs, once it answers."""
        port = port or free_port()
        process = self.start("manage.py", "serve", f"--port={port}", *arguments, **environment)
        site = Site(process, f"http://127.0.0.1:{port}")

        def answers() -> bool:
            assert process.poll() is None, self.logs()
            return site.answers()

        eventually(answers, what="the application answers")
        return site

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py to its end."""
        return self._run(["manage.py", *arguments], environment)

    def run(self, module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m MODULE` to its end."""
        return self._run(["-m", module, *arguments], environment)

    def _run(self, command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._python, *command],
            cwd=BASE_DIR,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def verify(self) -> None:
        """Fail with its words where `manage.py verify` finds something."""
        found = self.manage("verify")
        assert found.returncode == 0, found.stdout + found.stderr

    @property
    def inside(self) -> Inside:
        """The process inside, started when it is first needed."""
        if self._inside is None:
            self._inside = Inside(
                subprocess.Popen(
                    [*self._python, "-m", "tests.faults.inside"],
                    cwd=BASE_DIR,
                    env=self.environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                    preexec_fn=_end_with_test,
                )
            )
        return self._inside

    def processes(self, *, beside_inside: bool = True) -> list[int]:
        """All processes that still run in this installation, whoever started them."""
        inside = self._inside._process.pid if self._inside is not None and beside_inside else 0
        wanted = f"{_MARK}={self._mark}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == inside:
                continue
            with contextlib.suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0") and is_running(int(entry.name)):
                    found.append(int(entry.name))
        return found

    def logs(self) -> str:
        """What the processes said, for the message of a failure."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(encoding='utf-8', errors='replace')[-3000:]}"
            for path in sorted(self._logs.glob("*.log"))
        )

    def close(self) -> None:
        """Kill what still runs."""
        for _ in range(100):
            left = self.processes(beside_inside=False)
            if not left:
                break
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        if self._inside is not None:
            for pipe in (self._inside._process.stdin, self._inside._process.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            self._inside._process.wait()

    # --- places ------------------------------------------------------------------------------------------------

    def hold(self, name: str) -> None:
        """Let whoever comes to the place `name` wait there."""
        place = self.folder / "faults" / "hold" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()

    def release(self, name: str) -> None:
        """Let those at `name` go on."""
        (self.folder / "faults" / "hold" / name).unlink(missing_ok=True)
        (self.folder / "faults" / "at" / name).unlink(missing_ok=True)

    def reached(self, name: str) -> int:
        """Wait until a process has come to the place `name`; its number."""
        arrived = self.folder / "faults" / "at" / name
        eventually(arrived.exists, what=f"somebody comes to {name}")
        return int(arrived.read_text(encoding="ascii"))

    def set_clock(self, seconds: float) -> None:
        """Move the clock of all processes by `seconds`."""
        place = self.folder / "faults" / "clock"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_suffix(".part").write_text(str(seconds), encoding="ascii")
        place.with_suffix(".part").replace(place)

    # --- jobs --------------------------------------------------------------------------------------------------

    def job(self, pk: str) -> dict[str, Any]:
        """The row of a job."""
        return dict(self.inside("job", pk))

    def ended(self, pk: str, state: str) -> dict[str, Any]:
        """The row of a job once it has ended; fails where it did not end as `state`."""

        def look() -> dict[str, Any]:
            row = self.job(pk)
            return row if row["state"] not in ("queued", "running") else {}

        try:
            row = eventually(look, what=f"job {pk} ends")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.job(pk)}\n{self.logs()}") from error
        assert row["state"] == state, f"{row}\n{self.logs()}"
        return row

    def until(self, pk: str, state: str) -> None:
        """Wait until a job is `state`."""
        eventually(lambda: self.job(pk)["state"] == state, what=f"job {pk} is {state}")

    def runs(self, pk: str) -> list[tuple[str, int]]:
        """What the runs of a job noted (begun, ended), and the process of each."""
        place = self.folder / "faults" / "runs"
        lines = place.read_text(encoding="ascii").splitlines() if place.exists() else []
        return [(what, int(pid)) for job, what, pid in (line.split() for line in lines) if job == pk]

    def began(self, pk: str, times: int = 1) -> int:
        """Wait until a job has begun `times` times; the process of the last one."""

        def look() -> list[int]:
            found = [pid for what, pid in self.runs(pk) if what == "begun"]
            return found if len(found) >= times else []

        return eventually(look, what=f"job {pk} begins")[-1]

    def files(self) -> list[str]:
        """The names of all files of jobs, finished or not."""
        place = self.folder / "jobs"
        return sorted(path.name for path in place.iterdir()) if place.exists() else []


class Site:
    """A running application and its address."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self.process = process
        self.address = address

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.address.rpartition(":")[2])

    def answers(self) -> bool:
        """Whether it says that it is well."""
        try:
            return Browser(self.address, seconds=10).get("/healthz").status == 200
        except OSError:
            return False

    def enter(self, who: str = "mara") -> Browser:
        """A browser in which somebody of the cast has signed in."""
        browser = Browser(self.address)
        browser.sign_in(f"{who}@alder.example")
        return browser


@contextlib.contextmanager
def installed(template: Path, folder: Path, **environment: str) -> Iterator[Installation]:
    """A copy of `template` in `folder`; its processes end with the block."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    installation = Installation(folder, **environment)
    try:
        yield installation
    finally:
        installation.close()
