"""`manage.py export_documents SLUG --format xlsx|zip --output FILE`: the master list, or all that is in force."""

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.workbook_out import to_xlsx
from documents.all_papers import write_all
from documents.exports import COLUMNS, master_table
from documents.selectors.register import register_rows
from phases.file_commands import write_workbook
from projects.commands import acting_user_of, add_as_option, command_act, project_of
from projects.permissions import access_to
from projects.services.guards import require_capability


class Command(BaseCommand):
    help = "Write the master list of documents as a workbook, or every document in force as PDF in a ZIP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("--format", choices=["xlsx", "zip"], default="xlsx")
        parser.add_argument("--output", metavar="FILE", required=True)
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        with command_act():
            require_capability(acting_user, "documents.view", project)
        access = access_to(project, acting_user)
        if options["format"] == "xlsx":
            rows = register_rows(project, access)
            write_workbook(self, to_xlsx("Documents", COLUMNS, master_table(rows)), options["output"])
            return
        target = Path(options["output"])
        try:
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".documents-") as folder:
                made = Path(folder, "all.zip")
                with command_act():
                    count = write_all(project, access, made)
                os.replace(made, target)
        except OSError as error:
            raise CommandError(f"--output: {options['output']!r} cannot be written: {error.strerror}") from error
        self.stderr.write(f"Wrote {target}: {count} documents in force and the master list.")
