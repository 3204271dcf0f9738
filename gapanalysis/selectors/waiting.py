"""The questions that wait for one person, in all their projects."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from accounts.models import User
from gapanalysis.choices import AssessmentState, Reading
from gapanalysis.models import Answer, Assessor
from gapanalysis.selectors.progress import ANSWERED
from gapanalysis.selectors.sections import section_name, section_order
from phases.selectors.my_work import own_parties


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open assessment in which `open` questions of the person's sections wait; `unread` of them have an earlier
    answer to confirm or change."""

    project_id: int
    key: str
    title: str
    until: date | None
    open: int
    of: int
    unread: int
    sections: tuple[str, ...]


def waiting_for(user: User, projects: Collection[int]) -> list[Waiting]:
    """What waits for `user` in `projects`: what ends first comes first. Two queries, one where nothing was given."""
    rows = Assessor.objects.filter(
        party__in=own_parties(user), project__in=projects, assessment__state=AssessmentState.OPEN
    ).select_related("assessment")
    given: dict[int, set[str] | None] = {}
    assessments = {}
    for row in rows:
        assessments[row.assessment_id] = row.assessment
        held = given.setdefault(row.assessment_id, set())
        # Who has all of it in one place has all of it.
        given[row.assessment_id] = None if not row.sections or held is None else held | set(row.sections)
    if not given:
        return []
    counted = (
        Answer.objects.filter(assessment__in=given)
        .values_list("assessment", "question__section")
        .annotate(
            of=Count("pk"),
            answered=Count("pk", filter=ANSWERED),
            unread=Count("pk", filter=Q(reading=Reading.OPEN)),
        )
    )
    totals: dict[int, list[tuple[str, int, int, int]]] = defaultdict(list)
    for assessment, section, of, answered, unread in counted:
        own = given[assessment]
        if own is None or section in own:
            totals[assessment].append((section, of - answered, of, unread))
    found = [
        Waiting(
            project_id=assessments[pk].project_id,
            key=assessments[pk].key,
            title=assessments[pk].title,
            until=assessments[pk].ends_on,
            open=sum(line[1] for line in lines),
            of=sum(line[2] for line in lines),
            unread=sum(line[3] for line in lines),
            sections=tuple(
                section_name(line[0]) for line in sorted(lines, key=lambda line: section_order(line[0])) if line[1]
            ),
        )
        for pk, lines in totals.items()
    ]
    return sorted(
        (each for each in found if each.open), key=lambda each: (each.until or date.max, each.project_id, each.key)
    )
