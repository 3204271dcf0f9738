"""What a process of its own does, which a test may kill while it sends mail."""

import sys
import time
from datetime import date, timedelta

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.test.utils import override_settings

from accounts.models import User
from common import clock
from notifications.choices import Pace
from notifications.models import Notice
from notifications.registry import Line, News, NoticeKind, register_notice_kind
from notifications.services.delivery import deliver_due_mail
from notifications.services.notices import note
from projects.choices import OrganizationRole
from projects.models import Organization, OrganizationMembership, Project

KIND = NoticeKind(
    title="Test",
    explanation="",
    lines=lambda _person, notices: {one.pk: Line(one.key, one.key, "is so", "/work/", one.key) for one in notices},
    counted=str,
    pace=Pace.AT_ONCE,
)


class HangingBackend(EmailBackend):
    """A mail server that takes a mail and never answers."""

    def send_messages(self, _messages: object) -> int:
        """Say that it has begun, and hang."""
        _say("sending")
        time.sleep(600)
        return 0


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def act(name: str) -> None:
    """Do what `name` says, and print what came of it."""
    register_notice_kind("test", KIND, order=1)
    if name == "prepare":
        _prepare()
        _say(Notice.objects.get().state)
    elif name == "hang":
        with override_settings(EMAIL_BACKEND=f"{__name__}.HangingBackend"):
            deliver_due_mail()
    else:
        later = timedelta(minutes=16 if name == "send later" else 0)
        mail.outbox = []
        with (
            override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"),
            clock.moved_to(clock.now() + later),
        ):
            deliver_due_mail()
        _say(f"{len(mail.outbox)} sent, {Notice.objects.get().state}")


def _prepare() -> None:
    call_command("migrate", verbosity=0)
    person = User.objects.create_user("tim@alder.example", name="Tim Tully")
    organization = Organization.objects.create(name="Alder", slug="alder")
    OrganizationMembership.objects.create(
        organization=organization,
        user=person,
        role=OrganizationRole.OWNER,
        valid_from=date(2026, 1, 1),
        starts_at=clock.now() - timedelta(days=1),
    )
    project = Project.objects.create(
        organization=organization, slug="alder", name="Alder SMS", start_date=date(2026, 1, 1)
    )
    note([News(person.pk, "test", "thing", project.pk, 1)], acting_user=None)
