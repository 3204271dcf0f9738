"""Tell people what evidence comes due, is overdue or expires. Run again, it tells nothing twice."""

from collections.abc import Iterable
from datetime import timedelta

from common import clock
from evidence.domain.freshness import SOON as EXPIRES_SOON
from evidence.selectors.told import reminded_items, reminded_requests
from notifications.registry import News
from notifications.services.notices import note
from phases.selectors.whom import users_of

DUE, OVERDUE, FRESHNESS = "evidence due", "evidence overdue", "evidence expires"
SOON, LAST = 7, 1
# What passed longer ago, while nothing ran or before mail was there, stands on the pages alone.
LOOK_BACK = 14


def note_evidence_reminders() -> None:
    """Note what is due within seven days, within one day, and overdue; what expires within thirty days, and expired.

    Due or valid until another day it is another thing. What it is, the day of each project says. Five queries, of
    however many projects.
    """
    note([*_requests(), *_items()], acting_user=None)


def _requests() -> Iterable[News]:
    today = clock.today()
    # A day more on both ends: no time zone is further off.
    found = reminded_requests(today - timedelta(days=LOOK_BACK + 1), today + timedelta(days=SOON + 1))
    rows = list(found.values_list("pk", "project_id", "zone", "due", "asked_of_id"))
    users = users_of({asked_of for *_rest, asked_of in rows})
    for pk, project, zone, due, asked_of in rows:
        days = (due - clock.today(zone)).days
        if days > SOON or days < -LOOK_BACK:
            continue
        kind, key = (
            (OVERDUE, f"request {pk} {due}")
            if days < 0
            else (DUE, f"{LAST if days <= LAST else SOON} request {pk} {due}")
        )
        for person in sorted(users.get(asked_of, ())):
            yield News(person, kind, key, project, pk, {"due": due.isoformat()})


def _items() -> Iterable[News]:
    today = clock.today()
    soon = EXPIRES_SOON.days
    found = reminded_items(today - timedelta(days=LOOK_BACK + 1), today + timedelta(days=soon + 1))
    rows = list(found.values_list("pk", "project_id", "zone", "valid_until", "owner_id", "added_by_id"))
    users = users_of({owner for *_rest, owner, _added_by in rows if owner is not None})
    for pk, project, zone, until, owner, added_by in rows:
        days = (until - clock.today(zone)).days
        if days > soon or days < -LOOK_BACK:
            continue
        # An owner without an account gets no mail; whoever added it does then.
        people = users.get(owner) or ({added_by} if added_by is not None else set())
        word = "expired" if days < 0 else "expires"
        facts = {"valid_until": until.isoformat(), "expired": days < 0}
        for person in sorted(people):
            yield News(person, FRESHNESS, f"{word} item {pk} {until}", project, pk, facts)
