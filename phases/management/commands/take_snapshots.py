"""`manage.py take_snapshots`: what a night does for figures: keep the day that ended, and compute stored figures."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from phases.services.snapshots import keep_yesterday


class Command(BaseCommand):
    help = "Keep each project as it stood at the end of yesterday, and compute stored figures; every night does it."

    def handle(self, *args: Any, **options: Any) -> None:
        kept = keep_yesterday()
        self.stdout.write(f"Kept {kept.days} project(s) as of yesterday; computed the figures of {kept.figures}.")
        if kept.failed:
            raise CommandError(f"failed, as the log says: {', '.join(kept.failed)}")
