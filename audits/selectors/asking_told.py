"""What mails say of requests of auditors, findings and corrective actions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import FindingState, RequestState, StepState
from audits.domain.asking import AWAITS_ANSWER
from audits.models import AuditFinding, AuditRequest, CorrectiveAction
from audits.selectors.findings import AT_WORK, with_due
from common import clock
from notifications.models import Notice
from notifications.registry import Line
from phases.selectors.whom import users_of
from phases.selectors.work_projects import work_projects

REQUEST, STEP = "request", "action"


def asked_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Requests that still wait for the person. Two queries."""
    rows = _requests(notices)
    asked = users_of({row.asked_of_id for row in rows.values() if row.asked_of_id is not None})
    lines = {}
    for notice in notices:
        row = rows.get(notice.subject)
        if row is None or row.state not in AWAITS_ANSWER or row.asked_of_id is None:
            continue
        if person.pk not in asked.get(row.asked_of_id, ()):
            continue
        day = date_format(row.due, "D j M Y")
        again = row.state == RequestState.NOT_ENOUGH
        said = _("Not enough yet. It is needed by %(day)s.") if again else _("It is needed by %(day)s.")
        lines[notice.pk] = _request_line(
            row,
            said=said % {"day": day},
            subject=_("An auditor asks, by %(day)s: %(what)s") % {"day": day, "what": row.text[:80]},
        )
    return lines


def answered_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Requests that were answered, for who asked; and what auditors said of answers, for who gave them. Two queries."""
    rows = _requests(notices)
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        row, seen = rows.get(notice.subject), projects.get(notice.project_id)
        if row is None or seen is None:
            continue
        if row.asked_by_id == person.pk and row.state == RequestState.GIVEN:
            said = _("It was given: say whether it is enough.")
        elif row.asked_by_id != person.pk and row.state == RequestState.ACCEPTED:
            said = _("What you gave is enough.")
        elif row.asked_by_id != person.pk and row.state == RequestState.WITHDRAWN:
            said = _("It is not needed any more.")
        else:
            continue
        lines[notice.pk] = _request_line(row, said=said, subject=f"{row.ref}: {said}")
    return lines


def finding_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Findings that the person corrects, acts on, or is to look at. Three queries."""
    rows = _findings(notices)
    projects = work_projects(person)
    owners = users_of({row.owner_id for row in rows.values() if row.owner_id is not None})
    lines = {}
    for notice in notices:
        row, seen = rows.get(notice.subject), projects.get(notice.project_id)
        if row is None or seen is None or not seen.access.can("findings.view"):
            continue
        what = str(notice.facts.get("what", ""))
        owns = row.owner_id is not None and person.pk in owners.get(row.owner_id, ())
        if what == "verify" and row.state == FindingState.VERIFYING and row.raised_by_id == person.pk:
            said = _("All is done: see whether it works.")
        elif what == "finding" and owns and row.state in AT_WORK:
            said = _("You correct it: say what was put right, why it came about, and what is done about that.")
        elif what.startswith(STEP) and row.state in AT_WORK:
            said = _("You have an action on it.")
        else:
            continue
        lines[notice.pk] = _finding_line(row, said=said, subject=f"{row.ref}: {row.title}")
    return lines


