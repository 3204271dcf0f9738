"""What managers are mailed about auditors from outside."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audits.services.visitor_reminders import ENDING, note_ending_auditors
from jobs.choices import Queue
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from notifications.models import Notice
from notifications.registry import Line, NoticeKind, register_notice_kind
from phases.selectors.work_projects import work_projects
from projects.models import Membership

REMIND = "audits.visitors"


def ending_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Auditors who still leave on the day that was noted, for who may move it. Two queries."""
    found = Membership.objects.filter(pk__in={notice.subject for notice in notices}).select_related("user")
    rows = {each.pk: each for each in found if each.is_current}
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        row, seen = rows.get(notice.subject), projects.get(notice.project_id)
        if row is None or row.valid_until is None or seen is None or not seen.access.can("team.manage"):
            continue
        if notice.facts.get("until") != row.valid_until.isoformat():
            continue
        day = date_format(row.valid_until, "D j M Y")
        lines[notice.pk] = Line(
            thing=f"auditor {row.pk}",
            title=str(row.user),
            said=_("Access as an auditor ends on %(day)s.") % {"day": day},
            path=reverse("visitors", args=[seen.project.slug]),
            subject=_("Access of %(name)s as an auditor ends on %(day)s") % {"name": row.user, "day": day},
            place=(row.valid_until.isoformat(), row.pk),
        )
    return lines


def _counted(count: int) -> str:
    return ngettext("%(n)d auditor leaves soon", "%(n)d auditors leave soon", count) % {"n": count}


def remind(_work: Work) -> None:
    """Tell managers of auditors whose access ends soon."""
    note_ending_auditors()


def register() -> None:
    """Let managers be told, and look each night."""
    register_notice_kind(
        ENDING,
        NoticeKind(
            title=gettext_lazy("Access of an auditor ends"),
            explanation=gettext_lazy("An auditor of a project that you manage has access for a week or less."),
            lines=ending_lines,
            counted=_counted,
            tone="warn",
        ),
        order=58,
    )
    register_job_kind(
        REMIND,
        JobKind(
            title=gettext_lazy("Look for auditors whose access ends soon"),
            capability="",
            run=remind,
            queue=Queue.QUICK,
            seconds=600,
        ),
    )
    register_nightly(REMIND, 6)
