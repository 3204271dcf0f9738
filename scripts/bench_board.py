"""The board pack: reading its value, and the PDF of it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


def bench_board(bench: Any, median_ms: Callable[..., float], counting: Callable[..., Any]) -> None:
    """Measure them for the newest project of `bench`."""
    from common import clock
    from governance.board_paper import write_board_pack
    from governance.selectors.steering import board_of
    from governance.services.boards import keep_board
    from projects.models import Project

    project = Project.objects.select_related("organization").get(pk=bench.project.pk)
    with counting() as statements:
        board_of(project)
    took = median_ms(lambda: board_of(project))
    bench.row("steering page, its value alone", f"{took:.0f} ms", f"{len(statements)} queries", "")
    past = (datetime.now(UTC) - timedelta(weeks=20)).date()
    took = median_ms(lambda: board_of(project, past), runs=3)
    bench.row("the same of a past day that was not kept", f"{took:.0f} ms", "", "")
    with counting() as statements:
        begun = time.perf_counter()
        row = keep_board(project=project)
        took = (time.perf_counter() - begun) * 1000
    bench.row("keep the page of a day", f"{took:.0f} ms", f"{len(statements)} statements", "")
    with TemporaryDirectory() as folder:
        begun = time.perf_counter()
        facts = write_board_pack(project, board_of(project), Path(folder) / "pack.pdf", made_at=clock.now())
        took = time.perf_counter() - begun
    size = len(str(row.content)) / 1000
    bench.row("board pack as PDF", f"{took:.1f} s", f"{facts.pages} pages; a kept page is {size:.0f} kB", "")
