"""`manage.py import_plan SLUG FILE`: take changes to a plan from a file that `export_plan` wrote, all or none."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audittrail.context import acting_via
from common import marked_rows
from common.exceptions import ServiceError, StaleWrite
from common.marked_rows import CELL, CONFLICT, RULE, BadCell, RowChange
from common.uploads import UploadRefused, read_upload
from phases.domain import plan_file
from phases.imports_plan import import_plan
from phases.resources import choose_none, keep_all, take_all
from phases.services.plan_import import MAX_BYTES, ImportRefused
from projects.commands import acting_user_of, add_as_option, project_of
from projects.models import Project

CONFLICTS = {"stop": choose_none, "file": take_all, "keep": keep_all}
_WHY = {
    marked_rows.UNKNOWN: "the plan has no such activity",
    plan_file.NO_PHASE: "the plan does not have this activity in that phase",
    marked_rows.DOUBLED: "the same ref and phase stand in row {detail} already",
    plan_file.NOT_A_DAY: "is no day; write YYYY-MM-DD, such as 2026-09-01",
    plan_file.NOT_A_STATUS: ("is no status; use not started, in progress, done, verified, blocked or not applicable"),
    plan_file.NOT_A_PARTY: "is no party of this project; add it to the team first",
    marked_rows.NOT_HERE: "cannot be changed by an import",
    marked_rows.OTHER_PROJECT: "the row was exported from another project",
    marked_rows.BAD_MARK: "is no mark of an export; copy it from a fresh export or empty it",
    marked_rows.CLOSED: "the phase is closed; its rows stay as they were",
    CONFLICT: "changed here meanwhile, to {detail!r}; choose with --conflicts file or --conflicts keep",
    RULE: "{detail}",
}
_CELLS = {
    "formula": "is a formula; give the value itself",
    "control": "holds control characters",
    "damaged": "holds letters that were damaged on the way",
    "error value": "is an error of the spreadsheet program",
    "no column": "stands under no column of a plan; delete it or name the column",
}


class Command(BaseCommand):
    help = "Change a plan as a file says (CSV or XLSX, as export_plan writes them). All rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("file", help="The file, .csv or .xlsx.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")
        parser.add_argument(
            "--conflicts",
            choices=sorted(CONFLICTS),
            default="stop",
            help="Where a cell changed in the file and here: stop (the default), take the file's, or keep what stands.",
        )
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        path = Path(options["file"])
        with acting_via("import"):
            try:
                with path.open("rb") as source:
                    upload = read_upload(_Sent(path.name, source), max_bytes=MAX_BYTES)
                changes, unchanged = import_plan(
                    acting_user=acting_user,
                    project=project,
                    upload=upload,
                    choose=CONFLICTS[options["conflicts"]],
                    dry_run=options["dry_run"],
                )
            except OSError as error:
                raise CommandError(f"{options['file']!r} cannot be read: {error.strerror}") from error
            except UploadRefused as error:
                raise CommandError(str(error)) from error
            except ImportRefused as refused:
                for bad in refused.bad:
                    self.stderr.write(_bad_line(bad))
                rows = len({(bad.sheet, bad.number) for bad in refused.bad})
                raise CommandError(f"Nothing was changed: {rows} row(s) cannot be taken.") from refused
            except StaleWrite as error:
                raise CommandError(f"{error} Import the file again.") from error
            except ServiceError as error:
                raise CommandError(str(error)) from error
        self._report(project, changes, unchanged, dry_run=options["dry_run"])

    def _report(self, project: Project, changes: Sequence[RowChange], unchanged: int, *, dry_run: bool) -> None:
        for change in changes:
            ref, phase = change.row.name
            for cell in change.cells:
                self.stdout.write(f"{ref} phase {phase}: {cell.column} {cell.before or '-'!r} -> {cell.after or '-'!r}")
        verb = "would change" if dry_run else "changed"
        self.stdout.write(f"{project.slug}: {len(changes)} row(s) {verb}, {unchanged} stay as they are.")


class _Sent:
    """A file of the disk, read like an upload."""

    def __init__(self, name: str, source: Any) -> None:
        self.name: str | None = name
        self.size: int | None = None
        self._source = source

    def read(self, num_bytes: int | None = None, /) -> bytes:
        """At most so many bytes."""
        content: bytes = self._source.read(num_bytes)
        return content


def _bad_line(bad: BadCell) -> str:
    place = f"sheet {bad.sheet}, row {bad.number}" if bad.sheet else f"row {bad.number}"
    why = _CELLS.get(bad.detail, bad.detail) if bad.why == CELL else _WHY[bad.why].format(detail=bad.detail)
    return f"{place}, column {bad.column}: {bad.value!r} {why}"
