"""The disk is full: a page says so and saves nothing, a job fails in words, no row names a file that is not there."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsplan.environment import BASE_DIR
from tests.faults.installation import Installation, eventually
from tests.faults.kinds import work

pytestmark = pytest.mark.processes
WORDS = "The disk is full. Nothing of it was kept. Tell the administrator, then try again."
SMALL_MB = 24


@pytest.fixture
def on_a_small_disk(template: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation on a disk of a few megabytes, mounted where only its processes see it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    own = ["--mount"] if os.geteuid() == 0 else ["--map-root-user", "--mount"]
    mount = (
        f'mount -t tmpfs -o size={SMALL_MB}m,mode=700 tmpfs "$1" && cp -r "$2"/. "$1" && echo ready && exec sleep 600'
    )
    holder = subprocess.Popen(
        ["unshare", *own, "sh", "-c", mount, "sh", str(folder), str(template)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stderr is not None
        if holder.stdout.readline().strip() != "ready":
            pytest.skip(f"no disk can be mounted here, the other tests stand alone: {holder.stderr.read().strip()}")
        entered = ["nsenter", f"--target={holder.pid}", "--mount", f"--wd={BASE_DIR}"]
        if os.geteuid() != 0:
            entered += ["--user", "--preserve-credentials"]
        made = Installation(
            Path(f"/proc/{holder.pid}/root{folder}"), prefix=entered, logs=tmp_path, DATA_DIR=str(folder)
        )
        try:
            yield made
        finally:
            made.close()
    finally:
        holder.kill()
        holder.communicate()


def fill(where: Installation) -> Path:
    """Leave no room on the disk of `where`."""
    filler = where.folder / "filler"
    with filler.open("wb", buffering=0) as handle:
        for size in (65536, 4096, 512):
            while True:
                try:
                    handle.write(b"x" * size)
                except OSError:
                    break
    return filler


def test_a_page_on_a_full_disk_answers_507_and_saves_nothing(on_a_small_disk: Installation) -> None:
    where = on_a_small_disk
    site = where.serve("--web-only", "--workers=1")
    mara = site.enter("mara")
    row = where.inside("rows_of_plan")[0]
    before = where.inside("note_of", row)
    events = "SELECT count(*), max(seq) FROM audittrail_event"
    recorded = where.inside("read", events)
    address = f"/projects/alder/rows/{row}/note/"
    filler = fill(where)
    answer = mara.post(address, version=before[0], note="too much " * 2000)
    assert answer.status == 507
    assert "The server's disk is full" in answer.text
    assert where.inside("note_of", row) == before
    assert where.inside("read", events) == recorded
    # Reading still works.
    assert mara.get("/projects/alder/phases/1/").status == 200
    filler.unlink()
    assert mara.post(address, version=before[0], note="there is room again").status == 303
    assert where.inside("note_of", row) == [before[0] + 1, "there is room again"]
    where.verify()


def test_a_job_on_a_full_disk_fails_in_words_and_leaves_nothing(on_a_small_disk: Installation) -> None:
    where = on_a_small_disk
    where.worker()
    where.beat()
    job = where.inside("request", work.FULL)
    row = where.ended(job, "failed")
    assert (row["error"], row["result_name"], row["attempts"]) == (WORDS, "", 1)
    assert where.files() == []
    again = where.inside("request", work.SLOW)
    where.ended(again, "succeeded")
    assert where.files() == [again]
    where.verify()


def test_a_job_asked_for_on_a_full_disk_is_refused_or_runs(on_a_small_disk: Installation) -> None:
    where = on_a_small_disk
    site = where.serve("--workers=1")
    mara = site.enter("mara")
    filler = fill(where)
    asked = mara.post("/projects/alder/export/", nonce="")
    assert asked.status in (302, 507)
    filler.unlink()
    asked = mara.post("/projects/alder/export/", nonce="")
    assert asked.status == 302
    # Every row that is there comes to its end, with its file.
    eventually(
        lambda: {row["state"] for row in where.inside("jobs_of_kind", "phases.export_plan")} == {"succeeded"},
        what="all jobs succeed",
    )
    where.verify()


# --- the same where no disk can be mounted ------------------------------------------------------------------------


def test_a_page_whose_database_may_not_grow_answers_507(installation: Installation) -> None:
    pages = installation.inside("read", "PRAGMA page_count")[0][0]
    site = installation.serve("--web-only", "--workers=1", FAULT_MOST_PAGES=str(pages + 8))
    mara = site.enter("mara")
    row = installation.inside("rows_of_plan")[0]
    before = installation.inside("note_of", row)
    address = f"/projects/alder/rows/{row}/note/"
    assert mara.post(address, version=before[0], note="x" * 19_000).status in (303, 507)
    version, _note = installation.inside("note_of", row)
    answer = mara.post(address, version=version, note="y" * 20_000)
    answer = answer if answer.status == 507 else mara.post(address, version=version + 1, note="z" * 20_000)
    assert answer.status == 507
    assert "The server's disk is full" in answer.text
    installation.verify()


def test_a_job_that_meets_a_full_device_fails_in_words(installation: Installation) -> None:
    installation.worker()
    job = installation.inside("request", work.FULL, device="/dev/full")
    row = installation.ended(job, "failed")
    assert (row["error"], row["result_name"], installation.files()) == (WORDS, "", [])
