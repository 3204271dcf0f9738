"""The page of what the installation does by itself."""

import pytest
from django.urls import reverse

from jobs.choices import JobState
from jobs.models import Job
from jobs.services.request import request_installation_job
from jobs.services.run import run_job
from jobs.services.upkeep import mark_beat
from tests.cast import CANARY, Cast
from tests.jobs.conftest import NIGHTLY

URL = "/jobs/installation/"


@pytest.fixture
def desk(cast: Cast, sign_in):
    """A client signed in as an administrator without a role anywhere."""
    cast.nina.is_superuser = True
    cast.nina.save()
    return sign_in(cast.nina)


def test_it_says_what_recurs_how_it_ended_and_when_it_comes(desk, nightly) -> None:
    mark_beat(interval_seconds=10)
    run_job(job_id=request_installation_job(kind=NIGHTLY).pk)
    page = desk.get(URL).content.decode()
    for words in ("Nightly test", "Succeeded", "2 Mar 2026, 09:00", "3 Mar, 01:30", "On time", "nothing waits"):
        assert words in page


def test_it_says_that_the_beat_is_missing(desk, nightly) -> None:
    assert "it has never run: start manage.py beat" in desk.get(URL).content.decode()


def test_it_counts_the_work_of_clients_and_names_none_of_it(desk, cast: Cast) -> None:
    Job.objects.create(
        kind="phases.export_plan", project=cast.other, requester=cast.bruno, idempotency_key=CANARY, doing=CANARY
    )
    page = desk.get(URL).content.decode()
    assert "the oldest since 2 Mar, 09:00:00" in page
    assert CANARY not in page


@pytest.mark.parametrize("who", ["mara", "olga", "carl"])
def test_it_is_for_administrators(cast: Cast, sign_in, nightly, who: str) -> None:
    client = sign_in(cast.people[who])
    assert client.get(URL).status_code == 403
    for kind in (NIGHTLY, "no.such.kind"):
        assert client.post(f"{URL}run/", {"kind": kind}).status_code == 403
    assert URL not in client.get(reverse("jobs")).content.decode()
    assert not Job.objects.exists()


def test_an_administrator_runs_at_once_what_recurs(desk, nightly) -> None:
    answer = desk.post(f"{URL}run/", {"kind": NIGHTLY})
    job = Job.objects.get()
    assert (job.kind, answer["Location"]) == (NIGHTLY, reverse("job", args=[job.pk]))
    assert "Nightly test" in desk.get(answer["Location"]).content.decode()


def test_a_kind_that_does_not_recur_is_absent(desk, nightly) -> None:
    assert desk.post(f"{URL}run/", {"kind": "phases.export_plan"}).status_code == 404
    assert not Job.objects.exists()


def test_it_asks_the_database_as_often_for_many_runs_as_for_one(
    desk, nightly, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(count: int) -> None:
        for _number in range(count):
            request_installation_job(kind=NIGHTLY)

    add(1)
    with django_assert_max_num_queries(12) as few:
        desk.get(URL)
    add(20)
    with django_assert_num_queries(len(few)):
        desk.get(URL)


def test_the_result_of_the_installations_work_is_for_administrators(desk, cast: Cast, sign_in, nightly) -> None:
    job = run_job(job_id=request_installation_job(kind=NIGHTLY).pk)
    address = reverse("job_result", args=[job.pk])
    assert desk.get(address).status_code == 200
    assert sign_in(cast.mara).get(address).status_code == 404
    assert job.state == JobState.SUCCEEDED
