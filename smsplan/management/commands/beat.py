"""`manage.py beat`: see to it that no job stays lying, and ask for what recurs."""

import contextlib
import signal
import threading
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from jobs.domain import Sightings
from jobs.selectors import beat_state
from jobs.services.upkeep import tick
from smsplan.alive import touch
from smsplan.running import run_here


class Command(BaseCommand):
    help = "Look after the jobs every few seconds until SIGTERM. One is enough; two do no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        run_here()
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_args: stop.set())
        sightings: Sightings[UUID] = Sightings(patience=settings.JOB_LOST_AFTER_SECONDS)
        while True:
            close_old_connections()
            tick(sightings=sightings, interval_seconds=settings.BEAT_SECONDS)
            # A round that did not reach the database is no sign of life.
            with contextlib.suppress(DatabaseError):
                if not beat_state().is_late:
                    touch()
            if stop.wait(settings.BEAT_SECONDS):
                return
