"""Whatever the clock does, nothing is sent twice and nobody gets two digests on one day of theirs."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from common import clock
from notifications.choices import NoticeState, Pace
from notifications.models import Mail, Notice
from notifications.registry import Line, News, NoticeKind, notice_kinds, register_notice_kind
from notifications.services.delivery import deliver_due_mail
from notifications.services.mail_settings import save_mail_settings
from notifications.services.notices import note
from tests.cast import Cast

KIND = "test"
# Thursday to Monday, over the end of summer time in Vienna.
BEGIN = datetime(2026, 10, 22, 4, 0, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["note", "send", "send", "twice"]),
        st.sampled_from([-60, -60, -1, 0, 1, 10, 60, 180, 600, 1500]),
    ),
    min_size=4,
    max_size=25,
)


@pytest.fixture
def kind():
    register_notice_kind(
        KIND,
        NoticeKind(
            title="Test",
            explanation="",
            lines=lambda _person, notices: {
                one.pk: Line(str(one.pk), one.key, "is so", "/work/", one.key) for one in notices
            },
            counted=str,
        ),
        order=1,
    )
    yield
    notice_kinds.remove(KIND)


@pytest.mark.slow
@pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.DAILY, Pace.WEEKLY])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Vienna", "America/New_York", "Pacific/Kiritimati"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_each_notice_goes_once_and_digests_once_a_day(
    cast: Cast, kind: None, zone: str, pace: Pace, steps: list[tuple[str, int]]
) -> None:
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    mail.outbox = []
    tim: User = cast.tim
    now, number = BEGIN, 0
    with clock.moved_to(now):
        save_mail_settings(acting_user=tim, paces={KIND: pace}, time_zone=zone)
    for act, minutes in steps:
        now += timedelta(minutes=minutes)
        with clock.moved_to(now):
            if act == "note":
                number += 1
                for _time in range(2):
                    note([News(tim.pk, KIND, f"thing {number}", cast.project.pk, number)], acting_user=None)
            deliver_due_mail()
            if act == "twice":
                deliver_due_mail()
    bodies = "\n".join(str(one.body) for one in mail.outbox)
    told = Counter(line.removeprefix("* ") for line in bodies.splitlines() if line.startswith("* thing"))
    assert all(count == 1 for count in told.values())
    assert len(told) == Notice.objects.filter(state=NoticeState.SENT).count()
    days = Counter(
        one.claimed_at.astimezone(ZoneInfo(zone)).date() for one in Mail.objects.all() if pace != Pace.AT_ONCE
    )
    assert all(count == 1 for count in days.values())
    # In the end nothing is lost: once time has gone on, everything was told.
    for day in range(1, 30):
        with clock.moved_to(now + timedelta(days=day)):
            deliver_due_mail()
    assert Notice.objects.filter(state=NoticeState.SENT).count() == number
