"""The part of `make bench` on evidence: taking in files and checking them, against cp and sha256sum; a long register.

python -m scripts.bench_evidence [--megabytes 2048] [--items 60000]
"""

import argparse
import gc
import io
import os
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
_MOST_IN_A_FILE = 2048


def bench_evidence(bench: Any, counting: Callable[..., Any], *, megabytes: int = 256, items: int = 60_000) -> None:
    """Add the rows on evidence to the table of `bench`, measured on its newest project."""
    from django.conf import settings

    with tempfile.TemporaryDirectory(prefix="smsplan-bench-") as folder:
        settings.MEDIA_ROOT = str(Path(folder) / "media")
        # Room in the quota, and no checking of each piece of a file as text.
        settings.EVIDENCE_QUOTA_MB = 4 * megabytes + 1024
        _files(bench, Path(folder), megabytes)
    _register(bench, counting, items)


def _files(bench: Any, folder: Path, megabytes: int) -> None:
    from evidence.verification import check_files, check_orphans

    # As for real: one file as large as is taken at all, and many small ones beside it.
    sent = folder / "sent.zip"
    _write(sent, min(megabytes, _MOST_IN_A_FILE))
    size = sent.stat().st_size
    copied, _memory = _timed(lambda: _call("cp", str(sent), str(folder / "copy.zip")))
    (folder / "copy.zip").unlink()
    summed, _memory = _timed(lambda: _call("sha256sum", str(sent)))
    what = f"{size / MEGABYTE:,.0f} MB"
    bench.row(f"cp, then sha256sum, of {what}", f"{copied:.1f} s, {summed:.1f} s", _speed(size, copied + summed), "")
    took, memory = _timed(lambda: _add(bench, sent))
    _against(bench, f"taking in {what} (service)", took, copied + summed, size, memory, "<= 1.5 x")
    _client(bench).get(f"/projects/{bench.project.slug}/evidence/")  # what a process does once is no part of it
    _write(sent, min(megabytes, _MOST_IN_A_FILE))  # another one: the same again would be held as a twin
    took, memory = _timed(lambda: _send(bench, sent))
    _against(bench, f"taking in {what} in pieces of 8 MB", took, copied + summed, size, memory, "<= 2 x")
    sent.unlink()
    for number in range(200):
        _write(small := folder / f"small-{number}.zip", 0, 64 * 1024 + number)
        _add(bench, small)
    paths = [str(path) for path in sorted(Path(folder, "media").rglob("*")) if path.is_file()]
    whole = sum(Path(path).stat().st_size for path in paths)
    summed, _memory = _timed(lambda: _call("sha256sum", *paths))
    found: list[str] = []
    took, memory = _timed(lambda: found.extend([*check_files(False), *check_orphans(False)]))
    what = f"verify {len(paths)} files, {whole / MEGABYTE:,.0f} MB, {len(found)} findings, against sha256sum"
    _against(bench, what, took, summed, whole, memory, "<= 1.2 x")


def _against(bench: Any, what: str, took: float, other: float, size: int, memory: float, budget: str) -> None:
    bench.row(
        what,
        f"{took / other:.2f} x",
        f"{took:.1f} / {other:.1f} s, {_speed(size, took)}, {memory:.0f} MB more memory",
        budget,
    )


def _speed(size: int, took: float) -> str:
    return f"{size / MEGABYTE / took:.0f} MB/s"


def _write(path: Path, megabytes: int, more: int = 1) -> None:
    """A file that begins as a ZIP does: one that no job draws meanwhile."""
    noise = os.urandom(MEGABYTE)
    with path.open("wb") as handle:
        with zipfile.ZipFile(head := io.BytesIO(), "w") as archive:
            archive.writestr("a.txt", b"x")
        handle.write(head.getvalue()[:36])
        for _turn in range(max(0, megabytes - 1)):
            handle.write(noise)
        handle.write(noise[: more if not megabytes else MEGABYTE - 64])


