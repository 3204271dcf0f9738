"""Reviews, improvements and looks at risks in the calendars of a project: one's own, and all in that of the plan."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import ImprovementState, ReviewState, SmsRiskState
from audits.models import Improvement, Review, SmsRisk
from phases.calendar_parts import CalendarThing, register_calendar_part
from projects.choices import CalendarContent
from projects.models import Project
from projects.permissions import access_to

OWNED = ("owner__user", "owner__group_members__person__user")
ASKED = ("attendance__party__user", "attendance__party__group_members__person__user")


def _seen(rows: Any, project: Project, user: User, content: str, ways: tuple[str, str]) -> list[Any]:
    """All of `rows` in the calendar of the plan, for who may see them; else those that are the person's."""
    if content == CalendarContent.PLAN:
        return list(rows) if access_to(project, user).can("review.view") else []
    return list(rows.filter(Q(**{ways[0]: user}) | Q(**{ways[1]: user})).distinct())


def review_things(project: Project, user: User, content: str) -> Sequence[CalendarThing]:
    """Management reviews. Two queries at most."""
    rows = Review.objects.filter(project=project).exclude(state=ReviewState.CANCELLED).defer("record")
    found = _seen(rows, project, user, content, ASKED)
    return [
        _thing(project, row, "review", row.held_on, _("Management review %(ref)s") % {"ref": row.ref}) for row in found
    ]


def improvement_things(project: Project, user: User, content: str) -> Sequence[CalendarThing]:
    """Improvements that are carried out and have a day. Two queries at most."""
    working = (ImprovementState.APPROVED, ImprovementState.UNDERWAY)
    rows = Improvement.objects.filter(project=project, state__in=working, due__isnull=False)
    return [
        _thing(project, row, "improvement", row.due, str(row)) for row in _seen(rows, project, user, content, OWNED)
    ]


def risk_things(project: Project, user: User, content: str) -> Sequence[CalendarThing]:
    """Looks at risks to the SMS. Two queries at most."""
    rows = SmsRisk.objects.filter(project=project, state=SmsRiskState.OPEN, review_on__isnull=False)
    return [
        _thing(project, row, "sms_risk", row.review_on, _("Look at %(risk)s") % {"risk": row})
        for row in _seen(rows, project, user, content, OWNED)
    ]


def _thing(project: Project, row: Any, route: str, day: date, title: str) -> CalendarThing:
    return CalendarThing(
        kind={"review": "management review", "sms_risk": "sms risk"}.get(route, route),
        key=row.ref,
        uid=f"{route.replace('_', '-')}-{row.pk}",
        day=day,
        title=title,
        lines=(),
        path=reverse(route, args=[project.slug, row.ref]),
        version=row.version,
        since=row.proposed_at if isinstance(row, Improvement) else row.created_at,
    )


def register() -> None:
    """Let calendars hold them."""
    register_calendar_part("management reviews", review_things)
    register_calendar_part("improvements", improvement_things)
    register_calendar_part("sms risks", risk_things)
