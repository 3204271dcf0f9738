"""`manage.py init --base-url URL`: a production installation, from an empty folder to the first sign-in."""

import getpass
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db.utils import OperationalError

from accounts.models import User
from accounts.services import create_first_administrator
from audittrail.context import acting_via
from common.exceptions import RuleBroken
from smsplan.environment import address_of
from smsplan.initial_settings import add_init_arguments

_TRIES = 3


class Command(BaseCommand):
    """The settings were written before Django started (`smsplan.initial_settings`)."""

    help = "Write production settings with new keys, make the database, load the content, open the first account."

    def add_arguments(self, parser: CommandParser) -> None:
        add_init_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != "production":
            raise CommandError(f"this installation runs as {settings.MODE}; init sets up production")
        try:
            call_command("migrate", verbosity=0)
        except OperationalError as error:
            raise CommandError(f"the database cannot be used: {str(error).strip()}. Check DATABASE_URL.") from error
        call_command("createcachetable", verbosity=0)
        call_command("load_content", stdout=self.stdout)
        with acting_via("command"):
            self._administrator(options)
        address = address_of(settings.BASE_URL)
        if address.is_plain and not address.is_this_machine:
            self._say("passwords travel in clear to http://; put a proxy with https:// in front before real use")
        self._say("keep a copy of TRAIL_KEY and SECRET_KEY away from this machine: no backup holds them")
        self._say("ready; next: manage.py serve")

    def _say(self, line: str) -> None:
        self.stdout.write(f"init: {line}")

    def _administrator(self, options: dict[str, Any]) -> None:
        there = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
        if there is not None:
            self._say(f"there is an administrator already: {there.email}; no account was changed")
            return
        email = options["email"] or _usual_address()
        given = _given_password(options["password_file"])
        for attempt in range(1, _TRIES + 1):
            chosen = given or _asked_password(email)
            password = chosen or secrets.token_urlsafe(15)
            try:
                user = create_first_administrator(email=email, name=options["name"], password=password)
                break
            except RuleBroken as error:
                if error.field != "password1" or given or attempt == _TRIES:
                    raise CommandError(
                        f"the first administrator was not made: {error} All else is done; run init again."
                    ) from error
                self.stderr.write(str(error))
        self._say(f"administrator: {user.email}")
        if not chosen:
            self._say(f"password: {password}  (shown this once; change it after signing in)")


def _usual_address() -> str:
    address = f"admin@{address_of(settings.BASE_URL).host}"
    try:
        validate_email(address)
    except ValidationError:
        return "admin@localhost"
    return address


def _given_password(file_name: str | None) -> str:
    if not file_name:
        return os.environ.get("SMSPLAN_ADMIN_PASSWORD", "")
    try:
        password = Path(file_name).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file_name} cannot be read as a password: {error}") from error
    if not password:
        raise CommandError(f"{file_name} is empty; it should hold the password of the first administrator")
    return password


def _on_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _asked_password(email: str) -> str:
    """What a person types, twice the same; "" where nobody is at a terminal."""
    while _on_terminal():
        password = getpass.getpass(f"Password for {email} (empty: one is made): ")
        if password == getpass.getpass("Again: "):
            return password
        sys.stderr.write("The two differ.\n")
    return ""
