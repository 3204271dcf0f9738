"""Tell managers that the access of an auditor ends soon. Run again, it tells nothing twice."""

from datetime import timedelta

from common import clock
from notifications.registry import News
from notifications.services.notices import note
from projects.choices import ProjectRole
from projects.models import Membership

ENDING = "auditor ends"
SOON = 7


def note_ending_auditors() -> None:
    """Note the managers of a project, once for each last day, that an auditor leaves within a week. Three queries."""
    now, today = clock.now(), clock.today()
    ending = list(
        Membership.objects.current()
        .filter(
            role=ProjectRole.AUDITOR,
            user__is_active=True,
            valid_until__gte=today - timedelta(days=1),
            valid_until__lte=today + timedelta(days=SOON + 1),
        )
        .values_list("pk", "project_id", "project__time_zone", "valid_until")
    )
    managers: dict[int, list[int]] = {}
    if ending:
        held = Membership.objects.current().filter(role=ProjectRole.MANAGER, project__in={row[1] for row in ending})
        for project, user in held.filter(starts_at__lte=now).values_list("project_id", "user_id"):
            managers.setdefault(project, []).append(user)
    news = []
    for pk, project, zone, until in ending:
        if not 0 <= (until - clock.today(zone)).days <= SOON:
            continue
        facts = {"until": until.isoformat()}
        news += [
            News(each, ENDING, f"{ENDING} {pk} {until}", project, pk, facts)
            for each in sorted(managers.get(project, ()))
        ]
    note(news, acting_user=None)