def _call(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _timed(act: Callable[[], Any]) -> tuple[float, float]:
    """How long `act` took, and how many megabytes this process grew meanwhile at its highest."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest begins anew
    before = _status("VmRSS")
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun, max(0.0, _status("VmHWM") - before)


def _status(name: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def _add(bench: Any, path: Path) -> None:
    from evidence import files
    from evidence.services.items import Facts, FileIn, add_evidence

    incoming = files.receive(files.pieces_of(path), most=2**40)
    add_evidence(
        acting_user=bench.user, project=bench.project, content=FileIn(incoming, path.name), facts=Facts(refs=("CH.i",))
    )


def _send(bench: Any, path: Path) -> None:
    """As the page sends a large file, through the views."""
    client = _client(bench)
    where = f"/projects/{bench.project.slug}/evidence/uploads/"
    begun = client.post(where, {"name": "pieces.zip", "size": path.stat().st_size}).json()
    offset = 0
    with path.open("rb") as handle:
        while piece := handle.read(begun["piece"]):
            answer = client.post(
                begun["url"], piece, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)}
            )
            offset = answer.json()["received"]
            del answer, piece
            gc.collect()  # the client, which a browser would be, keeps what it sent until then
    done = client.post(f"{begun['url']}done/", {"classification": "internal", "title": "In pieces"})
    if done.status_code not in (201, 202):
        raise RuntimeError(done.content.decode()[:500])


def _client(bench: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(bench.user, backend="accounts.backends.ActiveUserBackend")
    return client


def _register(bench: Any, counting: Callable[..., Any], items: int) -> None:
    from evidence.models import EvidenceItem

    where = f"/projects/{bench.project.slug}/evidence/"
    for total in (100, items):
        _grow(bench, total)
        bench.page(f"register of {total:,}", where, "<= 15 queries")
    last = -(-EvidenceItem.objects.filter(project=bench.project, state="current").count() // 50)
    bench.page(f"register of {items:,}, its last page", f"{where}?page={last}", "<= 15 queries")
    bench.page(f"register of {items:,}, by a word and an activity", f"{where}?q=number+7&ref=CH.i", "<= 15 queries")
    bench.page(f"what may be disposed of, of {items:,}", f"{where}disposal/", "<= 15 queries")
    client = _client(bench)
    for form in ("csv", "xlsx"):
        fetch = partial(client.get, f"{where}export/", {"format": form})
        answers: list[Any] = []
        with counting() as statements:
            took, memory = _timed(lambda: answers.append(fetch()))  # noqa: B023 (called at once)
        weight = len(answers[0].content) / MEGABYTE
        bench.row(
            f"export of {items:,} as {form.upper()}",
            f"{took:.1f} s",
            f"{len(statements)} queries, {weight:.1f} MB, {memory:.0f} MB more memory",
            "",
        )


def _grow(bench: Any, total: int) -> None:
    """Bring the project to `total` items, each with a revision and what it proves."""
    from django.db.models import OuterRef, Subquery

    from evidence.models import ActivityEvidence, EvidenceItem, Revision
    from phases.models import ProjectActivity

    project = bench.project
    activities = list(ProjectActivity.objects.filter(project=project).order_by("pk"))
    known = EvidenceItem.objects.filter(project=project).count()
    now = datetime.now(UTC)
    for start in range(known, total, 2000):
        numbers = range(start, min(start + 2000, total))
        made = EvidenceItem.objects.bulk_create(
            EvidenceItem(
                project=project,
                key=f"B-{number:05d}",
                kind="link",
                title=f"Record number {number}",
                shows="What was seen there",
                collected_on=(now - timedelta(days=number % 700)).date(),
                valid_until=None if number % 3 else (now + timedelta(days=number % 400 - 100)).date(),
                state="current" if number % 10 else "withdrawn",
                left_at=None if number % 10 else now - timedelta(days=number % 90),
                added_by=bench.user,
            )
            for number in numbers
        )
        Revision.objects.bulk_create(
            Revision(
                project=project, item=item, number=1, sha256=f"{item.pk:064x}", url="https://a.example", seen_note="x"
            )
            for item in made
        )
        ActivityEvidence.objects.bulk_create(
            ActivityEvidence(project=project, item=item, activity=activities[(place + step) % len(activities)])
            for place, item in enumerate(made)
            for step in range(1 + place % 2)
        )
    newest = Revision.objects.filter(item=OuterRef("pk")).values("pk")[:1]
    EvidenceItem.objects.filter(project=project, revision=None).update(revision=Subquery(newest))


def main() -> None:
    """Print the rows on evidence alone."""
    from scripts.bench import Bench, counting

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--items", type=int, default=60_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="smsplan-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        import django

        django.setup()
        from django.test.utils import setup_test_environment

        setup_test_environment()
        bench = Bench()
        bench.prepare()
        bench.make_projects(1)
        bench_evidence(bench, counting, megabytes=options.megabytes, items=options.items)


if __name__ == "__main__":
    main()
