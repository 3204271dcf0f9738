"""`manage.py export_plan`: the plan of a project as CSV or XLSX."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from phases.exports_plan import plan_csv
from phases.exports_workbook import plan_xlsx
from phases.selectors.overlay import wordings_for
from projects.commands import acting_user_of, add_as_option, command_act, project_of
from projects.models import Project
from projects.services.guards import require_capability


class Command(BaseCommand):
    help = "Write a row per phase activity, as CSV in UTF-8, or a workbook with a sheet a phase."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
        parser.add_argument("--output", metavar="FILE", default="", help="Write to this file, not to the terminal.")
        parser.add_argument(
            "--current", action="store_true", help="Give closed phases as they are now, not as they were closed."
        )
        parser.add_argument("--with-initiation", action="store_true", help="Add the initiation (phase 0).")
        parser.add_argument(
            "--with-wording",
            action="store_true",
            help="Add a column with the organization's own copy of the standard's wording. Mind your licence.",
        )
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        with command_act():
            require_capability(acting_user, "phases.export", project)
            if options["format"] == "xlsx":
                self._write_workbook(project, options)
                return
            # An organization's licensed copy leaves the installation only where somebody asks for it here.
            wordings = wordings_for(acting_user, project) if options["with_wording"] else None
            text = plan_csv(
                project,
                with_initiation=options["with_initiation"],
                wordings=wordings,
                current=options["current"],
            )
        if not options["output"]:
            self.stdout.write(text, ending="")
            return
        try:
            Path(options["output"]).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"--output: {options['output']!r} cannot be written: {error.strerror}") from error
        self.stderr.write(f"Wrote {options['output']}.")

    def _write_workbook(self, project: Project, options: dict[str, Any]) -> None:
        if options["with_wording"]:
            raise CommandError("--with-wording goes with --format csv")
        content = plan_xlsx(project, current=options["current"])
        if not options["output"]:
            if sys.stdout.isatty():
                raise CommandError("A workbook is no text for a terminal: give --output FILE.")
            sys.stdout.buffer.write(content)
            return
        try:
            Path(options["output"]).write_bytes(content)
        except OSError as error:
            raise CommandError(f"--output: {options['output']!r} cannot be written: {error.strerror}") from error
        self.stderr.write(f"Wrote {options['output']}.")
