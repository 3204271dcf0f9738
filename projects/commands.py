"""What management commands share: who acts, and how a refusal is said on a terminal."""

import signal
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType

from django.core.management.base import CommandError

from accounts.models import User
from audittrail.context import acting_via
from common.exceptions import ServiceError
from projects.models import Project


def add_as_option(parser: ArgumentParser) -> None:
    """Give a command the option `--as EMAIL`."""
    parser.add_argument(
        "--as",
        dest="acting_as",
        metavar="EMAIL",
        default="",
        help='Act as this user, with their rights. Without it the application itself acts ("system").',
    )


def acting_user_of(email: str | None) -> User | None:
    """The active user with that mail address; None (the application itself) for none. Raises CommandError."""
    if not email:
        return None
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"--as: there is no active user with the mail address {email!r}")
    return user


def project_of(slug: str, acting_user: User | None) -> Project:
    """The project named `slug`, of those that `acting_user` can see. Raises CommandError."""
    projects = Project.objects.all() if acting_user is None else Project.objects.visible_to(acting_user)
    project = projects.select_related("organization").filter(slug=slug).first()
    if project is None:
        raise CommandError(f"there is no project {slug!r}")
    return project


def day_of(option: str, text: str) -> date:
    """The day that `text` (YYYY-MM-DD) names. Raises CommandError that names the option and the value."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option}: {text!r} is no day; write YYYY-MM-DD, such as 2026-09-01") from error
    if day.isoformat() != text:
        raise CommandError(f"{option}: {text!r} is no day; write YYYY-MM-DD, such as 2026-09-01")
    return day


@contextmanager
def tidy_when_stopped() -> Iterator[None]:
    """Let SIGTERM end what is done inside as Ctrl-C would, so that what was half written is taken away again."""

    def stop(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    if threading.current_thread() is not threading.main_thread():  # only the main thread hears signals
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def command_act() -> Iterator[None]:
    """What is done inside came in by a command; a service's refusal ends it as a CommandError."""
    with acting_via("command"):
        try:
            yield
        except ServiceError as error:
            raise CommandError(str(error)) from error
