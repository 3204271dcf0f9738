"""What mails say of reviews that somebody is asked to, of improvements that come due, of risks that wait for a look."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import ImprovementState, ReviewState, SmsRiskState
from audits.models import Improvement, Review, SmsRisk
from common import clock
from notifications.models import Notice
from notifications.registry import Line
from phases.selectors.whom import users_of

WORKING = (ImprovementState.APPROVED, ImprovementState.UNDERWAY)


def review_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Reviews that the person is still asked to, as they stand now; an older word of one is dropped. Two queries."""
    rows = {
        each.pk: each
        for each in Review.objects.filter(pk__in={notice.subject for notice in notices})
        .defer("record")
        .select_related("project")
        .prefetch_related("attendance")
    }
    parties = {one.party_id for row in rows.values() for one in row.attendance.all()}
    people = users_of(parties) if parties else {}
    newest: dict[int, Notice] = {}
    for notice in sorted(notices, key=lambda each: each.pk):
        newest[notice.subject] = notice
    lines = {}
    for pk, notice in newest.items():
        row = rows.get(pk)
        if row is None or not any(person.pk in people.get(one.party_id, ()) for one in row.attendance.all()):
            continue
        day = date_format(row.held_on, "D j M Y")
        said = {
            ReviewState.PLANNED: _("It is planned for %(day)s."),
            ReviewState.HELD: _("It was held on %(day)s."),
            ReviewState.APPROVED: _("The minutes of %(day)s are approved."),
            ReviewState.CANCELLED: _("It was to be on %(day)s, and is cancelled."),
        }[ReviewState(row.state)] % {"day": day}
        lines[notice.pk] = Line(
            thing=f"review {row.pk}",
            title=_("Management review %(ref)s") % {"ref": row.ref},
            said=said,
            path=reverse("review", args=[row.project.slug, row.ref]),
            subject=_("Management review on %(day)s: %(state)s")
            % {"day": day, "state": str(row.get_state_display()).lower()},
            quote=row.state_reason,
            place=(row.held_on.isoformat(), row.pk),
        )
    return lines


def improvement_due_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Improvements that the person still owns and that are still due on the day that was noted. Two queries."""
    rows = {
        each.pk: each
        for each in Improvement.objects.filter(
            pk__in={notice.subject for notice in notices}, state__in=WORKING
        ).select_related("project")
    }
    return _lines(person, notices, rows, "due", "improvement")


def risk_look_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Risks that the person still owns and that still wait for a look on the day that was noted. Two queries."""
    rows = {
        each.pk: each
        for each in SmsRisk.objects.filter(
            pk__in={notice.subject for notice in notices}, state=SmsRiskState.OPEN
        ).select_related("project")
    }
    return _lines(person, notices, rows, "review_on", "sms_risk")


def _lines(
    person: User,
    notices: Sequence[Notice],
    rows: Mapping[int, Improvement] | Mapping[int, SmsRisk],
    field: str,
    route: str,
) -> Mapping[int, Line]:
    parties = {each.owner_id for each in rows.values() if each.owner_id is not None}
    owners = users_of(parties) if parties else {}
    lines = {}
    for notice in notices:
        row = rows.get(notice.subject)
        if row is None or row.owner_id is None or person.pk not in owners.get(row.owner_id, ()):
            continue
        day = getattr(row, field)
        if day is None or notice.facts.get("day") != day.isoformat():
            continue
        words = {"day": date_format(day, "D j M Y"), "what": row}
        late = day < clock.today(row.project.time_zone)
        lines[notice.pk] = Line(
            thing=f"{route} {row.pk}",
            title=str(row),
            said=(_("It was due on %(day)s.") if late else _("It is due by %(day)s.")) % words,
            path=reverse(route, args=[row.project.slug, row.ref]),
            subject=(_("Overdue: %(what)s") if late else _("Due by %(day)s: %(what)s")) % words,
            place=(day.isoformat(), row.pk),
        )
    return lines
