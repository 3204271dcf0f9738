"""PostgreSQL goes down as in a crash, under load, and comes back: errors for a while, nothing promised is lost."""

import contextlib
import signal
import threading
import time
from collections import Counter

import pytest

from scripts.throwaway_servers import Server
from tests.faults.browser import Browser
from tests.faults.installation import Installation, eventually
from tests.faults.kinds import work

pytestmark = pytest.mark.faults
LONGEST_SECONDS = 30
EDITORS = 3
AFTERWARDS = 5
HERE = "here"


class Editor(threading.Thread):
    """Saves a note on a row of its own, one after the other, until it is told to stop."""

    def __init__(self, where: Installation, browser: Browser, row: int) -> None:
        super().__init__(daemon=True)
        self._browser, self._row = browser, row
        self._version = int(where.inside("note_of", row)[0])
        self.stop = threading.Event()
        self.acknowledged: list[str] = []
        self.refused: Counter[int] = Counter()

    def run(self) -> None:
        """Write; what is not acknowledged is asked for again under the version that the server names."""
        number = 0
        while not self.stop.is_set():
            number += 1
            text = f"note {number} on {self._row}"
            status = self._save(text)
            if status == 303:
                self._version += 1
                self.acknowledged.append(text)
            elif status == 409:
                # The write before was saved, and its answer lost.
                self._version += 1
            else:
                self.refused[status] += 1
                time.sleep(0.2)

    def _save(self, text: str) -> int:
        with contextlib.suppress(OSError):
            address = f"/projects/alder/rows/{self._row}/note/"
            return self._browser.post(address, version=self._version, note=text).status
        return 0


def test_a_restart_under_load_loses_nothing_that_was_promised(on_postgresql: Installation, postgresql: Server) -> None:
    where = on_postgresql
    where.hold(HERE)
    processes = [where.worker("--concurrency=2"), where.beat()]
    site = where.serve()
    processes.append(site.process)
    rows = where.inside("rows_of_plan")[:EDITORS]
    editors = [Editor(where, site.enter(who), row) for who, row in zip(("mara", "olga", "mara"), rows, strict=True)]
    running = where.inside("request", work.SLOW, hold=HERE)
    where.began(running)
    for editor in editors:
        editor.start()
    eventually(lambda: all(len(editor.acknowledged) >= AFTERWARDS for editor in editors), what="all editors write")

    postgresql.stop(signal.SIGQUIT)
    assert not site.answers()
    postgresql.start()
    before = [len(editor.acknowledged) for editor in editors]
    eventually(
        lambda: all(
            len(editor.acknowledged) >= count + AFTERWARDS for editor, count in zip(editors, before, strict=True)
        ),
        what="all editors write again",
        seconds=LONGEST_SECONDS,
    )
    for editor in editors:
        editor.stop.set()
    for editor in editors:
        editor.join()

    # Every acknowledged write is in the trail.
    payloads = where.inside("read", "SELECT payload FROM audittrail_event WHERE kind = 'phase activity'")
    recorded = "\n".join(payload for (payload,) in payloads)
    for editor in editors:
        assert [text for text in editor.acknowledged if f'"{text}"' not in recorded] == []
    # The job that ran meanwhile ends, and so does one that is asked for now: nothing had to be started again.
    where.release(HERE)
    where.ended(running, "succeeded")
    where.ended(where.inside("request", work.SLOW), "succeeded")
    beat = where.inside("beats")
    eventually(lambda: where.inside("beats") != beat, what="the beat goes on")
    assert [process.poll() for process in processes] == [None, None, None]
    where.verify()
