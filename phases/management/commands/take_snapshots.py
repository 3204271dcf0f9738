"""`manage.py take_snapshots`: what a night does for figures: keep the day that ended, and compute stored figures."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from phases.selectors.as_of import first_day
from phases.services.snapshots import take_snapshot
from phases.services.stored_figures import refresh_all
from projects.models import Project


class Command(BaseCommand):
    help = "Keep each project as it stood at the end of yesterday, and compute stored figures. Run it every night."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for project in Project.objects.select_related("organization").order_by("pk").iterator():
            yesterday = clock.today(project.time_zone) - timedelta(days=1)
            if yesterday >= first_day(project):
                take_snapshot(project=project, day=yesterday)
                count += 1
        self.stdout.write(f"Kept {count} project(s) as of yesterday; computed the figures of {refresh_all()}.")
