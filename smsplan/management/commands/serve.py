"""`manage.py serve --port N`: serve the application on this machine."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser


def _end_with_parent() -> None:
    """Let the kernel send SIGTERM to the server when this process is gone, killed too (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def refuse_busy_port(host: str, port: int) -> None:
    """Raise CommandError where something else listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"port {port} of {host} cannot be used: {error}. Choose another with --port.") from error


class Command(BaseCommand):
    help = "Collect static files, then serve with gunicorn (threads) until SIGINT or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_busy_port(options["host"], options["port"])
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
        process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, preexec_fn=_end_with_parent)  # noqa: S603 (our own arguments; nothing else runs yet)

        def stop(_number: int, _frame: Any) -> None:
            process.terminate()

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        status = process.wait()
        # gunicorn ends with a status of its own after a signal that it handled; that is a clean stop.
        raise SystemExit(0 if status in (0, -signal.SIGTERM, -signal.SIGINT) else status)
