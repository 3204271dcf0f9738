"""The web process is killed in the middle of an import: nothing of it is there, and it can be sent again."""

import contextlib
import csv
import os
import signal
import threading
from io import StringIO

import pytest

from tests.faults.installation import Installation, eventually
from tests.faults.kinds import places

pytestmark = pytest.mark.processes
PLAN = "/projects/alder/plan"
ROWS = 200


def test_an_import_that_is_killed_leaves_nothing(installation: Installation) -> None:
    site = installation.serve("--web-only", "--workers=1")
    mara = site.enter("mara")
    sent = list(csv.DictReader(StringIO(mara.get(f"{PLAN}/download/?format=csv").content.decode("utf-8-sig"))))
    for row in sent[:ROWS]:
        row["note"] = f"Imported for {row['ref']}"
    out = StringIO()
    writer = csv.DictWriter(out, list(sent[0]))
    writer.writeheader()
    writer.writerows(sent)
    preview = mara.upload(f"{PLAN}/import/", "plan.csv", out.getvalue().encode()).location
    assert mara.get(preview).status == 200

    def stands() -> list[list[object]]:
        """All that an import writes."""
        return [
            installation.inside("read", sql)
            for sql in (
                "SELECT id, note, version FROM phases_phaseactivity ORDER BY id",
                "SELECT id, hash FROM audittrail_event ORDER BY id",
                "SELECT id, head_seq, head_hash FROM audittrail_stream ORDER BY id",
                "SELECT * FROM phases_planpreview ORDER BY uuid",
            )
        ]

    before = stands()
    installation.hold(places.IMPORT_WRITTEN)

    def confirm() -> None:
        with contextlib.suppress(OSError):
            mara.post(preview, do="import")

    confirming = threading.Thread(target=confirm)
    confirming.start()
    # All rows and all events are written, and the transaction is not ended: this is the instant.
    os.kill(installation.reached(places.IMPORT_WRITTEN), signal.SIGKILL)
    site.process.send_signal(signal.SIGKILL)
    site.process.wait()
    confirming.join()
    eventually(lambda: not installation.processes(), what="all of the web is gone")
    assert stands() == before
    installation.verify()

    # Nothing is used up either: the same preview, confirmed again, does all of it.
    installation.release(places.IMPORT_WRITTEN)
    again = installation.serve("--web-only", "--workers=1", port=site.port)
    assert again.answers()
    assert mara.post(preview, do="import").status == 302
    imported = installation.inside(
        "read", "SELECT count(*) FROM phases_phaseactivity WHERE note LIKE 'Imported for %%'"
    )
    assert imported == [[ROWS]]
    installation.verify()
