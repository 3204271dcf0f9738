"""Results that were kept long enough, rows that say nothing any more, files that belong to no row."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from common import clock
from jobs.choices import ACTIVE, JobState
from jobs.models import Job
from jobs.selectors import jobs_folder, result_path

# Recurring work without a result says nothing after this long; what people asked for stays for JOB_KEEP_DAYS.
_RECURRING_KEEP = timedelta(days=14)
# A file this young may belong to a run whose row is being written at this moment.
_YOUNG_SECONDS = 3600.0
_AT_ONCE = 500


def drop_expired_results() -> int:
    """Remove the files of results that have expired; their rows stay and say so. Returns how many files."""
    removed = 0
    for job in Job.objects.filter(expires_at__lte=clock.now()).exclude(result_name="").iterator(chunk_size=_AT_ONCE):
        path = result_path(job)
        if path.exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def drop_old_rows() -> int:
    """Remove rows of jobs that ended long ago, with their results. Returns how many."""
    now = clock.now()
    old = Q(finished_at__lt=now - timedelta(days=settings.JOB_KEEP_DAYS))
    said_nothing = Q(project__isnull=True, state=JobState.SUCCEEDED, result_name="")
    old |= said_nothing & Q(finished_at__lt=now - _RECURRING_KEEP)
    removed = 0
    while pks := list(Job.objects.exclude(state__in=ACTIVE).filter(old).values_list("pk", flat=True)[:_AT_ONCE]):
        # The file first: a row without its file is found by `verify`, a file without its row by the next night.
        for pk in pks:
            (jobs_folder() / str(pk)).unlink(missing_ok=True)
        removed += Job.objects.filter(pk__in=pks).exclude(state__in=ACTIVE).delete()[0]
    return removed


def drop_stray_files() -> int:
    """Remove files in the folder of results that no row stands for, and half-written ones of runs that ended."""
    before = clock.now().timestamp() - _YOUNG_SECONDS
    strays = [path for path in stray_files() if _changed_at(path) < before]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def stray_files() -> list[Path]:
    """Files in the folder of results that belong neither to a result nor to a run that goes on."""
    folder = jobs_folder()
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.is_file())
    with_result = Q(state=JobState.SUCCEEDED) & ~Q(result_name="")
    running = set(Job.objects.filter(state=JobState.RUNNING).values_list("pk", flat=True))
    # A file without `.part` of a run that goes on is in place already, and its row is about to say so.
    whole = running | set(Job.objects.filter(with_result).values_list("pk", flat=True))
    found = [path for path in files if _job_of(path) not in (running if path.suffix == ".part" else whole)]
    return [path for path in found if path.exists()]


def _job_of(path: Path) -> UUID | None:
    try:
        return UUID(path.name.partition(".")[0])
    except ValueError:
        return None


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
