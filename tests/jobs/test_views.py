"""The list of jobs, and fetching what came of one."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from jobs.choices import JobState
from jobs.models import Job
from jobs.selectors import result_path
from jobs.services.request import request_job
from phases.jobs import EXPORT_PLAN
from projects.choices import ProjectRole
from projects.models import Membership
from projects.services.team import grant_role
from tests.cast import CANARY, NOW, Cast


@pytest.fixture
def exported(cast: Cast, django_capture_on_commit_callbacks) -> Job:
    """An export of Alder's plan that Mara asked for, done."""
    with django_capture_on_commit_callbacks(execute=True):
        job = request_job(acting_user=cast.mara, project=cast.project, kind=EXPORT_PLAN, parameters={})
    job.refresh_from_db()
    return job


def test_it_shows_ones_own_jobs_with_state_and_result(cast: Cast, sign_in, exported: Job) -> None:
    page = sign_in(cast.mara).get(reverse("jobs")).content.decode()
    assert "Plan as a spreadsheet (CSV)" in page
    assert "Succeeded" in page
    assert reverse("job_result", args=[exported.pk]) in page
    assert "alder-plan-2026-03-02.csv" in page


def test_it_shows_nobody_elses(cast: Cast, sign_in, exported: Job) -> None:
    page = sign_in(cast.tim).get(reverse("jobs")).content.decode()
    assert "No jobs yet" in page
    assert str(exported.pk) not in page


def test_it_says_why_a_job_failed(cast: Cast, sign_in) -> None:
    Job.objects.create(
        kind=EXPORT_PLAN, project=cast.project, requester=cast.mara, state=JobState.FAILED, error="The disk is full."
    )
    assert "The disk is full." in sign_in(cast.mara).get(reverse("jobs")).content.decode()


