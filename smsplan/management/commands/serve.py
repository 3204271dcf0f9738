"""`manage.py serve --port N`: serve the application on this machine."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from smsplan.processes import Program, become_tree
from smsplan.running import run_here


def refuse_busy_port(host: str, port: int) -> None:
    """Raise CommandError where something else listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"port {port} of {host} cannot be used: {error}. Choose another with --port.") from error


def collect_static() -> None:
    """Gather what browsers fetch; an image has done so when it was made, and its files cannot be written."""
    root = Path(settings.STATIC_ROOT)
    if os.access(root if root.exists() else root.parent, os.W_OK):
        call_command("collectstatic", "--noinput", verbosity=0)
    elif not (root / "staticfiles.json").is_file():
        raise CommandError("the static files are not collected, and their folder cannot be written")


class Command(BaseCommand):
    help = (
        "Serve the application until SIGINT or SIGTERM. Without REDIS_URL a worker and a beat run beside the web "
        "processes; with it they are commands of their own (manage.py worker, manage.py beat)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--workers", type=int, default=2, help="Web processes (default 2).")
        parser.add_argument("--threads", type=int, default=4, help="Threads of each web process (default 4).")
        parser.add_argument("--web-only", action="store_true", help="Start neither worker nor beat.")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_busy_port(options["host"], options["port"])
        run_here()
        collect_static()
        web = [
            sys.executable,
            "-m",
            "gunicorn",
            "smsplan.wsgi",
            f"--bind={options['host']}:{options['port']}",
            f"--workers={options['workers']}",
            "--worker-class=gthread",
            f"--threads={options['threads']}",
            "--graceful-timeout=10",
            "--log-level=warning",
            "--logger-class=smsplan.gunicorn_logger.GunicornLogger",
        ]
        programs = [Program("web", web, vital=True)]
        if settings.EMBEDDED and not options["web_only"]:
            manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
            programs.append(Program("worker", [*manage, "worker"]))
            programs.append(Program("beat", [*manage, "beat"]))
        os.environ["DATA_DIR"] = str(settings.DATA_DIR)
        os.chdir(settings.BASE_DIR)
        become_tree(programs)
