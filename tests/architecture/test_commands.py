"""The machinery around the tests: suppressions need reasons, throwaway servers leave nothing behind."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scripts.check_sources import forbidden_words, unexplained_suppressions
from scripts.source_files import ROOT

_SERVERS = [sys.executable, "-m", "scripts.throwaway_servers"]


def _write(folder: Path, text: str) -> Path:
    path = folder / "module.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "comment",
    ["noqa", "noqa: E501", "noqa: E501, S101", "type: ignore", "type: ignore[arg-type]", "pragma: no cover"],
)
def test_it_refuses_a_suppression_without_a_reason(tmp_path, comment):
    path = _write(tmp_path, f"x = 1  # {comment}\n")

    assert list(unexplained_suppressions(path)) == [(1, f"# {comment}")]


@pytest.mark.parametrize(
    "comment",
    [
        "noqa: E501 - the address cannot be broken",
        "type: ignore[arg-type]  # the stubs know less than the library",
        "pragma: no cover - only another system gets here",
        "about noqa and type: ignore in general",
    ],
)
def test_it_accepts_a_suppression_with_a_reason(tmp_path, comment):
    path = _write(tmp_path, f"x = 1  # {comment}\n")

    assert list(unexplained_suppressions(path)) == []


def test_it_finds_registry_hosts_and_paths_of_a_machine(tmp_path):
    host = ".".join(["files", "pythonhosted", "org"])
    path = _write(
        tmp_path, f"# https://{host}/x\n# /{'root'}/x\n# https://example.org/{'root'}/x\n# see /{'work'}/ below\n"
    )

    assert list(forbidden_words(path)) == [
        (1, f"a package registry's host: {host}"),
        (2, f"a path of one machine: /{'root'}/"),
    ]


def _server_folders() -> set[Path]:
    return set(Path("/tmp").glob("smsplan-server-*"))


@pytest.mark.slow
def test_throwaway_servers_pass_on_the_exit_code_and_leave_nothing_behind():
    before = _server_folders()

    result = subprocess.run(
        [*_SERVERS, "--postgresql", "--redis", "--", sys.executable, "-c", _USE_BOTH],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    assert result.stdout.split() == ["1", "True"], result.stderr
    assert result.returncode == 7
    assert _server_folders() == before


_USE_BOTH = """
import os, sys, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("select 1").fetchone()[0])
print(redis.from_url(os.environ["REDIS_URL"]).ping())
sys.exit(7)
"""


def _hear_interrupts() -> None:
    """A run that was started in the background ignores SIGINT, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_throwaway_servers_stop_when_they_are_told_to(number):
    before = _server_folders()
    process = subprocess.Popen(
        [*_SERVERS, "--postgresql", "--", sys.executable, "-c", _SAY_ADDRESS_AND_WAIT],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_interrupts,
    )
    assert process.stdout is not None
    port = urlsplit(process.stdout.readline().strip()).port

    process.send_signal(number)

    assert process.wait(timeout=60) != 0
    assert _server_folders() == before
    assert str(port) not in _listening_ports()
    process.stdout.close()


_SAY_ADDRESS_AND_WAIT = 'import os, time; print(os.environ["DATABASE_URL"], flush=True); time.sleep(60)'


def _listening_ports() -> set[str]:
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return {str(int(line.split()[1].partition(":")[2], 16)) for line in lines if line.split()[3] == "0A"}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_what_make_started_ends_with_make(tmp_path, number):
    (tmp_path / "Makefile").write_text(
        f"demo:\n\t@exec {sys.executable} {ROOT}/scripts/supervise.py {sys.executable} -c '{_SAY_PID_AND_WAIT}'\n",
        encoding="utf-8",
    )
    make = subprocess.Popen(
        ["make", "demo"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=_hear_interrupts,
    )
    assert make.stdout is not None
    pid = int(re.sub(r"\D", "", make.stdout.readline()))

    # The watcher sees make's state a moment after the command has begun.
    time.sleep(1.5)
    make.send_signal(number)

    make.wait(timeout=30)
    assert _ends(pid, seconds=10)
    make.stdout.close()


_SAY_PID_AND_WAIT = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"


def _ends(pid: int, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
