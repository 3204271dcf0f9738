"""What a worker is told: the id of a job. Everything else stands in its row."""

from typing import Any

from celery import shared_task


@shared_task(name="jobs.run", bind=True, ignore_result=True)
def run(self: Any, job_id: str) -> None:
    """Run one job. A message that comes twice, or for a job that has ended, does nothing."""
    from jobs.services.pulse import Pulse  # noqa: PLC0415 (services send this task)
    from jobs.services.run import run_job  # noqa: PLC0415 (services send this task)

    # Run in the process that asked (tests), there is one connection, and nobody to report to meanwhile.
    run_job(job_id=job_id, pulse=None if self.request.is_eager else Pulse())
