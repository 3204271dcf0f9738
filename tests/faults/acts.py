"""What a test lets happen inside an installation, through its services. Called by tests.faults.inside."""

import hashlib
import os
import pickle
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import CreateModel
from kombu import Producer

from accounts.models import User
from audittrail.models import Event
from audittrail.services import Draft, record_events
from jobs.choices import JobState
from jobs.models import Beat, Job
from jobs.services.control import cancel_job
from jobs.services.request import request_job, send_jobs
from phases.models import PhaseActivity
from phases.services import rows
from phases.services.catalogues import load_catalogue
from phases.services.rows import Target
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


def give_up(pk: str) -> None:
    """Let a job that runs be failed, as the last of its attempts would."""
    assert Job.objects.filter(pk=pk, state=JobState.RUNNING).update(state=JobState.FAILED) == 1


def take_back(pk: str) -> None:
    """Undo `give_up`."""
    assert Job.objects.filter(pk=pk, state=JobState.FAILED).update(state=JobState.RUNNING) == 1


def send_pickled(content_type: str = "application/x-python-serialize") -> str:
    """Put a pickled message into each queue that would make a file when it is read; the path of that file."""
    target = Path(settings.DATA_DIR) / "pickled"

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (os.mkdir, (str(target),))

    with app.connection_for_write() as broker:
        for queue in settings.CELERY_TASK_QUEUES:
            Producer(broker).publish(
                pickle.dumps(([Evil()], {}, {})),
                routing_key=queue.name,
                exchange=queue.exchange,
                content_type=content_type,
                content_encoding="binary",
                headers={"task": "jobs.run", "id": "1", "lang": "py"},
            )
    return str(target)


def send_nonsense() -> None:
    """Put messages into the broker that name no job, no task, or nothing at all."""
    for job in ("nonsense", "00000000-0000-0000-0000-000000000000", None, ["x"]):
        app.send_task("jobs.run", args=[job], queue="quick")
    app.send_task("jobs.run", args=[], kwargs={"other": 1}, queue="quick")
    app.send_task("no.such.task", args=[], queue="quick")
    with app.connection_for_write() as broker:
        for body in ("", "[]", "{}", "nonsense"):
            Producer(broker).publish(body, routing_key="quick", exchange="quick", content_type="application/json")


def write_note(pk: int, text: str, who: str = "mara") -> int:
    """Write a note on a row of Alder's plan; its new version."""
    row = PhaseActivity.objects.get(pk=pk)
    target = Target(row.pk, row.version)
    return rows.write_note(acting_user=_person(who), project=row.project, target=target, note=text).version


def rows_of_plan() -> list[int]:
    """The rows of Alder's plan."""
    return list(PhaseActivity.objects.filter(project__slug="alder").order_by("pk").values_list("pk", flat=True))


def beats() -> str:
    """When the beat last looked after the jobs."""
    return str(Beat.objects.values_list("last_at", flat=True).first())


def jobs_of_kind(kind: str) -> list[dict[str, Any]]:
    """The rows of all jobs of a kind, the oldest first."""
    return list(Job.objects.filter(kind=kind).order_by("created_at").values())


def note_of(pk: int) -> tuple[int, str]:
    """The version and the note of a row."""
    version, note = PhaseActivity.objects.values_list("version", "note").get(pk=pk)
    return version, note


def flush() -> None:
    """Take all messages out of the broker, as a Redis does that loses its memory."""
    with app.connection_for_write() as broker:
        broker.default_channel.client.flushall()


def fill(count: int) -> None:
    """Make `count` events in Alder's trail, and as many jobs that have ended."""
    project = Project.objects.get(slug="alder")
    mara = _person("mara")
    at_once = 5000
    for start in range(0, count, at_once):
        drafts = [Draft("note", "test", str(number), f"Event {number}") for number in range(start, start + at_once)]
        record_events(stream_id=project.uuid, acting_user=mara, drafts=drafts)
    one = Job.objects.create(
        kind="faults.slow", project=project, requester=mara, idempotency_key="fill", state=JobState.CANCELLED
    )
    # Copies of this one, made by the database itself.
    number = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    fresh = {"id": number, "idempotency_key": f"CAST({number} AS text)"}
    columns = [field.column for field in Job._meta.concrete_fields]
    values = ", ".join(fresh.get(column, f"j.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO jobs_job ({', '.join(columns)}) SELECT {values} "  # noqa: S608 (names of our own)
            "FROM jobs_job j, audittrail_event e WHERE j.idempotency_key = %s AND e.kind = %s",
            [one.idempotency_key, "test"],
        )


def tables() -> list[str]:
    """The tables of the database."""
    return sorted(connection.introspection.table_names())


def hash_of_events() -> str:
    """One hash of all that the events say, in order."""
    whole = hashlib.sha256()
    found = Event.objects.order_by("stream_id", "seq").values_list("stream_id", "seq", "payload", "hash", "mac")
    for event in found.iterator(chunk_size=5000):
        whole.update(repr(event).encode())
    return whole.hexdigest()


def go_back(to: list[tuple[str, str]]) -> None:
    """Take back all migrations after these, each an app and a name, as `migrate APP NAME` for each would.

    In one plan: each command of its own would read the whole history of all models anew.
    """
    executor = MigrationExecutor(connection)
    # An app that another one took further back already is not brought forth again.
    plan = [step for step in executor.migration_plan([(app, name) for app, name in to]) if step[1]]
    executor.migrate([], plan=plan)


def newest_migrations() -> list[dict[str, Any]]:
    """For each app of ours that has two: the newest, the one before, whether there is a way back, and what it makes."""
    loader = MigrationExecutor(connection).loader
    found = []
    for app_config in apps.get_app_configs():
        names = sorted(name for label, name in loader.disk_migrations if label == app_config.label)
        path = Path(app_config.path)
        if path.parent != settings.BASE_DIR or len(names) < 2:
            continue
        operations = loader.disk_migrations[app_config.label, names[-1]].operations
        found.append(
            {
                "app": app_config.label,
                "newest": names[-1],
                "before": names[-2],
                "reversible": all(operation.reversible for operation in operations),
                "makes": [
                    f"{app_config.label}_{operation.name_lower}"
                    for operation in operations
                    if isinstance(operation, CreateModel)
                ],
            }
        )
    # Those that others hang on come last on the way back.
    order = ["gapanalysis", "phases", "notifications", "jobs", "projects", "accounts", "audittrail"]
    return sorted(found, key=lambda step: order.index(step["app"]) if step["app"] in order else -1)