def test_it_asks_the_database_as_often_for_many_jobs_as_for_one(
    cast: Cast, sign_in, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    client = sign_in(cast.mara)

    def add(count: int) -> None:
        for number in range(count):
            Job.objects.create(
                kind=EXPORT_PLAN,
                project=cast.project,
                requester=cast.mara,
                idempotency_key=f"k{Job.objects.count()}-{number}",
            )

    add(1)
    with django_assert_max_num_queries(6) as few:
        client.get(reverse("jobs"))
    add(20)
    with django_assert_num_queries(len(few)):
        client.get(reverse("jobs"))


@pytest.mark.parametrize("query", ["page=2", "page=0", "page=x", "page=1&page=1", "sort=at"])
def test_it_refuses_an_address_it_does_not_know(cast: Cast, sign_in, query: str) -> None:
    assert sign_in(cast.mara).get(f"{reverse('jobs')}?{query}").status_code == 400


def test_it_sends_the_result_as_an_attachment(cast: Cast, sign_in, exported: Job) -> None:
    answer = sign_in(cast.mara).get(reverse("job_result", args=[exported.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="alder-plan-2026-03-02.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert len(rows) == 479
    assert CANARY not in text


@pytest.mark.parametrize("who", ["tim", "olga", "bruno", "nina"])
def test_it_hides_the_result_from_everybody_else(cast: Cast, sign_in, exported: Job, who: str) -> None:
    assert sign_in(cast.people[who]).get(reverse("job_result", args=[exported.pk])).status_code == 404


def test_it_hides_the_result_once_the_role_has_ended(cast: Cast, sign_in, exported: Job) -> None:
    Membership.objects.filter(user=cast.mara).update(ends_at=NOW)
    client = sign_in(cast.mara)
    assert client.get(reverse("job_result", args=[exported.pk])).status_code == 404
    assert str(exported.pk) not in client.get(reverse("jobs")).content.decode()


def test_it_checks_the_right_again_when_the_result_is_fetched(
    cast: Cast, sign_in, exported: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    from common.decisions import denied

    monkeypatch.setattr("jobs.views.own.can", lambda *_args: denied("Not any more."))
    assert sign_in(cast.mara).get(reverse("job_result", args=[exported.pk])).status_code == 403


def test_it_answers_404_when_the_file_is_gone(cast: Cast, sign_in, exported: Job) -> None:
    result_path(exported).unlink()
    assert sign_in(cast.mara).get(reverse("job_result", args=[exported.pk])).status_code == 404


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.FAILED, JobState.CANCELLED])
def test_it_has_no_result_before_it_has_succeeded(cast: Cast, sign_in, exported: Job, state: str) -> None:
    Job.objects.filter(pk=exported.pk).update(state=state)
    assert sign_in(cast.mara).get(reverse("job_result", args=[exported.pk])).status_code == 404


def test_an_auditor_may_export_the_plan_too(cast: Cast) -> None:
    grant_role(acting_user=None, project=cast.project, user=cast.nina, role=ProjectRole.AUDITOR)
    assert request_job(acting_user=cast.nina, project=cast.project, kind=EXPORT_PLAN, parameters={}).pk


def test_the_page_of_a_job_leads_to_its_result(cast: Cast, sign_in, exported: Job) -> None:
    page = sign_in(cast.mara).get(reverse("job", args=[exported.pk])).content.decode()
    assert reverse("job_result", args=[exported.pk]) in page
    assert "Kept until 16 March 2026." in page
    assert "hx-get" not in page.partition("<main")[2]


def test_it_looks_again_by_itself_until_the_job_has_ended(cast: Cast, sign_in, exported: Job) -> None:
    client = sign_in(cast.mara)
    Job.objects.filter(pk=exported.pk).update(
        state=JobState.RUNNING, progress_done=3, progress_total=8, doing="Reading the plan", result_name=""
    )
    for shape in ("row", "card"):
        part = client.get(f"{reverse('job_state', args=[exported.pk])}?as={shape}").content.decode()
        assert f"state/?as={shape}" in part
        assert 'value="37"' in part
        assert "Reading the plan · 3 of 8" in part
    Job.objects.filter(pk=exported.pk).update(state=JobState.SUCCEEDED, result_name="plan.csv")
    for shape in ("row", "card"):
        part = client.get(f"{reverse('job_state', args=[exported.pk])}?as={shape}").content.decode()
        assert "hx-get" not in part
        assert "plan.csv" in part


@pytest.mark.parametrize("query", ["", "as=all", "as=row&as=row", "x=1"])
def test_the_state_of_a_job_has_two_shapes(cast: Cast, sign_in, exported: Job, query: str) -> None:
    assert sign_in(cast.mara).get(f"{reverse('job_state', args=[exported.pk])}?{query}").status_code == 400


@pytest.mark.parametrize("who", ["tim", "olga", "bruno"])
@pytest.mark.parametrize("name", ["job", "job_state", "job_cancel", "job_retry"])
def test_nothing_of_a_job_is_there_for_anybody_else(cast: Cast, sign_in, exported: Job, who: str, name: str) -> None:
    client = sign_in(cast.people[who])
    address = reverse(name, args=[exported.pk])
    answer = client.get(f"{address}?as=row" if name == "job_state" else address) if "_c" not in name else None
    posted = client.post(address)
    assert answer is None or answer.status_code in (404, 405)
    assert posted.status_code in (404, 405)
    assert 404 in {posted.status_code, answer.status_code if answer else 0}


def test_a_job_is_cancelled_and_tried_again_from_its_page(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    job = request_job(acting_user=cast.mara, project=cast.project, kind=EXPORT_PLAN, parameters={})
    assert client.post(reverse("job_cancel", args=[job.pk]))["Location"] == reverse("job", args=[job.pk])
    assert "Try again" in client.get(reverse("job", args=[job.pk])).content.decode()
    client.post(reverse("job_retry", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert "Waits for a free worker" in client.get(reverse("job", args=[job.pk])).content.decode()


def test_cancelling_what_has_ended_says_so(cast: Cast, sign_in, exported: Job) -> None:
    answer = sign_in(cast.mara).post(reverse("job_cancel", args=[exported.pk]))
    assert answer.status_code == 422
    assert "This job has ended already." in answer.content.decode()


def test_a_result_that_expired_is_not_offered(cast: Cast, sign_in, exported: Job) -> None:
    Job.objects.filter(pk=exported.pk).update(expires_at=NOW)
    client = sign_in(cast.mara)
    assert client.get(reverse("job_result", args=[exported.pk])).status_code == 404
    assert "no longer kept" in client.get(reverse("job", args=[exported.pk])).content.decode()
