"""What becomes of jobs that come back from a backup."""

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from jobs.choices import JobState
from jobs.models import Job
from jobs.selectors import result_path


@transaction.atomic
def settle_restored_jobs(*, made_it: str = "") -> int:
    """Fail what ran when the backup was taken, in words, and let results end whose files did not come back.

    A job of the kind `made_it` is the one that made the backup: it ended well. What waited waits on: the beat sends it
    again. Returns how many failed.
    """
    now = clock.now()
    makers = Job.objects.filter(state=JobState.RUNNING, kind=made_it)
    makers.update(state=JobState.SUCCEEDED, claim=None, finished_at=now, doing="")
    words = _("It ran when the backup was taken that was restored since. Try again.")
    ran = Job.objects.filter(state=JobState.RUNNING).update(
        state=JobState.FAILED, claim=None, finished_at=now, doing="", error=words
    )
    Job.objects.filter(state=JobState.QUEUED).update(sent_at=None)
    # Results are no part of a backup.
    with_result = Job.objects.filter(state=JobState.SUCCEEDED).exclude(result_name="")
    gone = [job.pk for job in with_result.exclude(expires_at__lte=now).iterator() if not result_path(job).is_file()]
    for first in range(0, len(gone), 500):
        Job.objects.filter(pk__in=gone[first : first + 500]).update(expires_at=now)
    return ran
