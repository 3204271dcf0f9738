"""`manage.py add_evidence SLUG --ref MR.b.1 --file FILE`: take in a file as evidence; prints its key."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evidence import files
from evidence.services.items import Facts, FileIn, add_evidence
from evidence.services.quota import MEGABYTE
from projects.commands import acting_user_of, add_as_option, command_act, day_of, project_of


class Command(BaseCommand):
    help = "Take in a file as evidence, for one activity or several, and print its key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("--ref", action="append", default=[], help="An activity that it proves; may be repeated.")
        parser.add_argument("--file", required=True, metavar="FILE")
        parser.add_argument(
            "--title", default="", help="What it is called; the name of the file where it is not given."
        )
        parser.add_argument("--shows", default="", help="What it shows.")
        parser.add_argument("--collected-on", default="", metavar="YYYY-MM-DD")
        parser.add_argument("--valid-until", default="", metavar="YYYY-MM-DD")
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        facts = Facts(
            title=options["title"],
            shows=options["shows"],
            refs=tuple(options["ref"]),
            collected_on=day_of("--collected-on", options["collected_on"]) if options["collected_on"] else None,
            valid_until=day_of("--valid-until", options["valid_until"]) if options["valid_until"] else None,
        )
        path = Path(options["file"])
        with command_act():
            try:
                incoming = files.receive(files.pieces_of(path), most=int(settings.EVIDENCE_FILE_MB) * MEGABYTE)
            except OSError as error:
                raise CommandError(f"--file: {options['file']!r} cannot be read: {error.strerror}") from error
            item = add_evidence(
                acting_user=acting_user, project=project, content=FileIn(incoming, path.name), facts=facts
            )
        self.stdout.write(item.key)
