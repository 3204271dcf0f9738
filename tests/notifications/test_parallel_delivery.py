"""Two who send at the same time send one mail; one who is killed in the middle leaves none to be sent again."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection

from common import clock
from notifications.models import Mail, Notice
from notifications.services.comments import add_comment
from notifications.services.delivery import deliver_due_mail
from notifications.services.notices import note_occasions
from phases.services.rows import Target, assign_party
from smsplan.environment import BASE_DIR
from tests.cast import NOW, Cast

MONDAY = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


def together(*, count: int, at: datetime) -> None:
    """Run rounds of sending at one instant, each in a thread and a connection of its own."""
    ready = threading.Barrier(count)
    failures: list[Exception] = []

    def send() -> None:
        try:
            ready.wait(timeout=10)
            with clock.moved_to(at):
                deliver_due_mail()
        except Exception as error:  # noqa: BLE001 (the test fails with it below)
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_four_rounds_at_once_send_each_person_one_mail(cast: Cast) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time; its tests run in memory, where no second one can wait")
    for key in ("CH.i", "RE.a", "CH.d"):
        add_comment(
            acting_user=cast.petra,
            project=cast.project,
            kind="activity",
            key=key,
            body="Look, @Tim Tully and @Cora Cole and @Mara Moss",
        )
    rows = cast.project.phase_activities.filter(phase_number=2)[:20]
    targets = [Target(row.pk, row.version) for row in rows]
    assign_party(acting_user=cast.mara, project=cast.project, targets=targets, party=cast.parties["tim"])
    together(count=4, at=NOW)
    assert sorted(one.to[0] for one in mail.outbox) == ["cora@alder.example", "mara@alder.example", "tim@alder.example"]
    assert {one.subject for one in mail.outbox} == {"Alder SMS: 3 comments for you"}
    mail.outbox.clear()
    with clock.moved_to(NOW):
        note_occasions()
    together(count=4, at=MONDAY)
    assert [one.subject for one in mail.outbox] == ["Alder SMS: 20 given to you"]
    assert Notice.objects.exclude(state="sent").count() == 0
    assert Mail.objects.count() == 4


def _actor(tmp_path: Path, act: str) -> subprocess.Popen[str]:
    script = f"from tests.notifications.sender_to_kill import act; act({act!r})"
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "SMSPLAN_ENV": "test", "DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _says(tmp_path: Path, act: str) -> str:
    actor = _actor(tmp_path, act)
    said, error = actor.communicate(timeout=120)
    assert actor.returncode == 0, error
    return said.strip().splitlines()[-1]


@pytest.mark.slow
def test_a_sender_that_is_killed_while_it_sends_leaves_a_mail_that_is_unknown(tmp_path: Path) -> None:
    assert _says(tmp_path, "prepare") == "waiting"
    sender = _actor(tmp_path, "hang")
    assert sender.stdout is not None
    assert sender.stdout.readline().strip() == "sending"
    sender.kill()
    sender.communicate(timeout=30)
    assert _says(tmp_path, "send") == "0 sent, sending"
    assert _says(tmp_path, "send later") == "0 sent, unknown"
    assert _says(tmp_path, "send later") == "0 sent, unknown"
