"""`manage.py export_evidence_register SLUG`: what evidence there is and what it proves, as CSV or XLSX."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from evidence.exports import register_csv, register_xlsx
from phases.file_commands import write_text, write_workbook
from projects.commands import acting_user_of, add_as_option, command_act, project_of
from projects.permissions import access_to
from projects.services.guards import require_capability


class Command(BaseCommand):
    help = "Write a row per item of evidence, with its hash and what it proves, as CSV in UTF-8 or as a workbook."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
        parser.add_argument("--output", metavar="FILE", default="", help="Write to this file, not to the terminal.")
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        with command_act():
            require_capability(acting_user, "evidence.view", project)
        access = access_to(project, acting_user)
        if options["format"] == "csv":
            write_text(self, register_csv(project, access), options["output"])
        else:
            write_workbook(self, register_xlsx(project, access), options["output"])
