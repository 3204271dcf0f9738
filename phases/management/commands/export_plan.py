"""`manage.py export_plan`: the plan of a project as CSV or XLSX."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from phases.exports_plan import plan_csv
from phases.exports_workbook import plan_xlsx
from phases.file_commands import write_text, write_workbook
from phases.selectors.overlay import wordings_for
from projects.commands import acting_user_of, add_as_option, command_act, project_of
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
                if options["with_wording"]:
                    raise CommandError("--with-wording goes with --format csv")
                write_workbook(self, plan_xlsx(project, current=options["current"]), options["output"])
                return
            # An organization's licensed copy leaves the installation only where somebody asks for it here.
            wordings = wordings_for(acting_user, project) if options["with_wording"] else None
            text = plan_csv(
                project,
                with_initiation=options["with_initiation"],
                wordings=wordings,
                current=options["current"],
            )
        write_text(self, text, options["output"])
