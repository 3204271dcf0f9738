"""`manage.py verify`: is everything that was promised to stay still what it was?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common.verification import checks


class Command(BaseCommand):
    help = "Check trail, tenancy and files. Exits 0 when all holds; else lists what is wrong and exits 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--resume", action="store_true", help="Start each stream at its last checkpoint.")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for check in checks:
            findings = 0
            for finding in check.run(options["resume"]):
                self.stdout.write(f"{check.title}: {finding}")
                findings += 1
            if not findings:
                self.stdout.write(f"{check.title}: holds")
            wrong += findings
        if wrong:
            self.stdout.write(f"{wrong} finding(s)")
            raise SystemExit(1)
        self.stdout.write("verify: everything holds")
