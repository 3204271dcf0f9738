"""Whom an audit and its report concern, and what mails say of them."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import AuditState
from audits.domain.impartial import TieKind, touches
from audits.models import Audit, AuditClause, AuditTeam
from audits.selectors.impartiality import ties_of
from notifications.models import Notice
from notifications.registry import Line
from phases.selectors.work_projects import work_projects
from projects.choices import ProjectRole
from projects.models import Membership, Party

ANSWERS = frozenset({TieKind.OWNS_PROCESS, TieKind.ACCOUNTABLE, TieKind.OWNS_DOCUMENT})
TOLD = (ProjectRole.MANAGER, ProjectRole.TOP_MANAGEMENT)


def people_told(audit_id: int) -> list[int]:
    """The ids of people who hear of a report: who answers for what it looked at, the managers, top management."""
    audit = Audit.objects.select_related("project__organization").filter(pk=audit_id).first()
    if audit is None:
        return []
    above = Membership.objects.current().filter(project=audit.project, role__in=TOLD).values_list("user_id", flat=True)
    return sorted(_answering(audit) | (set(above) - _auditors(audit)))


def people_audited(audit: Audit) -> list[int]:
    """The ids of people who answer for what `audit` looks at and are not of its team."""
    return sorted(_answering(audit))


def _auditors(audit: Audit) -> set[int]:
    return set(AuditTeam.objects.filter(audit=audit).values_list("party__user_id", flat=True))


def _answering(audit: Audit) -> set[int]:
    clauses = list(AuditClause.objects.filter(audit=audit).values_list("clause", flat=True))
    ties = ties_of(audit.project, audit.edition, but=audit.pk)
    parties = {
        person
        for person, of in ties.of.items()
        if any(tie.kind in ANSWERS and any(touches(tie.clause, each) for each in clauses) for tie in of)
    }
    people = Party.objects.filter(pk__in=parties, user__isnull=False).values_list("user_id", flat=True)
    return set(people) - _auditors(audit)


def reported_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Audits that were reported. Two queries."""
    rows = {
        row.pk: row
        for row in Audit.objects.filter(
            pk__in={notice.subject for notice in notices}, state=AuditState.REPORTED
        ).select_related("project")
    }
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        row, seen = rows.get(notice.subject), projects.get(notice.project_id)
        if row is None or seen is None or not seen.access.can("audits.view"):
            continue
        lines[notice.pk] = Line(
            thing=f"audit {row.pk}",
            title=str(row),
            said=_("The report is there."),
            path=reverse("audit", args=[row.project.slug, row.ref]),
            subject=_("Audit report: %(what)s") % {"what": row},
            quote=row.summary,
            place=(row.pk,),
        )
    return lines


def ahead_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Audits that still begin on the day that was noted. Two queries."""
    found = Audit.objects.filter(pk__in={notice.subject for notice in notices}, state=AuditState.PLANNED)
    rows = {row.pk: row for row in found.select_related("project")}
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        row, seen = rows.get(notice.subject), projects.get(notice.project_id)
        if row is None or seen is None or not seen.access.can("audits.view"):
            continue
        if notice.facts.get("starts") != row.starts_on.isoformat():
            continue
        first, last = date_format(row.starts_on, "D j M Y"), date_format(row.ends_on, "D j M Y")
        lines[notice.pk] = Line(
            thing=f"audit {row.pk}",
            title=str(row),
            said=_("It looks at what you answer for, from %(first)s to %(last)s. Have your records at hand.")
            % {"first": first, "last": last},
            path=reverse("audit", args=[row.project.slug, row.ref]),
            subject=_("Internal audit of your work from %(day)s: %(what)s") % {"day": first, "what": row},
            quote=row.scope,
            place=(row.starts_on.isoformat(), row.pk),
        )
    return lines
