"""`manage.py import_assessment SLUG KEY FILE`: take answers from a file that `export_assessment` wrote, all or none."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from common import marked_rows
from common.marked_rows import CHOICES, CONFLICT, RULE
from gapanalysis.commands import add_assessment_arguments, assessment_for
from gapanalysis.domain import answer_file
from gapanalysis.models import Assessment
from gapanalysis.services.answer_file import MAX_BYTES, AnswersRefused, refuse_closed
from gapanalysis.services.answer_import import Looked, import_answers
from phases.file_commands import add_conflicts_option, file_act, read_file, refused_rows
from projects.commands import acting_user_of, add_as_option

_WHY = {
    marked_rows.UNKNOWN: "is no question of this assessment",
    marked_rows.DOUBLED: "the same ref stands in row {detail} already",
    marked_rows.NOT_HERE: "cannot be changed by an import",
    marked_rows.OTHER_PROJECT: "the row was exported from another project or assessment",
    marked_rows.BAD_MARK: "is no mark of an export; copy it from a fresh export or empty it",
    answer_file.NOT_AN_ANSWER: (
        "is no answer; use conforms, minor gap, major gap, no case yet, excluded or unanswered"
    ),
    answer_file.NOT_A_RUNG: (
        "names no rung; use defined, documented, implemented, operated, measured, reviewed, improved, or none"
    ),
    answer_file.NOT_A_RATING: "is no rating; use 0 to 4",
    answer_file.NO_ANSWER: "a survey point takes a note alone",
    CONFLICT: "answered here meanwhile, with {detail!r}; choose with --conflicts file or --conflicts keep",
    RULE: "{detail}",
}


class Command(BaseCommand):
    help = "Take answers from a file (CSV or XLSX, as export_assessment writes them). All rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_assessment_arguments(parser)
        parser.add_argument("file", help="The file, .csv or .xlsx.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")
        add_conflicts_option(parser)
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        assessment = assessment_for(acting_user, options["slug"], options["key"])
        with file_act():
            # Who may answer nothing is told so first, whatever the file holds.
            refuse_closed(acting_user, assessment.project, assessment)
            try:
                done = import_answers(
                    acting_user=acting_user,
                    project=assessment.project,
                    assessment=assessment,
                    upload=read_file(options["file"], MAX_BYTES),
                    choose=CHOICES[options["conflicts"]],
                    dry_run=options["dry_run"],
                )
            except AnswersRefused as refused:
                raise refused_rows(self, refused.bad, _WHY) from refused
        self._report(assessment, done, dry_run=options["dry_run"])

    def _report(self, assessment: Assessment, done: Looked, *, dry_run: bool) -> None:
        for title in done.unread:
            self.stderr.write(f"sheet {title}: not read, it has no columns ref and answer")
        for change in done.changes:
            for cell in change.cells:
                before, after = cell.before or "-", cell.after or "-"
                self.stdout.write(f"{change.row.name[0]}: {cell.column} {before!r} -> {after!r}")
        verb = "would change" if dry_run else "changed"
        self.stdout.write(f"{assessment.key}: {len(done.changes)} answer(s) {verb}, {done.unchanged} stay as they are.")
