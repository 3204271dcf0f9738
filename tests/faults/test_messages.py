"""What does not belong into a broker is refused or left alone, and the worker goes on."""

import os
from pathlib import Path

import pytest

from tests.faults.installation import Installation, eventually
from tests.faults.kinds import work

pytestmark = pytest.mark.processes


@pytest.fixture(params=["installation", "on_redis"])
def where(request: pytest.FixtureRequest) -> Installation:
    """Embedded, and on Redis."""
    return request.getfixturevalue(request.param)


def does_its_work(where: Installation) -> None:
    """The worker takes a job that is asked for now; no beat helps."""
    job = where.inside("request", work.SLOW)
    assert where.ended(job, "succeeded")["attempts"] == 1


def test_a_pickled_message_is_not_even_read(where: Installation) -> None:
    worker = where.worker()
    does_its_work(where)
    made = where.inside("send_pickled")
    eventually(lambda: where.inside("messages") == 0, what="all messages are taken")
    does_its_work(where)
    assert not Path(made).exists()
    assert worker.poll() is None


def test_messages_that_name_no_job_are_passed_over(where: Installation) -> None:
    worker = where.worker()
    where.inside("send_nonsense")
    eventually(lambda: where.inside("messages") == 0, what="all messages are taken")
    does_its_work(where)
    assert worker.poll() is None


def test_garbage_in_the_folder_of_messages_does_not_stop_a_worker(installation: Installation) -> None:
    folder = installation.folder / "broker"
    folder.mkdir(exist_ok=True)
    for number, content in enumerate((b"", b"garbage", b"\xff\xfe\x00", b"[]", b"{}", b"null", b'{"body": 1}')):
        (folder / f"{number:020d}_garbage.quick.msg").write_bytes(content)
    (folder / f"{10:020d}_folder.quick.msg").mkdir()
    (folder / "readme.txt").write_text("not a message")
    os.symlink("/nowhere", folder / f"{11:020d}_link.quick.msg")
    worker = installation.worker()
    does_its_work(installation)
    assert worker.poll() is None
