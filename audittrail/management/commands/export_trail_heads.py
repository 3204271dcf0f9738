"""`manage.py export_trail_heads`: the ends of all streams, to be kept somewhere else.

A chain alone does not show that its tail was cut off. Whoever holds an older export can tell.
"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audittrail.models import Stream
from common import clock


class Command(BaseCommand):
    help = "Print the head of every trail stream as JSON; keep it outside this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", help="Write to this file instead of standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        heads = [
            {
                "stream": str(stream.id),
                "kind": stream.kind,
                "label": stream.label,
                "seq": stream.head_seq,
                "hash": stream.head_hash,
            }
            for stream in Stream.objects.order_by("kind", "label", "id")
        ]
        text = json.dumps({"at": clock.now().isoformat(), "heads": heads}, indent=2, ensure_ascii=False)
        if options["output"]:
            try:
                Path(options["output"]).write_text(text + "\n", encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{options['output']} cannot be written: {error.strerror}") from error
        else:
            self.stdout.write(text)
