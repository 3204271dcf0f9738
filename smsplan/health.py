"""Is the application up, and is it ready?

Both answer anybody, so they name no path, address or version. `healthz` says that this process lives and its database
answers; `readyz` looks at all that the application needs, and says in words what is wrong.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from jobs.selectors import beat_state
from projects.access import public_view

logger = logging.getLogger(__name__)

SECONDS = 1.0  # that Redis is waited for


@public_view("GET")
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with `{"status": "ok"}` when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok", "application": "smsplan"})


@public_view("GET")
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything the application needs is there, else 503; each check with `ok` and words.

    The checks run at each call: a few milliseconds, or a second for each server that does not answer.
    """
    found: dict[str, tuple[bool, str]] = {}
    for name, check in CHECKS.items():
        if name in NEED_DATABASE and not found["database"][0]:
            # Nobody waits three times for the same server.
            found[name] = (False, _("not known while the database does not answer"))
        else:
            found[name] = _looked_at(name, check)
    wrong = {name: words for name, (ok, words) in found.items() if not ok}
    if wrong:
        logger.warning("not ready: %s", "; ".join(f"{name}: {words}" for name, words in wrong.items()))
    response = JsonResponse(
        {
            "status": "not ready" if wrong else "ok",
            "checks": {name: {"ok": ok, "words": words} for name, (ok, words) in found.items()},
        },
        status=503 if wrong else 200,
    )
    response["Cache-Control"] = "no-store"
    return response


def _looked_at(name: str, check: Callable[[], str]) -> tuple[bool, str]:
    """Whether all is well, and in words why not. What a check did not foresee goes to the log and not to the caller."""
    try:
        words = check()
    except Exception:
        logger.exception("the check of %s failed", name)
        return False, _("could not be checked; the log says why")
    return not words, words or _("well")


def check_database() -> str:
    """Does it answer?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        logger.warning("the database does not answer: %s", error)
        return _("does not answer")
    return ""


@lru_cache(maxsize=1)
def _known_migrations() -> frozenset[tuple[str, str]]:
    """What this version of the code brings, read once: it does not change while the process lives."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    return frozenset(set(loader.disk_migrations) - replaced)


def check_migrations() -> str:
    """Is the database that of this version of the code?"""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return _("could not be read")
    missing = _known_migrations() - set(applied)
    if missing:
        return _("%(count)d not applied: run manage.py migrate") % {"count": len(missing)}
    return ""


def check_storage() -> str:
    """Can files be written, and is there room?"""
    for folder in (Path(settings.DATA_DIR), Path(settings.MEDIA_ROOT)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".ready-") as probe:
                probe.write(b"ready")
                probe.flush()
            free = shutil.disk_usage(folder).free
        except OSError as error:
            logger.warning("storage cannot be written: %s", error)
            return _("cannot be written")
        if free < settings.FREE_SPACE_MB * 1024 * 1024:
            return _("less than %(floor)d MB are free") % {"floor": settings.FREE_SPACE_MB}
    return ""


def check_broker() -> str:
    """Can jobs be handed to workers?"""
    if settings.EMBEDDED:
        folder = Path(settings.DATA_DIR) / "broker"
        if folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return ""
        return _("its folder is missing or cannot be written")
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS, retry=None
        ) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        logger.warning("the broker does not answer: %s", error)
        return _("does not answer")
    return ""


def check_beat() -> str:
    """Does somebody look after the jobs? Two intervals may pass before this says no."""
    try:
        state = beat_state()
    except DatabaseError:
        return _("could not be read")
    if state.last_at is None:
        return _("has never run: start manage.py beat")
    if state.is_late:
        return _("has not run for more than two intervals")
    return ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": check_database,
    "migrations": check_migrations,
    "storage": check_storage,
    "broker": check_broker,
    "beat": check_beat,
}
NEED_DATABASE = frozenset({"migrations", "beat"})
