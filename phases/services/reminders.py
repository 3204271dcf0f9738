"""Tell people what comes due and what became overdue. Run again, it tells nothing twice."""

from collections import defaultdict
from datetime import timedelta

from common import clock
from notifications.registry import News
from notifications.services.notices import note
from phases.models import Contributor
from phases.selectors.told import reminder_rows
from phases.selectors.whom import users_of

DUE, OVERDUE = "due soon", "overdue"
SOON, LAST = 7, 1
# What became overdue longer ago, while nothing ran or before mail was there, is in My work alone.
LOOK_BACK = 14


def note_reminders() -> None:
    """Note what is due within seven days, within one day, and what became overdue, in all projects.

    Due on another day it is another thing. Told are those who are accountable or contribute. Five queries, of however
    many projects and rows.
    """
    today = clock.today()
    # A day more on both ends: no time zone is further off. What it is exactly, each project's own day says below.
    found = reminder_rows().filter(
        due__gte=today - timedelta(days=LOOK_BACK + 1), due__lte=today + timedelta(days=SOON + 1)
    )
    rows = list(found.values_list("pk", "project_id", "zone", "due", "accountable_id"))
    parties: dict[int, set[int]] = defaultdict(set)
    for row, _project, _zone, _due, accountable in rows:
        if accountable is not None:
            parties[row].add(accountable)
    for row, party in Contributor.objects.filter(phase_activity__in=found.values("pk")).values_list(
        "phase_activity_id", "party_id"
    ):
        parties[row].add(party)
    users = users_of({party for its in parties.values() for party in its})
    news = []
    for row, project, zone, due, _accountable in rows:
        days = (due - clock.today(zone)).days
        if days > SOON or days < -LOOK_BACK:
            continue
        kind, key = (
            (OVERDUE, f"row {row} {due}") if days < 0 else (DUE, f"{LAST if days <= LAST else SOON} row {row} {due}")
        )
        told = {user for party in parties[row] for user in users.get(party, ())}
        news += [News(user, kind, key, project, row, {"due": due.isoformat()}) for user in sorted(told)]
    note(news, acting_user=None)
