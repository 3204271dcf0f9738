"""Tell people what they have not read and which documents want a look. Run again, it tells nothing twice."""

from datetime import date, timedelta

from common import clock
from documents.choices import DocumentState, VersionState
from documents.models import Document, Reading
from documents.services.telling import READ_LATE, REVIEW_DUE, REVIEW_LATE
from notifications.registry import News
from notifications.services.notices import note
from phases.selectors.whom import users_of
from projects.choices import ProjectRole
from projects.models import Membership

SOON = 30
# What became overdue longer ago, while nothing ran or before mail was there, is in My work alone.
LOOK_BACK = 14


def note_document_reminders() -> None:
    """Note what people should have read by now, and documents whose review is due in thirty days or overdue.

    Each is told once for a day that it is due on. Of a review its owner is told; where nobody with an account stands
    behind the owner, the project managers. Four queries, of however many projects and documents.
    """
    today = clock.today()
    note([*_unread(today), *_reviews(today)], acting_user=None)


def _unread(today: date) -> list[News]:
    # A day more on both ends: no time zone is further off. What it is exactly, each project's own day says below.
    late = Reading.objects.filter(
        read_at=None,
        due__gte=today - timedelta(days=LOOK_BACK + 1),
        due__lte=today + timedelta(days=1),
        document_version__state=VersionState.PUBLISHED,
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
        ).values_list("pk", "project_id", "project__time_zone", "review_on", "owner_id")
    )
    if not found:
        return []
    owners = users_of({row[4] for row in found})
    managers: dict[int, set[int]] = {}
    held = Membership.objects.current().filter(project__in={row[1] for row in found}, role=ProjectRole.MANAGER)
    for project, user in held.values_list("project_id", "user_id"):
        managers.setdefault(project, set()).add(user)
    news = []
    for pk, project, zone, review_on, owner in found:
        left = (review_on - clock.today(zone)).days if review_on is not None else None
        if review_on is None or left is None or not -LOOK_BACK <= left <= SOON:
            continue
        people = owners.get(owner, set()) or managers.get(project, set())
        kind, facts = REVIEW_LATE if left < 0 else REVIEW_DUE, {"review_on": review_on.isoformat()}
        news += [News(each, kind, f"{kind} {pk} {review_on}", project, pk, facts) for each in sorted(people)]
    return news
