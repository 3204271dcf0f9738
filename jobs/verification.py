"""What `manage.py verify` finds out about results of jobs."""

from collections.abc import Iterator

from django.db.models import Q

from common import clock
from jobs.choices import JobState
from jobs.models import Job
from jobs.selectors import result_path
from jobs.services.clean_up import stray_files


def check_results(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each result that should be there still and is not, or is not as long as it was."""
    kept = Job.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now()), state=JobState.SUCCEEDED)
    for job in kept.exclude(result_name="").order_by("pk").iterator(chunk_size=500):
        try:
            size = result_path(job).stat().st_size
        except FileNotFoundError:
            yield f"the result of job {job.pk} ({job.kind}) is gone"
            continue
        if size != job.result_bytes:
            yield f"the result of job {job.pk} ({job.kind}) has {size} bytes instead of {job.result_bytes}"


def check_strays(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each file among the results that no row stands for, such as a crash may leave."""
    for path in stray_files():
        yield f"{path.name} in the folder of results belongs to no job; the next clean-up removes it"
