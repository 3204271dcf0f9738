"""`manage.py demo`: load the content, make the demo once, serve it."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts.models import User
from audittrail.context import acting_via
from projects.models import Project
from smsplan.demo.build import DOMAIN, PASSWORD, build_demo, demo_exists
from smsplan.demo.packs import finish_demo_pack
from smsplan.management.commands.serve import refuse_busy_port


class Command(BaseCommand):
    help = "Make the demo in DATA_DIR if it is not there yet, then serve it on 127.0.0.1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--data-dir", help="The folder of the demo (default: DATA_DIR, else var/).")
        parser.add_argument("--no-serve", action="store_true", help="Make it and stop.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != "demo":
            raise CommandError(
                f"this installation runs as {settings.MODE}; the demo keeps to a DATA_DIR that it made itself"
            )
        if not options["no_serve"]:
            refuse_busy_port("127.0.0.1", options["port"])
        tables = connection.introspection.table_names()
        if "accounts_user" in tables and User.objects.exists() and not demo_exists():
            raise CommandError("this database holds data that the demo did not make; choose another DATA_DIR")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_content", stdout=self.stdout)
        if demo_exists():
            self.stdout.write("demo: the data are there already")
        else:
            with acting_via("command"):
                build_demo(say=self.stdout.write)
                finish_demo_pack(Project.objects.get(slug="demo"))
        if options["no_serve"]:
            return
        self.stdout.write(
            f"demo: http://127.0.0.1:{options['port']}/  sign in as manager@{DOMAIN} with {PASSWORD}\n"
            f"demo: also admin, committee, owner, auditor, outsider @{DOMAIN}; Ctrl-C stops it"
        )
        self.stdout.flush()
        # A fresh process serves: what building the demo needed is given back.
        connection.close()
        manage = str(settings.BASE_DIR / "manage.py")
        os.environ["DATA_DIR"] = str(settings.DATA_DIR)
        os.execv(sys.executable, [sys.executable, manage, "serve", "--port", str(options["port"])])  # noqa: S606 (no shell is wanted)
