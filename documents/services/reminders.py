"""Tell people what they have not read and which documents want a look. Run again, it tells nothing twice."""

from datetime import date, timedelta

from django.db.models import Max, Min

from common import clock
from documents.choices import READ_STATES, DocumentState, ObjectiveState, VersionState
from documents.domain.objective_standing import is_late, month_due
from documents.models import Document, Objective, Reading
from documents.selectors.in_force import next_day
from documents.services.telling import READ_LATE, REVIEW_DUE, REVIEW_LATE, VALUE_MISSING
from notifications.registry import News
from notifications.services.notices import note
from phases.selectors.whom import users_of
from projects.choices import ProjectRole
from projects.models import Membership

SOON = 30
# What became overdue longer ago, while nothing ran or before mail was there, is in My work alone.
LOOK_BACK = 14


def note_document_reminders() -> None:
    """Note what people should have read by now, documents whose review is due in thirty days or overdue, and objectives
    without the value of a month that is over.

    Each is told once for a day that it is due on, an objective once a month. Its owner is told; where nobody with an
    account stands behind the owner, the project managers. Seven queries, of however many projects and documents.
    """
    today = clock.today()
    note([*_unread(today), *_reviews(today), *_values(today)], acting_user=None)


def _unread(today: date) -> list[News]:
    # A day more on both ends: no time zone is further off. What it is exactly, each project's own day says below.
    late = Reading.objects.filter(
        read_at=None,
        due__gte=today - timedelta(days=LOOK_BACK + 1),
        due__lte=today + timedelta(days=1),
        document_version__state__in=READ_STATES,
        reader__user__isnull=False,
    ).values_list("reader__user_id", "project_id", "project__time_zone", "document_version_id", "due")
    return [
        News(user, READ_LATE, f"document version {version} {due}", project, version, {"due": due.isoformat()})
        for user, project, zone, version, due in late
        if -LOOK_BACK <= (due - clock.today(zone)).days < 0
    ]


def _reviews(today: date) -> list[News]:
    found = list(
        Document.objects.filter(
            state=DocumentState.CURRENT,
            versions__state=VersionState.PUBLISHED,
            review_on__gte=today - timedelta(days=LOOK_BACK + 1),
            review_on__lte=today + timedelta(days=SOON + 1),
        )
        .annotate(next_from=next_day("pk"))
        .values_list("pk", "project_id", "project__time_zone", "review_on", "owner_id", "next_from")
    )
    if not found:
        return []
    owners = users_of({row[4] for row in found})
    managers = _managers({row[1] for row in found})
    news = []
    for pk, project, zone, review_on, owner, next_from in found:
        here = clock.today(zone)
        if next_from is not None and next_from <= here:
            # A newer version holds since today; its review is counted from its day.
            continue
        left = (review_on - here).days if review_on is not None else None
        if review_on is None or left is None or not -LOOK_BACK <= left <= SOON:
            continue
        people = owners.get(owner, set()) or managers.get(project, set())
        kind, facts = REVIEW_LATE if left < 0 else REVIEW_DUE, {"review_on": review_on.isoformat()}
        news += [News(each, kind, f"{kind} {pk} {review_on}", project, pk, facts) for each in sorted(people)]
    return news


def _values(today: date) -> list[News]:
    found = list(
        Objective.objects.filter(state=ObjectiveState.ACTIVE)
        .annotate(oldest=Min("values__month"), newest=Max("values__month"))
        .values_list("pk", "project_id", "project__time_zone", "owner_id", "created_at", "oldest", "newest")
    )
    late = []
    for pk, project, zone, owner, created_at, oldest, newest in found:
        here = clock.today(zone)
        begun = min(created_at.date(), oldest or created_at.date())
        if is_late(begun, newest, here):
            late.append((pk, project, owner, month_due(here)))
    if not late:
        return []
    owners = users_of({row[2] for row in late})
    managers = _managers({row[1] for row in late})
    news = []
    for pk, project, owner, month in late:
        people = owners.get(owner, set()) or managers.get(project, set())
        facts = {"month": month.isoformat()}
        key = f"objective {pk} {month:%Y-%m}"
        news += [News(each, VALUE_MISSING, key, project, pk, facts) for each in sorted(people)]
    return news


def _managers(projects: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    held = Membership.objects.current().filter(project__in=projects, role=ProjectRole.MANAGER)
    for project, user in held.values_list("project_id", "user_id"):
        found.setdefault(project, set()).add(user)
    return found
