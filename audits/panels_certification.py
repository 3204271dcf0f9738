"""What comes round in operation, on My work and in calendars; audits by others in the calendar of the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audits.choices import ExternalAuditState
from audits.domain.certifying import SOON_DAYS
from audits.models import CycleEntry, ExternalAudit
from audits.selectors.cycle import owned_by
from common import clock
from phases.calendar_parts import CalendarThing, register_calendar_part
from projects.choices import CalendarContent
from projects.models import Project
from projects.permissions import access_to
from projects.registries import SeenProject, WorkPanel, register_work_panel

AHEAD = (ExternalAuditState.PLANNED, ExternalAuditState.BOOKED)


@dataclass(frozen=True, slots=True)
class ComingLine:
    """Something that comes round, with its project."""

    entry: CycleEntry
    project: Project
    days_late: int | None
    days_left: int | None


def in_work(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """What `user` sees to and is late or comes within four weeks; None where nothing does. One query."""
    may = [pk for pk, seen in projects.items() if seen.access.can("improvements.propose")]
    if not may:
        return None
    lines = []
    for entry in owned_by(user, may, clock.today() + timedelta(days=SOON_DAYS)):
        project = projects[entry.project_id].project
        left = (entry.next_on - clock.today(project.time_zone)).days
        lines.append(ComingLine(entry, project, -left if left < 0 else None, left if left >= 0 else None))
    if not lines:
        return None
    return {
        "lines": lines,
        "named": len(projects) > 1,
        "waits": len(lines),
        "waits_word": ngettext("thing that comes round", "things that come round", len(lines)),
    }


def cycle_things(project: Project, user: User, content: str) -> Sequence[CalendarThing]:
    """What comes round: one's own, and all of it in the calendar of the plan for who may see it. One query."""
    if content == CalendarContent.PLAN:
        if not access_to(project, user).can("certification.view"):
            return []
        rows: Sequence[CycleEntry] = list(CycleEntry.objects.filter(project=project, is_active=True))
    else:
        rows = owned_by(user, [project.pk], clock.today(project.time_zone) + timedelta(days=400))
    return [
        CalendarThing(
            kind="cycle entry",
            key=str(row.pk),
            uid=f"cycle-{row.pk}",
            day=row.next_on,
            title=row.title,
            lines=(_("Clauses: %(numbers)s") % {"numbers": ", ".join(row.clauses)},) if row.clauses else (),
            path=reverse("cycle_entry", args=[project.slug, row.pk]),
            version=row.version,
            since=project.created_at,
        )
        for row in rows
    ]


def external_things(project: Project, user: User, content: str) -> Sequence[CalendarThing]:
    """The audits by others that lie ahead, in the calendar of the plan. One query."""
    if content != CalendarContent.PLAN or not access_to(project, user).can("certification.view"):
        return []
    return [
        CalendarThing(
            kind="external audit",
            key=row.ref,
            uid=f"external-audit-{row.pk}",
            day=row.starts_on,
            title=_("%(ref)s: %(kind)s") % {"ref": row.ref, "kind": row.get_kind_display()},
            lines=tuple(each for each in (row.body.name if row.body is not None else "", row.auditors) if each),
            path=reverse("external_audit", args=[project.slug, row.ref]),
            version=row.version,
            since=project.created_at,
        )
        for row in ExternalAudit.objects.filter(project=project, state__in=AHEAD).select_related("body")
    ]


def register() -> None:
    """Put them where they belong."""
    register_work_panel("cycle", WorkPanel("audits/_cycle_work.html", in_work), order=8)
    register_calendar_part("cycle", cycle_things)
    register_calendar_part("external audits", external_things)
