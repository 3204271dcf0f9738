"""Records over time: per activity that operates, the months that items show. Two queries, whatever the length."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Min, Q, QuerySet
from django.db.models.functions import Coalesce, TruncMonth

from common import clock
from evidence.domain.freshness import Span
from evidence.domain.records import Strip, strip_of
from evidence.models import ActivityEvidence
from evidence.selectors import seen_by
from phases.choices import Nature, Status
from phases.models import PhaseActivity, ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import Clause, clauses_of
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class RecordsLine:
    """An activity that operates, since when, and its months."""

    ref: str
    title: str
    component: str
    component_name: str
    since: date
    clauses: tuple[str, ...]
    strip: Strip


@dataclass(frozen=True, slots=True)
class Records:
    """All lines, in the order of the plan."""

    lines: tuple[RecordsLine, ...]

    @property
    def ready(self) -> int:
        """How many activities have months enough in a row."""
        return sum(line.strip.reaches_goal for line in self.lines)

    @property
    def with_holes(self) -> int:
        """How many miss at least one month."""
        return sum(bool(line.strip.missing) for line in self.lines)

    @property
    def without(self) -> int:
        """How many have no record at all."""
        return sum(not line.strip.covered for line in self.lines)


def records_of(project: Project, access: Access) -> Records:
    """Every activity that operates, with the months that items which this person may see cover. Two queries."""
    today = clock.today(project.time_zone)
    texts = texts_for(project)
    since: dict[int, date] = {}
    activities: dict[int, ProjectActivity] = {}
    rows = _operating(project).select_related("activity")
    for row in rows.order_by("activity__position", "activity__ref", "-operating_since"):
        activities[row.activity_id] = row.activity
        since[row.activity_id] = row.operating_since or today
    spans = spans_of(project, access, since.keys())
    lines = []
    for pk, activity in activities.items():
        text = effective_text(texts, activity)
        component = texts.components.get(activity.component)
        lines.append(
            RecordsLine(
                activity.ref,
                text.title,
                activity.component,
                component.short_title if component else activity.component,
                since[pk],
                text.clauses_2018 if project.edition == "2018" else text.clauses_2011,
                strip_of(spans.get(pk, ()), since[pk], today),
            )
        )
    return Records(tuple(lines))


def strip_of_activity(project: Project, access: Access, activity: ProjectActivity) -> Strip | None:
    """The months of one activity; None where it does not operate. Two queries at most."""
    if activity.nature != Nature.OPERATE:
        return None
    since = _operating(project).filter(activity=activity).aggregate(since=Min("operating_since"))["since"]
    if since is None:
        return None
    spans = spans_of(project, access, [activity.pk])
    return strip_of(spans.get(activity.pk, ()), since, clock.today(project.time_zone))


def spans_of(project: Project, access: Access, activities: Collection[int]) -> dict[int, list[Span]]:
    """The months, as spans, that items show which count, by activity. One query, of few rows however many items.

    An item says which time it covers; one that does not counts for the month in which it was collected.
    """
    start, end = (
        Coalesce("item__covers_from", "item__collected_on"),
        Coalesce("item__covers_until", "item__collected_on"),
    )
    rows = (
        ActivityEvidence.objects.filter(
            project=project, activity__in=activities, item__in=seen_by(project, access).current()
        )
        .annotate(start=TruncMonth(start, output_field=DateField()), end=TruncMonth(end, output_field=DateField()))
        .values_list("activity_id", "start", "end")
        .order_by()
        .distinct()
    )
    found: dict[int, list[Span]] = {}
    for activity, first, last in rows:
        found.setdefault(activity, []).append(Span(first, last))
    return found


def _operating(project: Project) -> QuerySet[PhaseActivity]:
    return PhaseActivity.objects.filter(
        ~Q(status=Status.NOT_APPLICABLE),
        project=project,
        activity__nature=Nature.OPERATE,
        operating_since__isnull=False,
    )


@dataclass(frozen=True, slots=True)
class ClauseRecords:
    """A clause, and how the activities that serve it stand."""

    clause: Clause
    total: int
    ready: int
    with_holes: int


def by_clause(project: Project, lines: Collection[RecordsLine]) -> list[ClauseRecords]:
    """How the lines stand under each clause that they serve, in the order of the clauses."""
    found: dict[str, list[RecordsLine]] = {}
    for line in lines:
        for clause in line.clauses:
            found.setdefault(clause, []).append(line)
    return [
        ClauseRecords(
            clause,
            len(found[clause.number]),
            sum(line.strip.reaches_goal for line in found[clause.number]),
            sum(bool(line.strip.missing) for line in found[clause.number]),
        )
        for clause in clauses_of(project.edition, found)
    ]
