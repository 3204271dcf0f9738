"""What other pages show of lessons: boards, activities, overviews, My work, the wizard, the search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from governance.choices import LessonState
from governance.models import Lesson
from governance.selectors.lessons import (
    LESSONS,
    for_board,
    lessons_of,
    shared_lessons,
    title_of,
    waiting_lessons,
)
from governance.selectors.outcomes import PHASES
from phases.models import ProjectActivity
from phases.registries import PhaseWay, register_phase_way, register_search_part
from projects.models import Organization, Project
from projects.permissions import Access
from projects.registries import (
    Panel,
    RowLink,
    SeenProject,
    WorkPanel,
    register_panel,
    register_row_link,
    register_work_panel,
)

SHOWN = 4
YOUNG = 1
"""Up to this phase what other projects learnt stands on the overview."""
END_OF = 3


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A lesson that its reader owns, with its project."""

    lesson: Lesson
    project: Project
    title: str


def capture_url(project: Project, **about: str) -> str:
    """Where a lesson is captured, with what it is about filled in."""
    kept = {name: value for name, value in about.items() if value}
    return reverse("lesson_new", args=[project.slug]) + (f"?{urlencode(kept)}" if kept else "")


def on_board(project: Project, access: Access, *, phase: int) -> Mapping[str, Any]:
    """What was learnt about each component, beside its rows on a board. One query."""
    return {
        "project": project,
        "by_component": for_board(project),
        "phase": phase,
        "may_capture": bool(access.can("lessons.capture")),
    }


def on_activity(project: Project, access: Access, *, activity: ProjectActivity) -> Mapping[str, Any] | None:
    """What was learnt about the component of an activity, and a way to add to it. One query."""
    lessons = for_board(project).get(activity.component, [])
    may = bool(access.can("lessons.capture"))
    if not lessons and not may:
        return None
    return {
        "project": project,
        "component": activity.component,
        "lessons": lessons[:SHOWN],
        "more": max(0, len(lessons) - SHOWN),
        "may_capture": may,
        "back": reverse("activity", args=[project.slug, activity.ref]),
    }


def on_overview(project: Project, access: Access) -> Mapping[str, Any] | None:
    """Lessons to be acted on; in a young project also what others of the organization learnt. Two queries at most."""
    own = [lesson for lesson in lessons_of(project) if lesson.state == LessonState.OPEN]
    others = shared_lessons(project, until_phase=YOUNG)
    if not own and not others:
        return None
    return {
        "project": project,
        "lessons": own[:SHOWN],
        "open": len(own),
        "others": others[:SHOWN],
        "shared": len(others),
        "may_capture": bool(access.can("lessons.capture")),
    }


def in_wizard(user: User, organization: Organization) -> Mapping[str, Any] | None:
    """What the projects of `organization` that `user` sees learnt and share; None where nothing. One query."""
    found = (
        Lesson.objects.visible_to(user)
        .filter(project__organization=organization, is_shared=True)
        .exclude(state=LessonState.NOTED)
        .select_related("project")
        .order_by("-captured_at", "-pk")
    )
    lessons = list(found[: 2 * SHOWN])
    return {"lessons": lessons, "organization": organization} if lessons else None


def in_work(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """The lessons of `user` that wait to be acted on; None where there is none. One query."""
    may = [pk for pk, seen in projects.items() if seen.access.can("lessons.capture")]
    lessons: Sequence[Lesson] = waiting_lessons(user, may)
    if not lessons:
        return None
    return {
        "lines": [WaitingLine(each, projects[each.project_id].project, title_of(each)) for each in lessons],
        "named": len(projects) > 1,
        "waits": len(lessons),
        "waits_word": ngettext("lesson to act on", "lessons to act on", len(lessons)),
    }


def _row_address(slug: str, ref: str) -> str:
    return f"{reverse('lesson_new', args=[slug])}?{urlencode({'activity': ref})}"


def register() -> None:
    """Put them where they belong."""
    register_search_part("lessons", LESSONS, order=40)
    register_panel(
        "board component", "lessons", Panel("governance/_lessons_board.html", on_board, "lessons.view"), order=10
    )
    register_panel(
        "activity", "lessons", Panel("governance/_lessons_activity.html", on_activity, "lessons.view"), order=40
    )
    register_panel(
        "dashboard", "lessons", Panel("governance/_lessons_overview.html", on_overview, "lessons.view"), order=85
    )
    register_panel("wizard", "lessons", Panel("governance/_lessons_wizard.html", in_wizard, ""), order=10)
    register_work_panel("lessons", WorkPanel("governance/_lessons_work.html", in_work), order=50)
    register_row_link(
        "lesson", RowLink(gettext_lazy("Capture a lesson"), "lightbulb", "lessons.capture", _row_address), order=60
    )
    register_phase_way(
        "lesson",
        PhaseWay(
            gettext_lazy("Capture a lesson"),
            "lightbulb",
            "lessons.capture",
            lambda slug, number: f"{reverse('lesson_new', args=[slug])}?{urlencode({'phase': number})}",
        ),
        order=30,
    )
    register_phase_way(
        "path",
        PhaseWay(
            gettext_lazy("End, step by step"),
            "signpost-split",
            "lessons.view",
            lambda slug, number: reverse("phase_path", args=[slug, number]) if number <= END_OF else "",
        ),
        order=10,
    )
    register_phase_way(
        "outcomes",
        PhaseWay(
            gettext_lazy("Outcomes"),
            "flag",
            "lessons.view",
            lambda slug, number: reverse("outcomes", args=[slug, number]) if number in PHASES else "",
        ),
        order=20,
    )
