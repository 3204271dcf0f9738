"""`manage.py backup`: database, files and manifest into a new folder of BACKUP_DIR."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from smsplan.backup.make import drop_old_backups, make_backup
from smsplan.backup.manifest import BackupError


class Command(BaseCommand):
    help = "Back up database and files, with a manifest; the server may go on. Keys are not in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, help="Put it into this folder (default: BACKUP_DIR).")
        parser.add_argument(
            "--keep",
            type=int,
            help=f"Then keep this many of the newest (default: BACKUP_KEEP, {settings.BACKUP_KEEP}).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep must be 1 at least")
        root = options["output"].resolve() if options["output"] else Path(settings.BACKUP_DIR)
        try:
            folder = make_backup(root=root)
        except BackupError as error:
            raise CommandError(str(error)) from error
        size = sum(path.stat().st_size for path in folder.iterdir())
        self.stdout.write(f"backup: {folder} ({size / 2**20:.1f} MiB)")
        for name in drop_old_backups(root=root, keep=options["keep"]):
            self.stdout.write(f"backup: removed the old {name}")
        self.stdout.write("backup: SECRET_KEY and TRAIL_KEY are not in it; keep a copy of them elsewhere")
