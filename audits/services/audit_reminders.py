"""Tell people that an audit will look at what they answer for. Run again, it tells nothing twice."""

from datetime import timedelta

from audits.choices import AuditState
from audits.models import Audit
from audits.selectors.audits_told import people_audited
from common import clock
from notifications.registry import News
from notifications.services.notices import note

AHEAD = "audit ahead"
DAYS = 14


def note_audits_ahead() -> None:
    """Note, once for each first day, who answers for what an audit looks at that begins within two weeks."""
    today = clock.today()
    coming = Audit.objects.filter(
        state=AuditState.PLANNED,
        starts_on__gte=today - timedelta(days=1),
        starts_on__lte=today + timedelta(days=DAYS + 1),
    )
    news = []
    for audit in coming.select_related("project__organization"):
        if not 0 <= (audit.starts_on - clock.today(audit.project.time_zone)).days <= DAYS:
            continue
        day = audit.starts_on.isoformat()
        news += [
            News(each, AHEAD, f"{AHEAD} {audit.pk} {day}", audit.project_id, audit.pk, {"starts": day})
            for each in people_audited(audit)
        ]
    note(news, acting_user=None)
