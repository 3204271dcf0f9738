"""`manage.py export_assessment SLUG KEY`: the questions of an assessment and its answers, as CSV or XLSX."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from gapanalysis.commands import add_assessment_arguments, assessment_for
from gapanalysis.exports_workbook import answers_csv, answers_xlsx
from gapanalysis.selectors import sections_of
from phases.file_commands import write_text, write_workbook
from projects.commands import acting_user_of, add_as_option, command_act
from projects.permissions import access_to
from projects.services.guards import require_capability


class Command(BaseCommand):
    help = "Write a row per question of an assessment, as CSV in UTF-8, or a workbook with a sheet a chapter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_assessment_arguments(parser)
        parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
        parser.add_argument("--output", metavar="FILE", default="", help="Write to this file, not to the terminal.")
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        assessment = assessment_for(acting_user, options["slug"], options["key"])
        project = assessment.project
        with command_act():
            require_capability(acting_user, "gap.view", project)
        if options["format"] == "csv":
            write_text(self, answers_csv(assessment), options["output"])
            return
        may_all = access_to(project, acting_user).can("gap.manage")
        mine = () if may_all else sections_of(assessment, acting_user)
        write_workbook(self, answers_xlsx(assessment, mine), options["output"])
