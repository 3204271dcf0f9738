"""Lessons learnt as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from common import clock
from governance.models import Lesson
from projects.models import Project

LESSON_COLUMNS = (
    "ref",
    "project",
    "phase",
    "component",
    "what_happened",
    "why",
    "what_changes",
    "state",
    "what_became_of_it",
    "activity",
    "owner",
    "shared",
    "captured_by",
    "captured_on",
)


def lesson_lines(project: Project, lessons: Iterable[Lesson]) -> Iterator[tuple[Any, ...]]:
    """One row for each of `lessons` under LESSON_COLUMNS; of other projects' no names of people."""
    for lesson in lessons:
        is_own = lesson.project_id == project.pk
        yield (
            lesson.ref,
            project.name if is_own else lesson.project.name,
            lesson.phase_number,
            lesson.component,
            lesson.happened,
            lesson.why,
            lesson.change,
            lesson.state,
            lesson.state_note if is_own else "",
            lesson.made_activity if is_own else "",
            lesson.owner.name if is_own and lesson.owner else "",
            "yes" if lesson.is_shared else "no",
            str(lesson.captured_by) if is_own and lesson.captured_by else "",
            clock.day_of(lesson.captured_at, project.time_zone).isoformat(),
        )
