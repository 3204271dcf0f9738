"""How large the content is, and how long all of it takes to load: `make bench` prints it, or run it alone.

`.venv/bin/python -m scripts.bench_content` measures the time against a database of its own that it makes.
"""

import io
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Row = Callable[..., None]


def content_figures(row: Row) -> None:
    """Add a row per figure of the questionnaire pack: `row(what, number)`. No database."""
    from django.conf import settings

    from gapanalysis.content import FILES, read_questionnaire

    folder = Path(settings.CONTENT_DIR, "questionnaires", "iso20000-1")
    pack = read_questionnaire(folder)
    by_instrument: dict[str, list[Any]] = {}
    for entry in pack.entries:
        by_instrument.setdefault(entry.instrument, []).append(entry)
    questions = by_instrument["requirement"]
    row("requirement questions", len(questions))
    row("of them for a very small entity", sum(entry.is_small for entry in questions))
    for edition, known in _clauses(folder).items():
        reached = {clause for entry in questions for clause in getattr(entry, f"clauses_{edition}")}
        row(f"clauses of {edition} without parts, reached", f"{len(reached & known)} of {len(known)}")
    served = {ref for entry in questions for ref in entry.activities}
    for catalogue in sorted(Path(settings.CONTENT_DIR, "catalogues").iterdir(), reverse=True):
        refs = {one["ref"] for one in _yaml(catalogue / "activities.yaml") if one["kind"] == "activity"}
        row(f"activities of {catalogue.name} reached", f"{len(served & refs)} of {len(refs)}")
    row("process ladders", f"{len(by_instrument['ladder'])}, {7 * len(by_instrument['ladder'])} rungs")
    row("survey points and documents", len(by_instrument["survey"]))
    row("readiness statements", len(by_instrument["readiness"]))
    row("challenges", len(pack.challenges))
    total = 0
    for name in FILES[1:]:
        words = sum(len(text.split()) for text in _texts(_yaml(folder / name)))
        total += words
        row(f"words in {name}", f"{words:,}")
    row("words in all", f"{total:,}")


def load_all() -> float:
    """Load all content into the database, which holds none yet, as `init` does; the seconds it took."""
    from django.core.management import call_command

    begun = time.perf_counter()
    call_command("load_content", stdout=io.StringIO())
    return time.perf_counter() - begun


def _yaml(path: Path) -> Any:
    import yaml

    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (a safe loader)


def _clauses(folder: Path) -> dict[str, set[str]]:
    """The clauses of each edition that hold no others; they alone can ask something."""
    found = {}
    for edition, rows in _yaml(folder.parent.parent / "clauses.yaml").items():
        numbers = {one["clause"] for one in rows}
        found[edition] = {one for one in numbers if not any(other.startswith(f"{one}.") for other in numbers)}
    return found


NAMES = frozenset(
    ["ref", "clauses_2011", "clauses_2018", "activities", "components", "survey", "source", "key", "group", "dimension"]
)
"""Keys that hold refs, numbers and names of groups, which are no words."""
REF = re.compile(r"[A-Z]+-[\w.]+")


def _texts(value: Any) -> Iterator[str]:
    """The texts in `value`, without refs and numbers."""
    if isinstance(value, str):
        if not REF.fullmatch(value):
            yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in NAMES:
                yield from _texts(one)


def bench_content(row: Row) -> None:
    """Print the figures and the time as rows of a table."""
    content_figures(row)
    row("load all content into an empty database", f"{load_all():.1f} s")


def main() -> None:
    """Print the section "Content" of docs/performance.md, measured in a database that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SMSPLAN_ENV"] = "test"
        os.environ["DJANGO_SETTINGS_MODULE"] = "smsplan.settings"
        os.environ["DATA_DIR"] = folder
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)

        def row(*cells: object) -> None:
            print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)

        row("what", "how much")
        row("---", "---")
        bench_content(row)


if __name__ == "__main__":
    main()
