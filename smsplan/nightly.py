"""What the installation does each night beside the figures: verify, clear away, back up."""

import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.cleaning import cleanings, register_cleaning
from common.exceptions import RuleBroken
from common.verification import checks, findings_of
from jobs.models import Beat
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from smsplan.backup.make import drop_old_backups, drop_unfinished, make_backup
from smsplan.backup.manifest import BackupError, newest_backup_at

logger = logging.getLogger(__name__)

VERIFY, CLEAN_UP, BACKUP = "smsplan.verify", "smsplan.clean_up", "smsplan.backup"
_SUNDAY = 6
_STALE_AFTER = timedelta(days=2)


def verify(work: Work) -> None:
    """Run every check: from the last checkpoints on, on Sundays from the first event. Raises RuleBroken on findings."""
    resume = clock.now().weekday() != _SUNDAY
    findings: list[str] = []
    entries = list(checks)
    for number, check in enumerate(entries):
        work.progress(number, len(entries), check.title)
        findings += [f"{check.title}: {finding}" for finding in findings_of(check, resume=resume)]
    findings += stale_backup()
    if not findings:
        return
    for finding in findings:
        logger.error("verify: %s", finding)
    raise RuleBroken(
        ngettext("%(count)d finding. %(first)s", "%(count)d findings, all in the log. First: %(first)s", len(findings))
        % {"count": len(findings), "first": "; ".join(findings[:3])}
    )


def stale_backup() -> list[str]:
    """A sentence where nights should have made a backup for more than two days and did not."""
    first = Beat.objects.values_list("first_at", flat=True).first()
    before = clock.now() - _STALE_AFTER
    if not settings.BACKUP_KEEP or settings.NIGHTLY_AT is None or first is None or first > before:
        return []
    newest = newest_backup_at(Path(settings.BACKUP_DIR))
    if newest is None:
        return [gettext("Backups: there is none, and nights should have made some")]
    if newest < before:
        return [gettext("Backups: the newest is of %(at)s") % {"at": f"{newest:%Y-%m-%d %H:%M} UTC"}]
    return []


def clean_up(work: Work) -> None:
    """Clear away what nobody needs any more. Raises RuleBroken naming what could not be; the rest is done."""
    entries, failed = list(cleanings), []
    for number, cleaning in enumerate(entries):
        work.progress(number, len(entries), str(cleaning.title))
        try:
            removed = cleaning.run()
        except Exception:
            logger.exception("clean-up: %s failed", cleaning.title)
            failed.append(str(cleaning.title))
            continue
        if removed:
            logger.info("clean-up: %s: %d removed", cleaning.title, removed)
    if failed:
        raise RuleBroken(
            gettext("Could not be cleared away: %(names)s. The log says why.") % {"names": ", ".join(failed)}
        )


def back_up(work: Work) -> None:
    """Make a backup and remove the oldest beyond BACKUP_KEEP. Raises RuleBroken where it cannot be made."""
    work.progress(0, 0, gettext("Backing up"))
    try:
        folder = make_backup()
    except BackupError as error:
        logger.error("backup: %s", error)
        raise RuleBroken(error) from error
    logger.info("backup: %s", folder.name)
    drop_old_backups()


def _drop_expired_sessions() -> int:
    return Session.objects.filter(expire_date__lt=clock.now()).delete()[0]


def _drop_expired_cache_rows() -> int:
    """The cache in the database removes what expired only where it is full."""
    cache = caches["default"]
    if not isinstance(cache, DatabaseCache):
        return 0
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE expires < %s",  # noqa: S608 (the name of our own table)
            [connection.ops.adapt_datetimefield_value(clock.now().replace(microsecond=0, tzinfo=None))],
        )
        return int(cursor.rowcount)


def register() -> None:
    """Make the kinds, their times and what they clear away known."""
    register_cleaning("sessions", _("Sessions that have ended"), _drop_expired_sessions)
    register_cleaning("cache", _("Cached answers that have expired"), _drop_expired_cache_rows)
    register_cleaning("backups", _("Backups that were not finished"), lambda: len(drop_unfinished()))
    register_job_kind(VERIFY, JobKind(_("Verify that everything holds"), "", verify, seconds=4 * 3600))
    register_job_kind(CLEAN_UP, JobKind(_("Clear away what is not needed"), "", clean_up, seconds=3600))
    register_job_kind(BACKUP, JobKind(_("Back up"), "", back_up, seconds=4 * 3600))
    register_nightly(VERIFY, 10)
    register_nightly(CLEAN_UP, 20)
    if settings.BACKUP_KEEP:
        register_nightly(BACKUP, 30)
