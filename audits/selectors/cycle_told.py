"""What mails say of what comes round, and of certificates that end."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audits.models import CycleEntry, ExternalAudit
from audits.selectors.certification import standing_certificate
from common import clock
from notifications.models import Notice
from notifications.registry import Line
from phases.selectors.whom import users_of
from phases.selectors.work_projects import work_projects


def cycle_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """What the person still sees to, on the day that was noted. Two queries."""
    rows = CycleEntry.objects.filter(pk__in={each.subject for each in notices}, is_active=True).select_related(
        "project"
    )
    found = {row.pk: row for row in rows}
    owners = users_of({row.owner_id for row in found.values() if row.owner_id is not None})
    lines = {}
    for notice in notices:
        row = found.get(notice.subject)
        if row is None or row.owner_id is None or person.pk not in owners.get(row.owner_id, ()):
            continue
        if notice.facts.get("due") != row.next_on.isoformat():
            continue
        day = date_format(row.next_on, "D j M Y")
        late = row.next_on < clock.today(row.project.time_zone)
        lines[notice.pk] = Line(
            thing=f"cycle entry {row.pk}",
            title=row.title,
            said=(_("It was due on %(day)s.") if late else _("It comes round on %(day)s.")) % {"day": day},
            path=reverse("cycle_entry", args=[row.project.slug, row.pk]),
            subject=(_("Overdue: %(what)s") if late else _("On %(day)s: %(what)s")) % {"day": day, "what": row.title},
            place=(row.next_on.isoformat(), row.pk),
        )
    return lines


def certificate_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Certificates that end and that no later one follows, for who still manages the project."""
    projects = work_projects(person)
    lines = {}
    rows = {
        row.pk: row
        for row in ExternalAudit.objects.filter(pk__in={each.subject for each in notices}).select_related("project")
    }
    every: dict[int, list[ExternalAudit]] = {}
    for row in ExternalAudit.objects.filter(project__in={row.project_id for row in rows.values()}):
        every.setdefault(row.project_id, []).append(row)
    for notice in notices:
        held, seen = rows.get(notice.subject), projects.get(notice.project_id)
        if held is None or seen is None or not seen.access.can("certification.manage"):
            continue
        until, newest = held.certificate_until, standing_certificate(every[held.project_id])
        if until is None or newest is None or newest.pk != held.pk or notice.facts.get("until") != until.isoformat():
            continue
        day = date_format(until, "D j M Y")
        lines[notice.pk] = Line(
            thing=f"external audit {held.pk}",
            title=_("Certificate %(number)s") % {"number": held.certificate_number or held.ref},
            said=_("It ends on %(day)s. Recertification must be done before.") % {"day": day},
            path=reverse("certification", args=[held.project.slug]),
            subject=_("The certificate ends on %(day)s") % {"day": day},
            place=(until.isoformat(), held.pk),
        )
    return lines
