"""The part of `make bench` on documents: ours against bare WeasyPrint on the same HTML, process against process.

Each run is a process of its own, started from scratch on both sides, so that both pay for loading WeasyPrint. The
memory is the most that the process that makes the PDF, or one that it starts, held. All documents of the demo in one
job stand against one bare process for all of them, which no limit holds and which keeps what it loaded.
`python -m scripts.bench_documents` prints the rows alone; it sets Django up for itself.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from common.pdf.draw import SHEETS
from scripts.bench_pdf import BARE, Row
from scripts.source_files import ROOT

#: Sections of about a third of a page each, to come near to 1, 10 and 50 pages.
SECTIONS = (1, 27, 171)
_RUNS = 3
Found = dict[str, list[tuple[float, float]]]
_OURS = """
import sys
from pathlib import Path
from common.pdf.limits import Limits
from common.pdf.render import render_pdf
source, target = map(Path, sys.argv[1:])
facts = render_pdf(source.read_text(encoding="utf-8"), target, limits=Limits(), own_fonts=True)
print(facts.pages)
"""
# What the job does, from a process that sets Django up for it: all that is in force, and the master list, in one ZIP.
_ALL = (str(ROOT / "manage.py"), "export_documents", "demo", "--format", "zip", "--output")
# The same documents as HTML, one file each.
_HTML_OF_ALL = """
import sys
from pathlib import Path
import django
django.setup()
from common.paper.pages import paper_html
from documents.choices import VersionState
from documents.models import DocumentVersion
from documents.paper import paper_of
in_force = DocumentVersion.objects.filter(project__slug="demo", state=VersionState.PUBLISHED, file=None)
for version in in_force.select_related("document__project__organization", "submitted_by"):
    Path(sys.argv[1], f"{version.document.number}.html").write_text(paper_html(paper_of(version)), encoding="utf-8")
"""
_BARE_ALL = """
import sys
from pathlib import Path
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
folder, *sheets = sys.argv[1:]
pages = 0
for source in sorted(Path(folder).glob("*.html")):
    fonts = FontConfiguration()
    styles = [CSS(filename=sheet, font_config=fonts) for sheet in sheets]
    document = HTML(filename=source).render(font_config=fonts, stylesheets=styles)
    document.write_pdf(source.with_suffix(".pdf"), pdf_variant="pdf/ua-1")
    pages += len(document.pages)
print(pages)
"""
# Runs a command and says what it printed, how long it took and how much memory the largest process below it held.
_WATCH = """
import resource, subprocess, sys, time
begun = time.perf_counter()
said = subprocess.run(sys.argv[1:], check=True, capture_output=True, text=True).stdout.strip()
took = time.perf_counter() - begun
print(took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, said)
"""
_SECTION = """## Rule {number}

Whoever changes what serves a customer says first how it is undone, and waits for a yes. The yes comes from the owner of
the service within two working days; after that it goes to the deputy, with the same two days.

| Step | Who | Within |
|---|---|--:|
| Write down the way back | whoever changes | 1 day |
| Say yes or no | owner of the service | 2 days |

"""


def sample(sections: int) -> str:
    """A document of rules, as `common.paper` sets it."""
    from common.paper.pages import paper_html
    from common.paper.paper import Change, ControlledPaper
    from common.paper.text import markdown_to_paper

    made = markdown_to_paper("".join(_SECTION.format(number=number + 1) for number in range(sections)))
    return paper_html(
        ControlledPaper(
            title="Change management policy",
            organization="Workplace Shared Services",
            created=datetime(2026, 10, 12, tzinfo=UTC),
            body=made.html,
            headings=made.headings,
            number="SMS-POL-007",
            version="1.0",
            state="Approved",
            owner="Anna Lindqvist",
            changes=(Change("1.0", "12 Oct 2026", "First version."),) if sections > 1 else (),
            digest="7d1a4be0" * 8,
        )
    )


def bench_documents(row: Row, runs: int = _RUNS) -> None:
    """Add a row for each size: how many times bare WeasyPrint, both times, both memories."""
    with tempfile.TemporaryDirectory(prefix="smsplan-bench-") as folder:
        for sections in SECTIONS:
            _compare(row, sample(sections), Path(folder), runs)
        _compare_all(row, Path(folder), runs)


def _compare(row: Row, html: str, folder: Path, runs: int) -> None:
    source = folder / "source.html"
    source.write_text(html, encoding="utf-8")
    commands: dict[str, list[str]] = {
        "ours": [sys.executable, "-c", _OURS, str(source), str(folder / "ours.pdf")],
        "bare": [sys.executable, "-c", BARE, str(source), str(folder / "bare.pdf"), *map(str, SHEETS)],
    }
    found, pages = _measured(commands, runs)
    _tell(row, f"controlled document of {pages} pages as PDF, against bare WeasyPrint", found, "<= 1.15 x")


def _compare_all(row: Row, folder: Path, runs: int) -> None:
    """Add the row of all documents of the demo in one job."""
    of_demo = {**os.environ, "SMSPLAN_ENV": "demo", "DATA_DIR": str(folder / "demo")}
    made, sources = str(folder / "all.zip"), folder / "html"
    sources.mkdir()
    for command in ([str(ROOT / "manage.py"), "demo", "--no-serve"], ["-c", _HTML_OF_ALL, str(sources)]):
        subprocess.run([sys.executable, *command], check=True, capture_output=True, env=of_demo)
    commands = {
        "ours": [sys.executable, *_ALL, made],
        "bare": [sys.executable, "-c", _BARE_ALL, str(sources), *map(str, SHEETS)],
    }
    found, pages = _measured(commands, runs, of_demo)
    count = len(list(sources.glob("*.html")))
    _tell(row, f"all {count} documents in force, {pages} pages, in one job, against one bare process", found, "")


def _measured(commands: dict[str, list[str]], runs: int, env: dict[str, str] | None = None) -> tuple[Found, str]:
    """Seconds and memory of each run by turns, and how many pages there were; the first of each fills caches."""
    found: Found = {name: [] for name in commands}
    pages = ""
    for run in range(runs + 1):
        for name, command in commands.items():
            took, held, *said = _watched(command, env)
            pages = said[0] if said else pages
            if run:
                found[name].append((float(took), float(held)))
    return found, pages


def _tell(row: Row, title: str, found: Found, budget: str) -> None:
    seconds = {name: statistics.median(took for took, _memory in runs) for name, runs in found.items()}
    memory = {name: max(memory for _took, memory in runs) for name, runs in found.items()}
    row(
        title,
        f"{seconds['ours'] / seconds['bare']:.2f} x",
        f"{seconds['ours']:.2f} / {seconds['bare']:.2f} s, {memory['ours']:.0f} / {memory['bare']:.0f} MB",
        budget,
    )


def _watched(command: list[str], env: dict[str, str] | None = None) -> list[str]:
    watch = [sys.executable, "-c", _WATCH, *command]
    return subprocess.run(watch, check=True, capture_output=True, text=True, env=env).stdout.split()


def main() -> None:
    """Print the rows on documents alone."""
    os.environ["SMSPLAN_ENV"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "smsplan.settings"
    with tempfile.TemporaryDirectory(prefix="smsplan-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        import django

        django.setup()
        bench_documents(lambda *cells: print("| " + " | ".join(cells) + " |", flush=True))


if __name__ == "__main__":
    main()
