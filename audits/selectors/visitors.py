"""Auditors of a project: who they are, until when, who is invited, and what they looked at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, QuerySet
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from accounts.models import User
from audits.models import Visit
from common import clock
from projects.choices import ProjectRole
from projects.models import Invitation, Membership, Organization, Project
from projects.permissions import can

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class AuditorRow:
    """An auditor with the end of their access; `pages` is what they opened, counted once a day."""

    membership: Membership
    is_current: bool
    days_left: int | None
    pages: int
    last_at: datetime | None

    @property
    def ends_soon(self) -> bool:
        """Whether their access ends within two weeks."""
        return self.is_current and self.days_left is not None and self.days_left <= SOON.days


def auditors_of(project: Project) -> list[AuditorRow]:
    """Who audits or audited here: those who may look now first, the one who leaves first before the others. Two
    queries."""
    today = clock.today(project.time_zone)
    seen = {
        row["user"]: (row["n"], row["last"])
        for row in Visit.objects.filter(project=project)
        .values("user")
        .annotate(n=Count("pk"), last=Max("last_at"))
        .order_by()
    }
    held = Membership.objects.filter(project=project, role=ProjectRole.AUDITOR).select_related("user")
    rows = []
    for membership in held:
        current = membership.is_current and membership.user.is_active
        until = membership.valid_until
        left = (until - today).days if current and until is not None else None
        rows.append(AuditorRow(membership, current, left, *seen.get(membership.user_id, (0, None))))
    return sorted(rows, key=lambda row: (not row.is_current, row.membership.valid_until or date.max, row.membership.pk))


def auditor_of(project: Project, pk: int) -> Membership | None:
    """The role of an auditor of `project`."""
    found = Membership.objects.filter(project=project, role=ProjectRole.AUDITOR, pk=pk).select_related("user").first()
    if found is not None:
        found.project = project
    return found


def invited_auditors(project: Project) -> list[Invitation]:
    """Open invitations of auditors, the newest first. One query."""
    found = Invitation.objects.filter(
        project=project,
        role=ProjectRole.AUDITOR,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=clock.now(),
    )
    return list(found.order_by("-pk"))


def projects_to_audit(user: User, organization: Organization) -> list[Project]:
    """The projects of `organization` for which `user` can invite auditors."""
    found = Project.objects.visible_to(user).filter(organization=organization).order_by("name", "pk")
    return [project for project in found if can(user, "team.manage", project)]


def visits_of(project: Project, user: int | None = None) -> QuerySet[Visit]:
    """What auditors looked at, the newest first; of one of them where `user` is given."""
    found = Visit.objects.filter(project=project).select_related("user")
    return found.filter(user=user) if user is not None else found


def page_name(address: str) -> str:
    """What an address shows, in words that follow from its route: "Clause 8.5.1"."""
    try:
        match = resolve(address)
    except Resolver404:
        return _("a page that is no more")
    name = (match.url_name or "").replace("_", " ")
    keys = [str(value) for key, value in match.kwargs.items() if key not in ("slug", "edition")]
    return " ".join([name[:1].upper() + name[1:], *keys])
