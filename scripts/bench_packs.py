"""The part of `make bench` on evidence packs: building one against `zip -0`, verifying it against `sha256sum`.

python -m scripts.bench_packs [--files 2000] [--megabytes 2048]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.bench_evidence import MEGABYTE, _speed, _timed

#: Runs a program and says how much memory it took.
WATCHED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def bench_packs(bench: Any, *, files: int = 200, megabytes: int = 256) -> None:
    """Add the rows on packs to the table of `bench`, measured on its newest project."""
    from django.conf import settings

    with tempfile.TemporaryDirectory(prefix="smsplan-bench-") as folder:
        settings.MEDIA_ROOT = str(Path(folder) / "media")
        settings.EVIDENCE_QUOTA_MB = 2 * megabytes + 1024
        _fill(bench, files, megabytes * MEGABYTE // files)
        _build(bench, Path(folder), files)


def _fill(bench: Any, count: int, size: int) -> None:
    """Take in `count` files of `size` bytes, none like another, linked to the activities in turn."""
    from evidence import files
    from evidence.services.items import Facts, FileIn, add_evidence
    from phases.models import ProjectActivity

    refs = list(
        ProjectActivity.objects.filter(project=bench.project).order_by("position").values_list("ref", flat=True)
    )
    noise = os.urandom(size)

    def pieces(number: int) -> Iterator[bytes]:
        yield f"%PDF-1.7 {number:06d}\n".encode()
        yield noise[number % 1000 :]

    for number in range(count):
        add_evidence(
            acting_user=bench.user,
            project=bench.project,
            content=FileIn(files.receive(pieces(number), most=2**40), f"record-{number}.pdf"),
            facts=Facts(refs=(refs[number % len(refs)],)),
        )


def _build(bench: Any, folder: Path, count: int) -> None:
    from audits.domain.pack_options import PackOptions
    from audits.pack_build import PARTS, build_pack
    from audits.selectors.pack_cut import cut_of
    from audits.selectors.pack_state import state_at
    from evidence.files import hash_of, root
    from projects.permissions import access_to

    project, options = bench.project, PackOptions(edition="2018")
    access, cut = access_to(project, bench.user), cut_of(bench.project)
    target, zipped = folder / "pack.zip", folder / "plain.zip"
    whole = sum(path.stat().st_size for path in root().rglob("*") if path.is_file())
    what = f"{count:,} files, {whole / MEGABYTE:,.0f} MB"

    def build() -> None:
        target.unlink(missing_ok=True)
        build_pack(project, access, cut, options, target)

    def zip_plain() -> None:
        zipped.unlink(missing_ok=True)
        subprocess.run(["zip", "-0", "-q", "-r", str(zipped), str(root())], check=True)

    # In turns, so that what the machine does besides falls on both.
    zips, builds, memory = [], [], 0.0
    for _turn in range(3):
        zips.append(_timed(zip_plain)[0])
        took, grew = _timed(build)
        builds.append(took)
        memory = max(memory, grew)
    other, took = sorted(zips)[1], sorted(builds)[1]
    bench.row(
        f"pack of {what} against zip -0, median of 3",
        f"{took / other:.2f} x",
        f"{took:.1f} / {other:.1f} s, {_speed(whole, took)}, {memory:.0f} MB more memory",
        "<= 4 x",
    )
    read, grew = _timed(lambda: state_at(project, access, cut, options))
    bench.row("of it reading the project", f"{read:.1f} s", f"{grew:.0f} MB more memory", "")
    hashed, _grew = _timed(lambda: hash_of(target))
    bench.row("its hash, taken afterwards", f"{hashed:.1f} s", "", "")
    first, _size = hash_of(target)
    build()
    same = hash_of(target)[0] == first
    bench.row("built again", "the same bytes" if same else "OTHER BYTES", "", "the same bytes")
    sums, checks, peak = [], [], 0
    for _turn in range(3):
        sums.append(_seconds("sha256sum", str(target))[0])
        took, peak = _seconds(sys.executable, "-I", str(PARTS / "verify_pack.py"), str(target))
        checks.append(took)
    other, took = sorted(sums)[1], sorted(checks)[1]
    bench.row(
        f"verify_pack.py of {what} against sha256sum, median of 3",
        f"{took / other:.2f} x",
        f"{took:.1f} / {other:.1f} s, {_speed(whole, took)}, {peak / 1024:.0f} MB at its peak",
        "<= 2 x",
    )
    zipped.unlink(missing_ok=True)


def _seconds(*command: str) -> tuple[float, int]:
    """How long a program ran, and how many kilobytes it took at its peak."""
    begun = time.perf_counter()
    run = subprocess.run([sys.executable, "-c", WATCHED, *command], check=True, capture_output=True, text=True)
    return time.perf_counter() - begun, int(run.stdout.split()[-1])


def main() -> None:
    """Print the rows on packs alone."""
    from scripts.bench import Bench

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--megabytes", type=int, default=2048)
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
        bench_packs(bench, files=options.files, megabytes=options.megabytes)


if __name__ == "__main__":
    main()
