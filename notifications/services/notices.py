"""Note that people shall be told of something. What is noted is mailed later, by `services.delivery`."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from common import clock
from notifications.choices import Pace
from notifications.domain.slots import goes_at
from notifications.models import Notice, Occasion
from notifications.registry import News, occasion_kinds
from notifications.selectors.recipients import recipients
from projects.models import Project

MOST_AT_ONCE = 1000
# So long an occasion that nobody can make sense of is tried again.
PATIENCE = timedelta(days=1)
log = logging.getLogger(__name__)
_quiet: ContextVar[bool] = ContextVar("smsplan_quiet", default=False)


def occur(project: Project, kind: str, *, acting_user: User | None, facts: Mapping[str, Any]) -> None:
    """Write down that something happened of which people shall be told, in the transaction of the act.

    The one query that telling costs the act; whom it concerns is found when mail is sent.
    """
    if not _quiet.get():
        Occasion.objects.create(project=project, kind=kind, actor=acting_user, facts=dict(facts), at=clock.now())


@transaction.atomic
def note_occasions() -> None:
    """Make notices of what happened. A second process waits for the first and finds nothing left to note."""
    happened = Occasion.objects.select_related("project", "actor").order_by("pk")
    for occasion in happened.select_for_update(of=("self",))[:MOST_AT_ONCE]:
        try:
            with transaction.atomic():
                if occasion.kind in occasion_kinds:
                    note(occasion_kinds[occasion.kind](occasion), acting_user=occasion.actor, at=occasion.at)
                Occasion.objects.filter(pk=occasion.pk).delete()
        except Exception:
            log.exception("nobody could be told of an occasion (%s)", occasion.kind)
            Occasion.objects.filter(pk=occasion.pk, at__lt=clock.now() - PATIENCE).delete()


def note(news: Iterable[News], *, acting_user: User | None, at: datetime | None = None) -> None:
    """Put `news` of `at` (now) into the outbox.

    Nobody is told of their own acts, nor of what they do not want to be told, nor twice of the same thing: what stands
    in the outbox already, told or not, stays as it is. Two queries.
    """
    others = [one for one in news if acting_user is None or one.person != acting_user.pk]
    if not others or _quiet.get():
        return
    people = recipients({one.person for one in others})
    noted = at or clock.now()
    notices = []
    for one in others:
        person = people.get(one.person)
        if person is None or (pace := person.pace(one.kind)) == Pace.NEVER:
            continue
        notices.append(
            Notice(
                person_id=one.person,
                kind=one.kind,
                key=one.key,
                project_id=one.project,
                subject=one.subject,
                facts=dict(one.facts),
                noted_at=noted,
                pace=pace,
                goes_at=goes_at(pace, noted, person.zone),
            )
        )
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)


@contextmanager
def nobody_is_told() -> Iterator[None]:
    """Note nothing inside the block: for history that is played, not lived."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)
