"""What one person is to say, teach or measure, in all their projects: lines of the communication plan, objectives."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from documents.choices import LineState, ObjectiveState
from documents.domain.objective_standing import is_late, month_due
from documents.models import CommunicationLine, Objective
from projects.permissions import Access

SAY, CHECK, MEASURE = "say", "check", "measure"
ORDER = (SAY, CHECK, MEASURE)
SOON = 30


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that a person owes others. `kind` is one of ORDER, `by` the day, `said` what helps to do it."""

    kind: str
    project_id: int
    title: str
    key: str
    path: str
    by: date | None
    said: str = ""


def given_by(user: User, accesses: Mapping[int, Access]) -> list[Given]:
    """What `user`, or a group of theirs, owes in these projects: by kind, the earliest first. Two queries."""
    found = [*_lines(user, _writing(accesses)), *_values(user, _measuring(accesses))]
    return sorted(found, key=lambda each: (ORDER.index(each.kind), each.by or date.max, each.key))


def _writing(accesses: Mapping[int, Access]) -> list[int]:
    return [pk for pk, access in accesses.items() if access.can("documents.write")]


def _measuring(accesses: Mapping[int, Access]) -> list[int]:
    return [pk for pk, access in accesses.items() if access.can("documents.measure")]


def _lines(user: User, projects: Collection[int]) -> list[Given]:
    near = clock.today() + timedelta(days=SOON + 1)
    theirs = Q(sender__user=user) | Q(sender__group_members__person__user=user)
    due = Q(state=LineState.PLANNED, due__lte=near)
    looks = Q(check_on__lte=near) & ~Q(state=LineState.DROPPED)
    rows = (
        CommunicationLine.objects.filter(theirs, due | looks, project__in=projects).select_related("project").distinct()
    )
    found = []
    for row in rows:
        today, path = clock.today(row.project.time_zone), [row.project.slug, row.key]
        if row.state == LineState.PLANNED and row.due is not None and row.due <= today + timedelta(days=SOON):
            there = reverse("communication_line", args=path)
            said = _("for %(audience)s") % {"audience": row.audience}
            found.append(Given(SAY, row.project_id, row.message, row.key, there, row.due, said))
        if row.state != LineState.DROPPED and row.check_on is not None and row.check_on <= today:
            there = reverse("communication_line", args=path) + "#check"
            found.append(Given(CHECK, row.project_id, row.message, row.key, there, row.check_on, row.check_how))
    return found


def _values(user: User, projects: Collection[int]) -> list[Given]:
    theirs = Q(owner__user=user) | Q(owner__group_members__person__user=user)
    rows = (
        Objective.objects.filter(theirs, state=ObjectiveState.ACTIVE, project__in=projects)
        .annotate(oldest=Min("values__month"), newest=Max("values__month"))
        .select_related("project")
    )
    found = []
    for row in rows:
        today, set_on = clock.today(row.project.time_zone), row.created_at.date()
        if not is_late(min(set_on, row.oldest or set_on), row.newest, today):
            continue
        there = reverse("objective", args=[row.project.slug, row.key]) + "#values"
        said = _("the value of %(month)s is missing") % {"month": date_format(month_due(today), "F Y")}
        found.append(Given(MEASURE, row.project_id, row.title, row.key, there, None, said))
    return found
