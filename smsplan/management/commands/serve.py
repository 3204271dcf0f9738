"""`manage.py serve --port N`: serve the application on this machine."""

import os
import signal
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Collect static files, then serve with gunicorn (threads) until SIGINT or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("collectstatic", "--noinput", verbosity=0)
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "smsplan.wsgi",
            f"--bind={options['host']}:{options['port']}",
            f"--workers={options['workers']}",
            "--worker-class=gthread",
            "--threads=4",
            "--graceful-timeout=10",
            "--log-level=warning",
        ]
        environment = {**os.environ, "DATA_DIR": str(settings.DATA_DIR)}
        process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)  # noqa: S603 (our own arguments)

        def stop(_number: int, _frame: Any) -> None:
            process.terminate()

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        status = process.wait()
        # gunicorn ends with a status of its own after a signal that it handled; that is a clean stop.
        raise SystemExit(0 if status in (0, -signal.SIGTERM, -signal.SIGINT) else status)
