"""`manage.py verify`: is everything that was promised to stay still what it was?"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.verification import checks, findings_of, heads_checks


class Command(BaseCommand):
    help = "Check trail, tenancy and files. Exits 0 when all holds; else lists what is wrong and exits 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heads", help="A file of export_trail_heads to compare with, kept elsewhere since.")
        parser.add_argument("--resume", action="store_true", help="Start each stream at its last checkpoint.")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for check in checks:
            findings = 0
            for finding in findings_of(check, resume=options["resume"]):
                self.stdout.write(f"{check.title}: {finding}")
                findings += 1
            if not findings:
                self.stdout.write(f"{check.title}: holds")
            wrong += findings
        if options["heads"]:
            wrong += self._compare(options["heads"])
        if wrong:
            self.stdout.write(f"{wrong} finding(s)")
            raise SystemExit(1)
        self.stdout.write("verify: everything holds")

    def _compare(self, name: str) -> int:
        try:
            kept = json.loads(Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{name} cannot be read as a file of trail heads: {error}") from error
        findings = [finding for check in heads_checks for finding in check(kept)]
        for finding in findings:
            self.stdout.write(f"Kept heads: {finding}")
        if not findings:
            self.stdout.write("Kept heads: hold")
        return len(findings)
