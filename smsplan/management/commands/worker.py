"""`manage.py worker`: do the jobs that wait."""

import contextlib
import os
import resource
import signal
import tempfile
import threading
import warnings
from pathlib import Path
from typing import Any

from billiard import active_children as multiprocessing_children
from celery.exceptions import SecurityWarning
from celery.signals import worker_process_init, worker_shutting_down
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs.choices import Queue
from smsplan.alive import AliveStep
from smsplan.celery import app
from smsplan.processes import end_with_parent
from smsplan.running import run_here


@worker_process_init.connect(dispatch_uid="limits of a worker's process")
def limit_process(**_kwargs: Any) -> None:
    """Bound the memory of a process that does jobs, and let it end when the worker that started it is gone."""
    end_with_parent()
    if settings.JOB_MEMORY_MB:
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (settings.JOB_MEMORY_MB * 1024 * 1024, hard))


@worker_shutting_down.connect(dispatch_uid="longest stop of a worker")
def bound_stop(**_kwargs: Any) -> None:
    """Let a job that runs end, but not for ever: its row lets it begin anew in the next worker."""
    timer = threading.Timer(settings.JOB_STOP_SECONDS, _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    for child in multiprocessing_children():
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
    os._exit(0)


class Command(BaseCommand):
    help = "Do jobs until SIGTERM. Start as many as you need; with --queues some can be kept for quick work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--queues", default=",".join(Queue.values), help="Which queues: quick, heavy or both (default)."
        )
        parser.add_argument("--concurrency", type=int, default=2, help="How many jobs at the same time (default 2).")

    def handle(self, *args: Any, **options: Any) -> None:
        queues = [name.strip() for name in options["queues"].split(",")]
        unknown = [name for name in queues if name not in Queue.values]
        if unknown:
            raise CommandError(f"there is no queue {', '.join(unknown)}; choose from {', '.join(Queue.values)}")
        if options["concurrency"] < 1:
            raise CommandError("--concurrency must be 1 or more")
        run_here()
        # What jobs write on the way stays with the data: on its disk, and gone with it.
        temporary = Path(settings.DATA_DIR) / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        tempfile.tempdir = str(temporary)
        # It warns of pickled messages, which are refused here, where an administrator runs the worker as root.
        warnings.filterwarnings("ignore", category=SecurityWarning)
        app.steps["worker"].add(AliveStep)
        app.worker_main(
            [
                "--quiet",
                "worker",
                "--pool=prefork",
                f"--concurrency={options['concurrency']}",
                f"--queues={','.join(queues)}",
                f"--hostname={'-'.join(queues)}@%h",
                f"--loglevel={settings.LOG_LEVEL}",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
        )
