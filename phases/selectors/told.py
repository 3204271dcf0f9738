"""What mails say of rows: what became the person's, comes due, is overdue, or waits for their verification."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from notifications.models import Comment, Notice
from notifications.registry import Line, Spot
from phases.choices import PhaseState
from phases.domain.transitions import DONE, OPEN_STATUSES
from phases.models import Phase, PhaseActivity, ProjectActivity
from phases.permissions import may_verify_own, with_size, with_ties
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.my_work import own_parties
from phases.selectors.work_projects import WorkProject, work_projects
from projects.models import Project


def given_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Rows that are still open and the person's to do; three queries, one more where somebody got many at once."""
    many = [notice for notice in notices if notice.facts.get("many")]
    rows = _rows(person, [notice for notice in notices if not notice.facts.get("many")])
    lines = {}
    for notice, row in _still_open(notices, rows):
        due = _due_words(row) if row.due is not None else _("no due date yet")
        said = _("Yours now: %(due)s") if row.is_own else _("You help with it: %(due)s")
        lines[notice.pk] = _line(row, said % {"due": due}, _("Yours now: %(what)s"))
    return lines | _many_lines(person, many)


def due_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Rows that are still open, the person's, and due on the day that was noted, which has not passed. Two queries."""
    lines = {}
    for notice, row in _still_open(notices, _rows(person, notices)):
        if _noted_day(notice) == row.due and row.due >= clock.today(row.project.time_zone):
            lines[notice.pk] = _line(row, _helping(row, _due_words(row)), _("Due soon: %(what)s"))
    return lines


def overdue_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Rows that are still open, the person's, and overdue since the day that was noted. Two queries."""
    lines = {}
    for notice, row in _still_open(notices, _rows(person, notices)):
        if _noted_day(notice) == row.due and row.due < clock.today(row.project.time_zone):
            lines[notice.pk] = _line(row, _helping(row, _due_words(row)), _("Overdue: %(what)s"))
    return lines


