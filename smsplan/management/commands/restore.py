"""`manage.py restore FOLDER`: put a backup back, and check that it is whole."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audittrail.context import acting_via
from smsplan.backup.manifest import BackupError, backups_in
from smsplan.backup.restore import look_at_backup, restore_backup


class Command(BaseCommand):
    help = "Put a backup back, migrate, verify. Exits 0 only when all that comes back is as it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="The folder of the backup, with its manifest.json.")
        parser.add_argument("--latest", action="store_true", help="The newest one in BACKUP_DIR.")
        parser.add_argument("--replace", action="store_true", help="Give up the data that are there.")
        parser.add_argument("--check", action="store_true", help="Only look whether it is whole; touch nothing.")
        parser.add_argument(
            "--trail-key-lost", action="store_true", help="Accept a backup whose TRAIL_KEY nobody has any more."
        )

    def _say(self, line: str) -> None:
        self.stdout.write(f"restore: {line}")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["folder"] is None) is not options["latest"]:
            raise CommandError("name the folder of a backup, or say --latest")
        folder = options["folder"]
        if folder is None:
            there = backups_in(Path(settings.BACKUP_DIR))
            if not there:
                raise CommandError(f"there is no backup in {settings.BACKUP_DIR}")
            folder = there[-1]
        common = {"folder": folder.resolve(), "key_lost": options["trail_key_lost"], "say": self._say}
        try:
            if options["check"]:
                look_at_backup(**common)
                return
            with acting_via("command"):
                findings = restore_backup(**common, replace=options["replace"])
        except BackupError as error:
            raise CommandError(f"{folder}: {error}") from error
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            self.stdout.write(f"restore: {folder.name} is back, with {len(findings)} finding(s)")
            raise SystemExit(1)
        self.stdout.write(f"restore: {folder.name} is back; everything holds")
