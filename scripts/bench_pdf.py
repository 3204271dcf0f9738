"""The part of `make bench` on PDFs: ours against bare WeasyPrint on the same HTML, process against process.

`python -m scripts.bench_pdf` prints its rows alone.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from common.pdf.draw import SHEETS
from common.pdf.limits import Limits
from common.pdf.pages import page_as_png
from common.pdf.render import render_pdf

Row = Callable[..., None]

# What one would write without the adapter: default fetcher, no limits, no checks.
BARE = """
import sys
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
source, target, *sheets = sys.argv[1:]
fonts = FontConfiguration()
styles = [CSS(filename=sheet, font_config=fonts) for sheet in sheets]
HTML(filename=source).write_pdf(target, font_config=fonts, stylesheets=styles, pdf_variant="pdf/ua-1")
"""
_TEXT = (
    "This plan says how the service management system works between now and October: what it should reach, who does "
    "what, with which people and money, and how we will know. "
)


def sample(sections: int) -> str:
    """A document as ours are: contents, numbered sections of text, a table in each."""
    entries, body = [], []
    for number in range(1, sections + 1):
        entries.append(f'<li><a href="#part-{number}">Part {number} of what we set out to reach</a></li>')
        rows = "".join(
            f'<tr><th scope="row">Objective {row}</th><td>{_TEXT}</td><td class="n">{row * 1250:,}</td></tr>'
            for row in range(1, 9)
        )
        body.append(
            f'<section><h2 id="part-{number}">Part {number} of what we set out to reach</h2><p>{_TEXT * 6}</p>'
            f'<p>{_TEXT * 4}</p><table class="data full num-cap"><caption>Costs of part {number}</caption><thead><tr>'
            '<th scope="col" class="w22">Objective</th><th scope="col">What we do about it</th>'
            f'<th scope="col" class="n w15">Euro</th></tr></thead><tbody>{rows}</tbody></table></section>'
        )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A document of the bench</title></head><body>'
        '<p class="run-left">A document of the bench</p><p class="run-foot">Draft</p><h1>A document of the bench</h1>'
        f'<nav class="contents"><h2 class="plain">Contents</h2><ol>{"".join(entries)}</ol></nav>'
        f'<div class="body newpage">{"".join(body)}</div></body></html>'
    )


def bench_pdf(row: Row, runs: int = 5) -> None:
    """Add the rows on PDFs, small and large, and on a picture of a page."""
    with tempfile.TemporaryDirectory(prefix="smsplan-bench-") as folder:
        for sections in (1, 30):
            _compare(row, sample(sections), Path(folder), runs)
        begun = time.perf_counter()
        picture = page_as_png(Path(folder) / "ours.pdf", 1)
        row("picture of a page", f"{(time.perf_counter() - begun) * 1000:.0f} ms", f"{len(picture) / 1000:.0f} kB", "")


def compare_pdf(row: Row, title: str, html: str, runs: int = 5) -> None:
    """Add the row of one document of ours, named `title`, against bare WeasyPrint."""
    with tempfile.TemporaryDirectory(prefix="smsplan-bench-") as folder:
        _compare(row, html, Path(folder), runs, title)


def _compare(row: Row, html: str, folder: Path, runs: int, title: str = "document") -> None:
    source, bare = folder / "source.html", folder / "bare.pdf"
    source.write_text(html, encoding="utf-8")
    command = [sys.executable, "-c", BARE, str(source), str(bare), *map(str, SHEETS)]
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    facts = render_pdf(html, folder / "ours.pdf", limits=Limits())  # this one, and the first bare one, fill caches
    subprocess.run(command, check=True, capture_output=True)
    for _ in range(runs):
        begun = time.perf_counter()
        render_pdf(html, folder / "ours.pdf", limits=Limits())
        between = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times["ours"].append(between - begun)
        times["bare"].append(time.perf_counter() - between)
    ours, bare_took = statistics.median(times["ours"]), statistics.median(times["bare"])
    row(
        f"{title} of {facts.pages} pages as PDF, against bare WeasyPrint",
        f"{ours / bare_took:.2f} x",
        f"{ours:.2f} / {bare_took:.2f} s, {facts.bytes / 1000:.0f} kB",
        "<= 1.15 x",
    )


def main() -> None:
    """Print the rows on PDFs alone."""
    bench_pdf(lambda *cells: print("| " + " | ".join(cells) + " |", flush=True))


if __name__ == "__main__":
    main()
