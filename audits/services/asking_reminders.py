"""Tell people of requests, findings and actions that come due or are late. Run again, it tells nothing twice."""

from datetime import date, timedelta

from audits.choices import FindingState, StepState
from audits.domain.asking import AWAITS_ANSWER
from audits.domain.correcting import NONCONFORMITIES, rises
from audits.models import AuditFinding, AuditRequest, CorrectiveAction
from audits.selectors.findings import AT_WORK, with_due
from audits.services.finding_telling import COMMITTEE_LATE, DUE, LATE, OWNED, STEP
from common import clock
from notifications.registry import News
from notifications.services.notices import note
from phases.selectors.whom import users_of
from projects.choices import ProjectRole
from projects.models import Membership

SOON = 7
#: What became overdue longer ago, while nothing ran or before mail was there, is in My work alone.
LOOK_BACK = 14
REQUEST = "request"


def note_asking_reminders() -> None:
    """Note who was asked, and who owns findings and actions, of what is due within a week or overdue; once a day due.

    Ten queries, of however many projects and rows.
    """
    news = [
        *_of_parties(
            list(
                AuditRequest.objects.filter(
                    state__in=AWAITS_ANSWER, asked_of__isnull=False, **_near("due")
                ).values_list("pk", "project_id", "project__time_zone", "due", "asked_of_id")
            ),
            REQUEST,
        ),
        *_of_parties(
            list(
                with_due(AuditFinding.objects.filter(state__in=AT_WORK, owner__isnull=False))
                .filter(**_near("by"))
                .values_list("pk", "project_id", "project__time_zone", "by", "owner_id")
            ),
            OWNED,
        ),
        *_of_parties(
            list(
                CorrectiveAction.objects.filter(
                    state=StepState.OPEN, owner__isnull=False, finding__state__in=AT_WORK, **_near("due")
                ).values_list("pk", "project_id", "project__time_zone", "due", "owner_id")
            ),
            STEP,
        ),
        *_of_committees(),
    ]
    note(news, acting_user=None)


def _near(name: str) -> dict[str, date]:
    today = clock.today()
    # A day more on both ends: no time zone is further off. Each project's own day decides below.
    return {f"{name}__gte": today - timedelta(days=LOOK_BACK + 1), f"{name}__lte": today + timedelta(days=SOON + 1)}


def _of_parties(rows: list[tuple[int, int, str, date, int]], what: str) -> list[News]:
    people = users_of({row[4] for row in rows}) if rows else {}
    news = []
    for pk, project, zone, due, party in rows:
        left = (due - clock.today(zone)).days
        if not -LOOK_BACK <= left <= SOON:
            continue
        kind = LATE if left < 0 else DUE
        facts = {"due": due.isoformat(), "what": what}
        news += [
            News(each, kind, f"{kind} {what} {pk} {due}", project, pk, facts) for each in sorted(people.get(party, ()))
        ]
    return news


def _of_committees() -> list[News]:
    """Who sits on a committee hears once of a nonconformity that is so late that it is theirs to ask about."""
    rows = with_due(AuditFinding.objects.filter(state__in=(FindingState.OPEN, FindingState.ACTING)))
    found = [
        (pk, project, due)
        for pk, project, zone, grade, due in rows.filter(grade__in=NONCONFORMITIES, by__isnull=False).values_list(
            "pk", "project_id", "project__time_zone", "grade", "by"
        )
        if rises(grade, (clock.today(zone) - due).days)
    ]
    members: dict[int, set[int]] = {}
    if found:
        seats = Membership.objects.current().filter(
            project__in={row[1] for row in found}, role__in=(ProjectRole.CHAIR, ProjectRole.COMMITTEE)
        )
        for project, user in seats.values_list("project_id", "user_id"):
            members.setdefault(project, set()).add(user)
    return [
        News(each, COMMITTEE_LATE, f"{COMMITTEE_LATE} {pk} {due}", project, pk, {"due": due.isoformat()})
        for pk, project, due in found
        for each in sorted(members.get(project, ()))
    ]
