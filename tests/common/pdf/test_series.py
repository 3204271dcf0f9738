"""Several PDFs one after another: the same bytes as alone, each with its limits, and one that fails spoils no other."""

import os
from pathlib import Path

import pytest

from common.pdf.exceptions import PdfFailed, Why
from common.pdf.limits import Limits
from common.pdf.render import FOR_ARCHIVE, render_pdf
from common.pdf.series import Series
from tests.common.pdf.reading import document

ONE, OTHER = document("<h1>One</h1><p>Łukasz</p>"), document("<h1>Other</h1><table><tr><td>x</table>")


def children_of(pid: int) -> list[str]:
    """The processes that `pid` started and that are there."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


def test_each_is_what_it_is_alone_and_what_fails_between_spoils_nothing(tmp_path: Path) -> None:
    alone, target = tmp_path / "alone.pdf", tmp_path / "a.pdf"
    before = set(children_of(os.getpid()))
    with Series(own_fonts=True) as series:

        def drawn(html: str, limits: Limits | None = None, **more: str) -> bytes:
            render_pdf(html, target, limits=limits or Limits(), own_fonts=True, series=series, **more)
            return target.read_bytes()

        for html, more in ((OTHER, {}), (ONE, {"variant": FOR_ARCHIVE}), (ONE, {})):
            render_pdf(html, alone, limits=Limits(), own_fonts=True, **more)
            assert drawn(html, **more) == alone.read_bytes()
        (process,) = set(children_of(os.getpid())) - before
        for html, limits, why in (
            (document("<img alt='' src='file:///etc/passwd'>"), None, Why.MISSING),
            (document("<table><tr><td>" * 60), None, Why.NESTING),
            (OTHER, Limits(memory_mb=1), Why.MEMORY),
            (OTHER, Limits(file_mb=0), Why.FILE_SIZE),
        ):
            with pytest.raises(PdfFailed) as raised:
                drawn(html, limits)
            assert raised.value.why is why
        assert target.read_bytes() == alone.read_bytes()
        assert set(children_of(os.getpid())) - before == {process}
        assert (children_of(int(process)), list(Path(series._folder.name).iterdir())) == ([], [])
        folder = Path(series._folder.name)
        with pytest.raises(PdfFailed) as raised:
            drawn(OTHER, Limits(seconds=0))
        assert raised.value.why is Why.TIME
        assert (series._process, folder.exists()) == (None, False)
        assert drawn(ONE) == alone.read_bytes()
    assert set(children_of(os.getpid())) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "alone.pdf"]


def test_a_series_has_the_fonts_that_it_began_with(tmp_path: Path) -> None:
    with Series() as series, pytest.raises(ValueError, match="other fonts"):
        render_pdf(ONE, tmp_path / "a.pdf", own_fonts=True, series=series)
