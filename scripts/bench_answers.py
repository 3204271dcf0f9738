"""The part of `make bench` on an assessment as a workbook: out, looked at, and taken in with an answer in every row."""

import io
import time
import tracemalloc
from collections.abc import Callable
from typing import Any


def bench_answers(bench: Any, counting: Callable[..., Any]) -> None:
    """Add the rows to the table of `bench`, measured on the newest assessment that takes answers."""
    from common.marked_rows import take_all
    from common.uploads import Upload
    from gapanalysis.exports_workbook import answers_xlsx
    from gapanalysis.models import Assessment
    from gapanalysis.services.answer_import import import_answers, preview_file

    assessment = (
        Assessment.objects.filter(project=bench.project, state="in progress").select_related("project").latest("pk")
    )
    who: dict[str, Any] = {"acting_user": bench.user, "project": bench.project, "assessment": assessment}

    def act(title: str, step: Callable[[], Any], *, twice: bool = True) -> Any:
        begun = time.perf_counter()
        with counting() as statements:
            made = step()
        took = time.perf_counter() - begun
        cost = f"{len(statements)} statements"
        if twice:  # watching memory makes it ten times as slow
            tracemalloc.start()
            step()
            cost += f", {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB"
            tracemalloc.stop()
        bench.row(title, f"{took * 1000:.0f} ms", cost, "")
        return made

    rows = assessment.answers.count()
    content = act(f"workbook of {rows} questions", lambda: answers_xlsx(assessment))
    upload = Upload("answers.xlsx", _filled(content), "0" * 64)
    act("preview of a note in every row", lambda: preview_file(**who, upload=upload))
    act("import of a note in every row", lambda: import_answers(**who, upload=upload, choose=take_all), twice=False)


def _filled(content: bytes) -> bytes:
    """The workbook with a note in every row."""
    import openpyxl

    from gapanalysis.exports_workbook import NO_TABLE
    from gapanalysis.selectors.answer_rows import COLUMNS

    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=2) if sheet.title not in NO_TABLE else ():
            row[COLUMNS.index("note")].value = f"Seen offline at {row[0].value}."
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
