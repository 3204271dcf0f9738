"""The settings of an installation that a fault test kills: those of the product, and places to be stopped at."""

import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from common import clock
from smsplan.settings import *  # noqa: F403 (everything, as it is)
from smsplan.settings import DATA_DIR, DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.kinds"]
# Signing in is not what is tested, nor are styles: both would only take time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATICFILES_FINDERS: list[str] = []
STATIC_ROOT = DATA_DIR / "static"
if os.environ.get("FAULT_MOST_PAGES"):
    # SQLite says of a database that may not grow what it says on a full disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += f"PRAGMA max_page_count={os.environ['FAULT_MOST_PAGES']};"


def _moved_now() -> datetime:
    """The time of a host whose clock is wrong by the seconds that a file says, which a test may change meanwhile.

    FAULT_CLOCK adds the seconds by which this one process is wrong, as on a host of its own.
    """
    seconds = float(os.environ.get("FAULT_CLOCK", "0"))
    with contextlib.suppress(OSError, ValueError):
        seconds += float(Path(os.environ["DATA_DIR"], "faults", "clock").read_text(encoding="ascii"))
    return clock._moved.get() or datetime.now(UTC) + timedelta(seconds=seconds)  # noqa: TID251 (a host's wrong clock)


# Before any model takes it as a default.
clock.now = _moved_now
