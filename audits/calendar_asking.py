"""Days of findings, their actions, and requests of auditors in the calendars of a project."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import StepState
from audits.domain.asking import AWAITS_ANSWER
from audits.models import AuditRequest, CorrectiveAction
from audits.selectors.findings import AT_WORK
from phases.calendar_parts import CalendarThing, register_calendar_part
from projects.choices import CalendarContent
from projects.models import Project


def asking_things(project: Project, user: User, content: str) -> Sequence[CalendarThing]:
    """Requests that wait for `user`, and corrective actions that they own. Two queries.

    The calendar of the plan has all corrective actions, which whoever has it may see, and no request.
    """
    steps = CorrectiveAction.objects.filter(project=project, state=StepState.OPEN, finding__state__in=AT_WORK)
    if content == CalendarContent.PLAN:
        return _steps(project, steps)
    requests = AuditRequest.objects.filter(project=project, state__in=AWAITS_ANSWER)
    requests = requests.filter(Q(asked_of__user=user) | Q(asked_of__group_members__person__user=user)).distinct()
    steps = steps.filter(Q(owner__user=user) | Q(owner__group_members__person__user=user)).distinct()
    found = [
        CalendarThing(
            kind="audit request",
            key=row.ref,
            uid=f"audit-request-{row.pk}",
            day=row.due,
            title=_("%(ref)s: an auditor asks") % {"ref": row.ref},
            lines=tuple(row.text.splitlines()),
            path=reverse("audit_request", args=[project.slug, row.ref]),
            version=row.version,
            since=row.asked_at,
        )
        for row in requests
    ]
    return found + _steps(project, steps)


def _steps(project: Project, steps: "QuerySet[CorrectiveAction]") -> list[CalendarThing]:
    return [
        CalendarThing(
            kind="audit finding",
            key=row.finding.ref,
            uid=f"corrective-action-{row.pk}",
            day=row.due,
            title=_("%(ref)s: %(what)s") % {"ref": row.finding.ref, "what": row.text},
            lines=(row.finding.title,),
            path=reverse("finding", args=[project.slug, row.finding.ref]),
            version=row.version,
            since=row.finding.raised_at,
        )
        for row in steps.select_related("finding")
    ]


def register() -> None:
    """Put them into the calendars."""
    register_calendar_part("audits", asking_things)
