"""`manage.py export_board_pack SLUG --output FILE.pdf`: the board pack of today or of a past day."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from governance.board_pack import checked_board
from governance.board_paper import write_board_pack
from projects.commands import acting_user_of, add_as_option, command_act, day_of, project_of
from projects.services.guards import require_capability


class Command(BaseCommand):
    help = "Write the board pack of a project as PDF, as it stands or as it stood at the end of a past day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("--output", metavar="FILE.pdf", required=True, help="Write to this file.")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", default="", help="The day to show (default: today).")
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        day = day_of("--as-of", options["as_of"]) if options["as_of"] else None
        try:
            with command_act():
                require_capability(acting_user, "governance.view", project)
                board = checked_board(project, day)
                facts = write_board_pack(project, board, Path(options["output"]), made_at=clock.now())
        except OSError as error:
            raise CommandError(f"--output: {options['output']!r} cannot be written: {error.strerror}") from error
        self.stderr.write(f"Wrote {options['output']}, {facts.pages} pages.")
