"""Tell people of actions that come due or are late. Run again, it tells nothing twice."""

from datetime import timedelta

from common import clock
from governance.choices import ActionState
from governance.models import Action
from governance.services.decision_telling import ACTION_DUE, ACTION_LATE
from notifications.registry import News
from notifications.services.notices import note
from phases.selectors.whom import users_of

SOON = 7
# What became overdue longer ago, while nothing ran or before mail was there, is in My work alone.
LOOK_BACK = 14


def note_action_reminders() -> None:
    """Note the owners of actions that are due within a week or overdue; once for each day that an action is due on.

    Four queries, of however many projects and actions.
    """
    today = clock.today()
    found = list(
        Action.objects.filter(
            state=ActionState.OPEN,
            owner__isnull=False,
            # A day more on both ends: no time zone is further off. Each project's own day decides below.
            due__gte=today - timedelta(days=LOOK_BACK + 1),
            due__lte=today + timedelta(days=SOON + 1),
        ).values_list("pk", "project_id", "project__time_zone", "due", "owner_id")
    )
    owners = users_of({row[4] for row in found}) if found else {}
    news = []
    for pk, project, zone, due, owner in found:
        left = (due - clock.today(zone)).days
        if not -LOOK_BACK <= left <= SOON:
            continue
        kind = ACTION_LATE if left < 0 else ACTION_DUE
        facts = {"due": due.isoformat()}
        news += [News(each, kind, f"{kind} {pk} {due}", project, pk, facts) for each in sorted(owners.get(owner, ()))]
    note(news, acting_user=None)
