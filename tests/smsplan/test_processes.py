"""One tree of processes, with small programs in the place of web, worker and beat."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.source_files import ROOT

FOREVER = "import time; open({mark!r}, 'a').write('x'); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + FOREVER
ONCE = "import sys; open({mark!r}, 'a').write('x'); sys.exit(3)"
WITH_CHILD = (
    "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    "open({mark!r}, 'w').write(str(child.pid)); child.wait()"
)


def until(condition: Callable[[], object]) -> None:
    """Wait for `condition`, a minute at most."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Tree:
    """A running tree; `mark(name)` is what the program of that name wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **programs: tuple[str, bool]) -> None:
        described = [
            {
                "name": name,
                "command": [sys.executable, "-c", code.format(mark=str(self.folder / name))],
                "vital": vital,
            }
            for name, (code, vital) in programs.items()
        ]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "smsplan.processes", json.dumps(described)], cwd=ROOT, start_new_session=True
        )

    def mark(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def children(self) -> list[int]:
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    """A tree that is killed when the test ends, with whatever it left."""
    made = Tree(tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        for pid in made.children():
            os.killpg(pid, signal.SIGKILL)
        made.process.kill()
        made.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_of_it_cleanly(tree: Tree, number: int) -> None:
    tree.start(web=(FOREVER, True), worker=(FOREVER, False))
    until(lambda: tree.mark("web") and tree.mark("worker"))
    children = tree.children()
    tree.process.send_signal(number)
    assert tree.process.wait(60) == 0
    assert [pid for pid in children if lives(pid)] == []


def test_a_program_that_ends_starts_again(tree: Tree) -> None:
    tree.start(web=(FOREVER, True), worker=(ONCE, False))
    until(lambda: tree.mark("worker") == "xx")
    assert tree.process.poll() is None
    assert tree.mark("web") == "x"


def test_the_vital_one_takes_the_others_with_it_and_says_how_it_ended(
    tree: Tree, capfd: pytest.CaptureFixture[str]
) -> None:
    tree.start(worker=(FOREVER, False), web=(ONCE, True))
    assert tree.process.wait(60) == 3
    assert "serve: web ended with 3; all stop with it\n" in capfd.readouterr().err


def test_a_second_signal_kills_what_does_not_end(tree: Tree) -> None:
    tree.start(web=(STUBBORN, True))
    until(lambda: tree.mark("web"))
    (child,) = tree.children()
    tree.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert lives(child)
    tree.process.send_signal(signal.SIGINT)
    assert tree.process.wait(60) == 0
    assert not lives(child)


def test_what_a_program_started_ends_with_it(tree: Tree) -> None:
    tree.start(web=(WITH_CHILD, True))
    until(lambda: tree.mark("web"))
    tree.process.send_signal(signal.SIGTERM)
    tree.process.wait(60)
    grandchild = int(tree.mark("web"))
    until(lambda: not lives(grandchild))


def test_the_programs_end_when_the_tree_is_killed(tree: Tree) -> None:
    tree.start(web=(FOREVER, True), worker=(FOREVER, False))
    until(lambda: tree.mark("web") and tree.mark("worker"))
    children = tree.children()
    tree.process.kill()
    tree.process.wait()
    until(lambda: not any(lives(pid) for pid in children))
