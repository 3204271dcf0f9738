"""Internal audits on My work and in calendars: those that a person is to hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audits.choices import AuditState
from audits.models import Audit, AuditTeam
from common import clock
from phases.calendar_parts import CalendarThing, register_calendar_part
from phases.domain.figures import SOON_DAYS
from projects.choices import CalendarContent
from projects.models import Project
from projects.permissions import access_to
from projects.registries import SeenProject, WorkPanel, register_work_panel

AHEAD = 28
"""A planned audit shows on My work so many days before it begins."""


@dataclass(frozen=True, slots=True)
class AuditWork:
    """An audit to be held; `days_left` is given where its end is near."""

    row: Audit
    project: Project
    leads: bool
    days_late: int | None
    days_left: int | None


def to_hold(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """The audits that `user` is to hold: under way, or soon to begin; None where there is none. One query."""
    conducting = [pk for pk, seen in projects.items() if seen.access.can("audits.conduct")]
    rows = (
        AuditTeam.objects.filter(
            party__user=user,
            project__in=conducting,
            audit__state__in=(AuditState.PLANNED, AuditState.UNDERWAY),
        )
        .select_related("audit")
        .order_by("audit__ends_on", "pk")
    )
    lines = []
    for row in rows:
        project = projects[row.project_id].project
        today = clock.today(project.time_zone)
        if row.audit.state == AuditState.PLANNED and (row.audit.starts_on - today).days > AHEAD:
            continue
        left = (row.audit.ends_on - today).days
        lines.append(
            AuditWork(
                row.audit,
                project,
                row.is_lead,
                days_late=-left if left < 0 else None,
                days_left=left if 0 <= left <= SOON_DAYS else None,
            )
        )
    if not lines:
        return None
    return {
        "audits": lines,
        "named": len(projects) > 1,
        "waits": len(lines),
        "waits_word": ngettext("audit to hold", "audits to hold", len(lines)),
    }


def audit_things(project: Project, user: User, content: str) -> Sequence[CalendarThing]:
    """The first days of audits that `user` holds; in the calendar of the plan of all, for who may see them."""
    audits = Audit.objects.filter(project=project).exclude(state=AuditState.CANCELLED)
    if content == CalendarContent.MINE:
        audits = audits.filter(team__party__user=user)
    elif not access_to(project, user).can("audits.view"):
        return []
    return [
        CalendarThing(
            kind="audit",
            key=audit.ref,
            uid=f"audit-{audit.ref}",
            day=audit.starts_on,
            title=_("Internal audit %(ref)s: %(title)s") % {"ref": audit.ref, "title": audit.title},
            lines=(_("Until %(day)s") % {"day": audit.ends_on.isoformat()},) if audit.ends_on > audit.starts_on else (),
            path=reverse("audit", args=[project.slug, audit.ref]),
            version=audit.version,
            since=audit.created_at,
        )
        for audit in audits.order_by("starts_on", "pk")
    ]


def register() -> None:
    """Put them where they belong."""
    register_work_panel("internal-audits", WorkPanel("audits/_internal_work.html", to_hold), order=6)
    register_calendar_part("internal audits", audit_things)
