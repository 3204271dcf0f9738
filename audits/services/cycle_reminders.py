"""Tell people of what comes round, and managers of the end of a certificate. Run again, it tells nothing twice."""

from datetime import timedelta

from audits.choices import ExternalAuditState
from audits.models import CycleEntry, ExternalAudit
from common import clock
from notifications.registry import News
from notifications.services.notices import note
from phases.selectors.whom import users_of
from projects.choices import ProjectRole
from projects.models import Membership

CYCLE, CERTIFICATE = "comes round", "certificate ends"
SOON = 14
#: What became late longer ago, while nothing ran or before mail was there, is in My work alone.
LOOK_BACK = 14
WARNED = (270, 120, 30)
"""So many days before a certificate ends its managers are told: to book, to prepare, at last."""


def note_cycle_reminders() -> None:
    """Note owners of what comes round within two weeks or is late, and managers of certificates that end.

    Once for each day that something is due on. Four queries, of however many projects.
    """
    note([*_cycle(), *_certificates()], acting_user=None)


def _cycle() -> list[News]:
    today = clock.today()
    rows = list(
        CycleEntry.objects.filter(
            is_active=True,
            owner__isnull=False,
            # A day more on both ends: no time zone is further off. Each project's own day decides below.
            next_on__gte=today - timedelta(days=LOOK_BACK + 1),
            next_on__lte=today + timedelta(days=SOON + 1),
        ).values_list("pk", "project_id", "project__time_zone", "next_on", "owner_id")
    )
    owners = users_of({row[4] for row in rows}) if rows else {}
    news = []
    for pk, project, zone, due, owner in rows:
        left = (due - clock.today(zone)).days
        if -LOOK_BACK <= left <= SOON:
            facts = {"due": due.isoformat()}
            news += [
                News(each, CYCLE, f"{CYCLE} {pk} {due}", project, pk, facts) for each in sorted(owners.get(owner, ()))
            ]
    return news


def _certificates() -> list[News]:
    rows = list(
        ExternalAudit.objects.filter(
            state=ExternalAuditState.HELD,
            certificate_until__gte=clock.today() - timedelta(days=1),
            certificate_until__lte=clock.today() + timedelta(days=WARNED[0] + 1),
        ).values_list("pk", "project_id", "project__time_zone", "certificate_until")
    )
    managers: dict[int, set[int]] = {}
    if rows:
        held = Membership.objects.current().filter(project__in={row[1] for row in rows}, role=ProjectRole.MANAGER)
        for project, user in held.values_list("project_id", "user_id"):
            managers.setdefault(project, set()).add(user)
    news = []
    for pk, project, zone, until in rows:
        left = (until - clock.today(zone)).days if until is not None else -1
        steps = [days for days in WARNED if 0 <= left <= days]
        if steps and until is not None:
            key = f"{CERTIFICATE} {pk} {until} {min(steps)}"
            facts = {"until": until.isoformat()}
            news += [News(each, CERTIFICATE, key, project, pk, facts) for each in sorted(managers.get(project, ()))]
    return news
