"""Tell people of improvements that come due and risks that wait for a look. Run again, it tells nothing twice."""

from collections.abc import Iterable
from datetime import date, timedelta

from audits.choices import ImprovementState, SmsRiskState
from audits.models import Improvement, SmsRisk
from common import clock
from notifications.registry import News
from notifications.services.notices import note
from phases.selectors.whom import users_of

IMPROVEMENT_DUE, RISK_LOOK = "improvement due", "sms risk look"
SOON = 7
# What became overdue longer ago, while nothing ran or before mail was there, is in My work alone.
LOOK_BACK = 14
WORKING = (ImprovementState.APPROVED, ImprovementState.UNDERWAY)
Row = tuple[int, int, str, date | None, int]


def note_review_reminders() -> None:
    """Note owners of what is due within a week or lately overdue; once for each day that it is due on.

    Six queries, of however many projects.
    """
    today = clock.today()
    # A day more on both ends: no time zone is further off. Each project's own day decides below.
    first, last = today - timedelta(days=LOOK_BACK + 1), today + timedelta(days=SOON + 1)
    improvements = Improvement.objects.filter(
        state__in=WORKING, owner__isnull=False, due__gte=first, due__lte=last
    ).values_list("pk", "project_id", "project__time_zone", "due", "owner_id")
    risks = SmsRisk.objects.filter(
        state=SmsRiskState.OPEN, owner__isnull=False, review_on__gte=first, review_on__lte=last
    ).values_list("pk", "project_id", "project__time_zone", "review_on", "owner_id")
    note([*_news(IMPROVEMENT_DUE, improvements), *_news(RISK_LOOK, risks)], acting_user=None)


def _news(kind: str, rows: Iterable[Row]) -> list[News]:
    dated = [(pk, project, zone, day, owner) for pk, project, zone, day, owner in rows if day is not None]
    found = [row for row in dated if -LOOK_BACK <= (row[3] - clock.today(row[2])).days <= SOON]
    owners = users_of({row[4] for row in found}) if found else {}
    return [
        News(person, kind, f"{kind} {pk} {day}", project, pk, {"day": day.isoformat()})
        for pk, project, _zone, day, owner in found
        for person in sorted(owners.get(owner, ()))
    ]
