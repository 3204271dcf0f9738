"""Redis is away, comes back empty, or forgets: pages answer, and what was asked for meanwhile is done afterwards."""

import signal

import pytest

from scripts.throwaway_servers import Server
from tests.faults.installation import Installation, eventually
from tests.faults.kinds import work

pytestmark = pytest.mark.processes
HERE = "here"


def test_pages_work_without_redis_and_jobs_run_when_it_is_back(on_redis: Installation, redis: Server) -> None:
    on_redis.hold(HERE)
    worker = on_redis.worker("--concurrency=2")
    beat = on_redis.beat()
    site = on_redis.serve("--workers=1")
    mara = site.enter("mara")
    running = on_redis.inside("request", work.SLOW, hold=HERE)
    on_redis.began(running)

    redis.stop(signal.SIGKILL)
    asked = mara.post("/projects/alder/export/", nonce="")
    assert asked.status == 302
    assert mara.get(asked.location).status == 200
    assert mara.get("/projects/alder/phases/1/").status == 200
    job = asked.location.strip("/").split("/")[-1]
    # The beat marks what it is about to send, and takes that back where it could not.
    eventually(lambda: on_redis.job(job)["sent_at"] is None, what="the job counts as not sent")
    assert on_redis.job(job)["state"] == "queued"
    # What runs needs no broker.
    on_redis.release(HERE)
    assert on_redis.ended(running, "succeeded")["attempts"] == 1

    redis.start()
    row = on_redis.ended(job, "succeeded")
    assert row["attempts"] == 1
    assert mara.get(f"{asked.location}result/").content.decode("utf-8-sig").startswith("ref,")
    assert [process.poll() for process in (worker, beat, site.process)] == [None, None, None]
    # It is as before: what is asked for now is sent at once.
    assert on_redis.job(on_redis.inside("request", work.SLOW))["sent_at"] is not None


def test_jobs_whose_messages_were_flushed_run(on_redis: Installation) -> None:
    jobs = [on_redis.inside("request", work.SLOW) for _ in range(3)]
    assert on_redis.inside("messages") == 3
    on_redis.inside("flush")
    assert on_redis.inside("messages") == 0
    on_redis.worker()
    on_redis.beat()
    assert [on_redis.ended(job, "succeeded")["attempts"] for job in jobs] == [1, 1, 1]
    assert on_redis.files() == sorted(jobs)


def test_a_worker_that_starts_before_redis_waits_for_it(on_redis: Installation, redis: Server) -> None:
    redis.stop()
    job = on_redis.inside("request", work.SLOW)
    worker = on_redis.worker()
    on_redis.beat()
    eventually(lambda: on_redis.inside("beats") != "None", what="the beat goes round")
    assert on_redis.job(job)["state"] == "queued"
    redis.start()
    on_redis.ended(job, "succeeded")
    assert worker.poll() is None


def test_a_redis_that_answers_nothing_keeps_no_request_waiting(on_redis: Installation, redis: Server) -> None:
    site = on_redis.serve("--workers=1")
    mara = site.enter("mara")
    # Over a connection that is open already, and over one that is made while nothing is answered.
    first = on_redis.inside("request", work.SLOW)
    assert mara.post("/projects/alder/export/", nonce="").status == 302
    with redis.frozen():
        asked = mara.post("/projects/alder/export/", nonce="")
        second = on_redis.inside("request", work.SLOW)
        assert asked.status == 302
        assert mara.get(asked.location).status == 200
    on_redis.worker()
    on_redis.beat()
    for job in (first, second, asked.location.strip("/").split("/")[-1]):
        on_redis.ended(job, "succeeded")
