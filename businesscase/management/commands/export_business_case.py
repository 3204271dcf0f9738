"""`manage.py export_business_case SLUG`: a business case with its figures, as JSON, workbook or board paper."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from businesscase.board_paper import write_board_paper
from businesscase.choices import CaseKind
from businesscase.exports_json import case_json
from businesscase.exports_shown import Shown, shown_of
from businesscase.exports_workbook import case_xlsx
from businesscase.models import CaseVersion
from businesscase.selectors import case_of, versions_of
from common import clock
from common.workbook_out import XLSX
from phases.file_commands import write_text, write_workbook
from projects.commands import acting_user_of, add_as_option, command_act, project_of
from projects.models import Project
from projects.services.guards import require_capability

JSON, PDF = "json", "pdf"
KINDS = {"implementation": CaseKind.IMPLEMENTATION, "gap-analysis": CaseKind.GAP}


class Command(BaseCommand):
    help = "Write a business case with its figures: JSON for programs, XLSX with live formulas, PDF to read."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """`--version` names a version of the case here, not that of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("--format", choices=[JSON, XLSX, PDF], default=JSON)
        parser.add_argument("--output", metavar="FILE", default="", help="Write to this file, not to the terminal.")
        parser.add_argument(
            "--version",
            dest="which",
            metavar="N|draft|approved",
            default="draft",
            help="A version by its number, the one that is in force, or the draft as it stands (the default).",
        )
        parser.add_argument(
            "--case", choices=sorted(KINDS), default="implementation", help="Which of the two cases of the project."
        )
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        with command_act():
            require_capability(acting_user, "case.view", project)
        shown = _shown(project, options["case"], options["which"])
        if options["format"] == JSON:
            write_text(self, case_json(shown), options["output"])
        elif options["format"] == PDF:
            self._write_pdf(project, KINDS[options["case"]], shown.version, options["output"])
        else:
            content = case_xlsx(shown, made_on=clock.today(project.time_zone))
            write_workbook(self, content, options["output"])

    def _write_pdf(self, project: Project, kind: str, version: CaseVersion | None, output: str) -> None:
        if not output:
            raise CommandError("A PDF is no text for a terminal: give --output FILE.")
        try:
            with command_act():
                facts = write_board_paper(project, version, Path(output), kind=kind)
        except OSError as error:
            raise CommandError(f"--output: {output!r} cannot be written: {error.strerror}") from error
        self.stderr.write(f"Wrote {output}, {facts.pages} pages.")


def _shown(project: Project, kind: str, which: str) -> Shown:
    case = case_of(project, KINDS[kind])
    if case is None:
        raise CommandError(f"{project.slug} has no business case for the {kind.replace('-', ' ')} yet")
    try:
        return shown_of(case, which)
    except ValueError as error:
        raise CommandError(f"--version: {which!r} is neither a number nor draft nor approved") from error
    except CaseVersion.DoesNotExist as error:
        known = ", ".join(f"{each.number} ({each.state})" for each in versions_of(case)) or "none"
        raise CommandError(f"--version: there is no version {which!r}; there are: {known}") from error
