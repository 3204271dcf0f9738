"""The first of what waits for one person across all their projects, for the start page; `work_list` has all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from common import clock
from phases.domain.figures import SOON_DAYS
from phases.domain.transitions import DONE, OPEN_STATUSES
from phases.models import PhaseActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.portfolio import days_by_zone
from projects.capabilities import capabilities
from projects.choices import OrganizationRole
from projects.models import GroupMember, Membership, OrganizationMembership, Party

MOST_ROWS = 5
LATE, SOON, VERIFY = "late", "soon", "verify"


@dataclass(frozen=True, slots=True)
class WorkRow:
    """An activity that waits for the person, and why: late, soon or to verify."""

    kind: str
    ref: str
    title: str
    slug: str
    project: str
    phase: int
    status: str
    due: date | None
    days_late: int | None
    days_left: int | None
    done_by: str
    is_supplement: bool = False


@dataclass(frozen=True, slots=True)
class MyWork:
    """How much waits, and the most pressing of it. Rows of the supplement are counted apart, in `supplement`."""

    late: int = 0
    soon: int = 0
    verify: int = 0
    supplement: int = 0
    rows: tuple[WorkRow, ...] = ()

    @property
    def total(self) -> int:
        """Everything that waits."""
        return self.late + self.soon + self.verify + self.supplement


def own_parties(user: User) -> QuerySet[Party, Any]:
    """The ids of the parties that `user` is or belongs to, in all projects; for a subquery."""
    return Party.objects.filter(
        Q(user=user) | Q(pk__in=GroupMember.objects.filter(person__user=user).values("group"))
    ).values("pk")


def my_work(user: User, zones: Iterable[str]) -> MyWork:
    """What is late, due within 14 days or to be verified by `user`, by figures that are fresh. Two queries.

    `zones` are the time zones of the projects that `user` can see. Own is what the person is accountable for, alone
    or in a group. To verify is what others reported done where the person holds that right.
    """
    days = days_by_zone(zones)
    if not days:
        return MyWork()
    late, soon = Q(), Q()
    for day, names in days.items():
        late |= Q(project__time_zone__in=names, due__lt=day)
        soon |= Q(project__time_zone__in=names, due__gte=day, due__lte=day + timedelta(days=SOON_DAYS))
    own = Q(status__in=OPEN_STATUSES, accountable__in=own_parties(user))
    memberships = Membership.objects.current().filter(user=user, role__in=capabilities["phases.verify"].roles)
    owned = OrganizationMembership.objects.current().filter(user=user, role=OrganizationRole.OWNER)
    verifies = (
        Q(status=DONE)
        & (Q(project__in=memberships.values("project")) | Q(project__organization__in=owned.values("organization")))
        & (Q(done_by=None) | ~Q(done_by=user))
    )
    waiting = (
        PhaseActivity.objects.visible_to(user)
        .filter((own & (late | soon)) | verifies)
        # Phases before the current one are closed: what they left goes on in later rows.
        .exclude(phase_number__lt=Coalesce(F("project__figures__phase_number"), Value(0)))
        .annotate(
            kind=Case(
                When(Q(status=DONE), then=Value("3" + VERIFY)),
                When(late, then=Value("1" + LATE)),
                default=Value("2" + SOON),
                output_field=CharField(),
            )
        )
    )
    counts: dict[str, int] = {}
    supplement = 0
    for kind, apart, count in (
        waiting.order_by().values_list("kind", "activity__is_supplement").annotate(count=Count("pk"))
    ):
        if apart:
            supplement += count
        else:
            counts[kind] = count
    rows = (
        waiting.select_related("activity", "project", "done_by").order_by(
            "kind", "due", "project__name", "activity__position", "pk"
        )[:MOST_ROWS]
        if counts or supplement
        else ()
    )
    return MyWork(
        late=counts.get("1" + LATE, 0),
        soon=counts.get("2" + SOON, 0),
        verify=counts.get("3" + VERIFY, 0),
        supplement=supplement,
        rows=tuple(_row(row, row.kind[1:]) for row in rows),
    )


def _row(row: PhaseActivity, kind: str) -> WorkRow:
    today = clock.today(row.project.time_zone)
    text = texts_for(row.project).text_of(row.activity.ref)
    return WorkRow(
        kind=kind,
        ref=row.activity.ref,
        title=row.activity.title or (text.title if text else row.activity.ref),
        slug=row.project.slug,
        project=row.project.name,
        phase=row.phase_number,
        status=row.status,
        due=row.due,
        days_late=(today - row.due).days if kind == LATE and row.due else None,
        days_left=(row.due - today).days if kind == SOON and row.due else None,
        done_by=str(row.done_by) if row.done_by else "",
        is_supplement=row.activity.is_supplement,
    )
