"""`manage.py import_plan SLUG FILE`: take changes to a plan from a file that `export_plan` wrote, all or none."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from common import marked_rows
from common.marked_rows import CHOICES, CONFLICT, RULE, RowChange
from phases.domain import plan_file
from phases.file_commands import add_conflicts_option, file_act, read_file, refused_rows
from phases.imports_plan import import_plan
from phases.services.plan_import import MAX_BYTES, ImportRefused
from projects.commands import acting_user_of, add_as_option, project_of
from projects.models import Project

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


class Command(BaseCommand):
    help = "Change a plan as a file says (CSV or XLSX, as export_plan writes them). All rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("file", help="The file, .csv or .xlsx.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")
        add_conflicts_option(parser)
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        with file_act():
            try:
                changes, unchanged = import_plan(
                    acting_user=acting_user,
                    project=project,
                    upload=read_file(options["file"], MAX_BYTES),
                    choose=CHOICES[options["conflicts"]],
                    dry_run=options["dry_run"],
                )
            except ImportRefused as refused:
                raise refused_rows(self, refused.bad, _WHY) from refused
        self._report(project, changes, unchanged, dry_run=options["dry_run"])

    def _report(self, project: Project, changes: Sequence[RowChange], unchanged: int, *, dry_run: bool) -> None:
        for change in changes:
            ref, phase = change.row.name
            for cell in change.cells:
                self.stdout.write(f"{ref} phase {phase}: {cell.column} {cell.before or '-'!r} -> {cell.after or '-'!r}")
        verb = "would change" if dry_run else "changed"
        self.stdout.write(f"{project.slug}: {len(changes)} row(s) {verb}, {unchanged} stay as they are.")