def day_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Requests, findings and actions of the person, on the day that was noted. Four queries."""
    of = {what: [each for each in notices if each.facts.get("what") == what] for what in (REQUEST, "finding", STEP)}
    requests = {row.pk: row for row in _requests(of[REQUEST]).values() if row.state in AWAITS_ANSWER}
    findings = {pk: row for pk, row in _findings(of["finding"]).items() if row.state in AT_WORK}
    steps = {
        row.pk: row
        for row in CorrectiveAction.objects.filter(
            pk__in={notice.subject for notice in of[STEP]}, state=StepState.OPEN, finding__state__in=AT_WORK
        ).select_related("finding__project")
    }
    parties = {row.asked_of_id for row in requests.values()} | {row.owner_id for row in findings.values()}
    people = users_of({each for each in parties | {row.owner_id for row in steps.values()} if each is not None})
    lines = {}
    for notice in notices:
        what = notice.facts.get("what")
        if what == REQUEST and notice.subject in requests:
            asked = requests[notice.subject]
            if _is_theirs(person, people, asked.asked_of_id) and _same(notice, asked.due):
                said, subject = _said_of_day(asked.due, asked.project.time_zone, asked.text[:80])
                lines[notice.pk] = _request_line(asked, said=said, subject=subject)
        elif what == STEP and notice.subject in steps:
            step = steps[notice.subject]
            if _is_theirs(person, people, step.owner_id) and _same(notice, step.due):
                said, subject = _said_of_day(step.due, step.finding.project.time_zone, step.text[:80])
                lines[notice.pk] = _finding_line(step.finding, said=f"{step.text}: {said}", subject=subject)
        elif what == "finding" and notice.subject in findings:
            row = findings[notice.subject]
            by: date | None = row.by
            if by is not None and _is_theirs(person, people, row.owner_id) and _same(notice, by):
                said, subject = _said_of_day(by, row.project.time_zone, str(row))
                lines[notice.pk] = _finding_line(row, said=said, subject=subject)
    return lines


def committee_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Nonconformities that are still as late as was noted, for who sees the committee's page. Two queries."""
    rows = _findings(notices)
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        row, seen = rows.get(notice.subject), projects.get(notice.project_id)
        if row is None or seen is None or not seen.access.can("governance.view") or row.state not in AT_WORK:
            continue
        by: date | None = row.by
        if by is None or not _same(notice, by):
            continue
        said = _("It was due on %(day)s.") % {"day": date_format(by, "D j M Y")}
        subject = _("Late: %(what)s") % {"what": row}
        lines[notice.pk] = _finding_line(row, said=f"{row.get_grade_display()}. {said}", subject=subject)
    return lines


def _said_of_day(due: date, zone: str, what: str) -> tuple[str, str]:
    day = date_format(due, "D j M Y")
    if due < clock.today(zone):
        return _("It was due on %(day)s.") % {"day": day}, _("Overdue: %(what)s") % {"what": what}
    return _("It is due by %(day)s.") % {"day": day}, _("Due by %(day)s: %(what)s") % {"day": day, "what": what}


def _is_theirs(person: User, people: Mapping[int, set[int]], party: int | None) -> bool:
    return party is not None and person.pk in people.get(party, ())


def _same(notice: Notice, day: date) -> bool:
    return bool(notice.facts.get("due") == day.isoformat())


def _requests(notices: Sequence[Notice]) -> dict[int, AuditRequest]:
    """The requests that notices are about. One query."""
    rows = AuditRequest.objects.filter(pk__in={notice.subject for notice in notices})
    return {row.pk: row for row in rows.select_related("project")}


def _findings(notices: Sequence[Notice]) -> dict[int, Any]:
    """The findings that notices are about, with `by`. One query."""
    rows = with_due(AuditFinding.objects.filter(pk__in={notice.subject for notice in notices}))
    return {row.pk: row for row in rows.select_related("project")}


def _request_line(row: AuditRequest, *, said: str, subject: str) -> Line:
    return Line(
        thing=f"audit request {row.pk}",
        title=f"{row.ref} {row.text[:120]}",
        said=said,
        path=reverse("audit_request", args=[row.project.slug, row.ref]),
        subject=subject,
        place=(row.due.isoformat(), row.pk),
    )


def _finding_line(row: AuditFinding, *, said: str, subject: str) -> Line:
    return Line(
        thing=f"audit finding {row.pk}",
        title=str(row),
        said=said,
        path=reverse("finding", args=[row.project.slug, row.ref]),
        subject=subject,
        place=(row.pk,),
    )