def verify_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Rows that still wait for a verification, of what was noted, that the person may make. Four queries."""
    rows = _rows(person, notices)
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        row = rows.get(notice.subject)
        if row is None or row.status != DONE or row.done_at is None or row.is_closed:
            continue
        if row.done_at.isoformat() != notice.facts.get("done_at") or not _may_verify(person, row, projects):
            continue
        who = str(row.done_by) if row.done_by is not None else _("Somebody")
        lines[notice.pk] = _line(
            row, _("%(who)s reported it done. It waits for your verification.") % {"who": who}, _("Verify: %(what)s")
        )
    return lines


def _may_verify(person: User, row: Any, projects: Mapping[int, WorkProject]) -> bool:
    found = projects.get(row.project_id)
    if found is None or not found.access.can("phases.verify"):
        return False
    return row.done_by_id != person.pk or may_verify_own(row)


def _rows(person: User, notices: Sequence[Notice]) -> dict[int, Any]:
    """The rows that `notices` are about, by id, with what ties the person to each."""
    closed = Phase.objects.filter(
        project=OuterRef("project"), number=OuterRef("phase_number"), state=PhaseState.CLOSED
    ).values("pk")
    rows = with_size(with_ties(PhaseActivity.objects.filter(pk__in={notice.subject for notice in notices}), person))
    found = rows.annotate(is_closed=Exists(closed)).select_related("activity", "project", "done_by")
    projects = {notice.project_id for notice in notices}
    return {row.pk: row for row in found.defer("note", "tailored_why") if row.project_id in projects}


def _still_open(notices: Iterable[Notice], rows: Mapping[int, Any]) -> list[tuple[Notice, Any]]:
    """The rows that the person still has to do with, each with its notice."""
    pairs = [(notice, rows[notice.subject]) for notice in notices if notice.subject in rows]
    return [
        (notice, row)
        for notice, row in pairs
        if row.project_id == notice.project_id
        and row.status in OPEN_STATUSES
        and not row.is_closed
        and (row.is_own or row.is_helped)
    ]


def _noted_day(notice: Notice) -> date | None:
    try:
        return date.fromisoformat(str(notice.facts.get("due")))
    except ValueError:
        return None


def _what(row: Any) -> str:
    text = effective_text(texts_for(row.project), row.activity)
    return f"{row.activity.ref} {row.activity.title or text.title}"


def _line(row: Any, said: str, subject: str) -> Line:
    """A line that leads to the row alone, where it is reported on in one press."""
    due = row.due.isoformat() if row.due is not None else "9999"
    return Line(
        thing=f"row {row.pk}",
        title=_what(row),
        said=said,
        path=reverse("work_row", args=[row.project.slug, row.pk]),
        subject=subject % {"what": _what(row)},
        # One's own before what one helps with, the earliest first.
        place=(0 if row.is_own else 1, due, row.activity.position, row.pk),
    )


def _helping(row: Any, said: str) -> str:
    return said if row.is_own else _("%(said)s; you help with it") % {"said": said}


def _due_words(row: Any) -> str:
    """The due day and how far it is."""
    days = (row.due - clock.today(row.project.time_zone)).days
    day = date_format(row.due, "D j M Y")
    if days == 0:
        return _("due today, %(day)s") % {"day": day}
    if days < 0:
        late = ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}
        return _("%(late)s, it was due on %(day)s") % {"late": late, "day": day}
    ahead = ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    return _("due on %(day)s, %(ahead)s") % {"day": day, "ahead": ahead}


def _many_lines(person: User, notices: Sequence[Notice]) -> dict[int, Line]:
    """One line for each project in which the person got many rows at once: how many are theirs by now."""
    if not notices:
        return {}
    counts = _open_counts(person, {notice.project_id for notice in notices})
    lines = {}
    for notice in notices:
        count = counts.get(notice.project_id)
        if count is None:
            continue
        said = ngettext("%(n)d activity is yours to do", "%(n)d activities are yours to do", count.open)
        lines[notice.pk] = Line(
            thing="many",
            title=_("Your work"),
            said=said % {"n": count.open},
            path=reverse("my_work"),
            subject=f"{count.project}: {said % {'n': count.open}}",
            place=(-1,),
        )
    return lines


class _Count:
    """What is open and overdue for a person in one project."""

    def __init__(self, project: str, opened: int, late: int) -> None:
        self.project, self.open, self.late = project, opened, late


def _open_counts(person: User, projects: Collection[int]) -> dict[int, _Count]:
    """By project: what the person is accountable for and has open, and how much of it is overdue. Two queries."""
    late = Q(pk=None)
    for pk, zone in Project.objects.filter(pk__in=projects).values_list("pk", "time_zone"):
        late |= Q(project=pk, due__lt=clock.today(zone))
    closed = Phase.objects.filter(
        project=OuterRef("project"), number=OuterRef("phase_number"), state=PhaseState.CLOSED
    ).values("pk")
    found = (
        PhaseActivity.objects.filter(
            project__in=projects, status__in=OPEN_STATUSES, accountable__in=own_parties(person)
        )
        .exclude(Exists(closed))
        .values_list("project_id", "project__name")
        .annotate(open=Count("pk"), late=Count("pk", filter=late))
        .order_by()
    )
    return {pk: _Count(name, opened, its) for pk, name, opened, its in cast(Any, found)}


def overdue_notes(person: User, projects: Collection[Project]) -> dict[int, str]:
    """For the end of each project in a digest: how much of the person's work is overdue there in all. Two queries."""
    return {
        pk: ngettext(
            "In all, %(n)d of your %(open)d open activities here is overdue.",
            "In all, %(n)d of your %(open)d open activities here are overdue.",
            count.late,
        )
        % {"n": count.late, "open": count.open}
        for pk, count in _open_counts(person, [project.pk for project in projects]).items()
        if count.late
    }


def activity_spots(comments: Collection[Comment]) -> dict[int, Spot]:
    """Where comments on activities stand, for mails about them. Two queries."""
    keys: dict[int, set[str]] = defaultdict(set)
    for comment in comments:
        keys[comment.project_id].add(comment.key)
    wanted = Q(pk=None)
    for project, refs in keys.items():
        wanted |= Q(project=project, ref__in=refs)
    found = {
        (activity.project_id, activity.ref): activity
        for activity in ProjectActivity.objects.filter(wanted).select_related("project")
    }
    spots = {}
    for comment in comments:
        activity = found.get((comment.project_id, comment.key))
        if activity is None:
            continue
        text = effective_text(texts_for(activity.project), activity)
        spots[comment.pk] = Spot(
            title=f"{activity.ref} {activity.title or text.title}",
            path=f"{reverse('activity', args=[activity.project.slug, activity.ref])}#comment-{comment.pk}",
        )
    return spots


def reminder_rows() -> Any:
    """Open rows of running phases that are due, with what a reminder needs; for `services.reminders` to narrow."""
    closed = Phase.objects.filter(
        project=OuterRef("project"), number=OuterRef("phase_number"), state=PhaseState.CLOSED
    ).values("pk")
    return (
        PhaseActivity.objects.filter(status__in=OPEN_STATUSES, due__isnull=False)
        .exclude(Exists(closed))
        .annotate(zone=F("project__time_zone"))
    )
