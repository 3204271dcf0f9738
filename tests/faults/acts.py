"""What a test lets happen inside an installation, through its services. Called by tests.faults.inside."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from jobs.models import Job
from jobs.services.control import cancel_job
from jobs.services.request import request_job, send_jobs
from phases.services.catalogues import load_catalogue
from projects.models import Project
from smsplan.celery import app
from tests.cast import make_cast


def prepare() -> None:
    """Make an empty installation one with the catalogue and the cast."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    load_catalogue(folder=settings.CONTENT_DIR / "catalogues" / "tr20000-5-2010")
    make_cast()


def _person(who: str) -> User:
    return User.objects.get(email=f"{who}@alder.example")


def request(kind: str, who: str = "mara", key: str = "", **parameters: Any) -> str:
    """Ask for a job of Alder's project; its id."""
    job = request_job(
        acting_user=_person(who),
        project=Project.objects.get(slug="alder"),
        kind=kind,
        parameters=parameters,
        idempotency_key=key,
    )
    return str(job.pk)


def cancel(job: str, who: str = "mara") -> None:
    """Stop a job."""
    cancel_job(acting_user=_person(who), job_id=UUID(job))


def job(pk: str) -> dict[str, Any]:
    """The row of a job."""
    return dict(Job.objects.values().get(pk=pk))


def read(sql: str, *values: Any) -> list[list[Any]]:
    """The rows that `sql` finds, as JSON can hold them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [list(row) for row in cursor.fetchall()]


def send_again(pk: str, times: int = 1) -> None:
    """Let the message of a job come `times` times more."""
    message = Job.objects.values_list("pk", "queue").get(pk=pk)
    assert send_jobs([message] * times) == times


def messages() -> int:
    """How many messages lie in the broker."""
    with app.connection_for_read() as broker:
        return sum(broker.default_channel._size(queue.name) for queue in settings.CELERY_TASK_QUEUES)
