"""Lessons learnt: those of a project, and what other projects of the organization share."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.highlight import contains_all, excerpt, marked
from governance.choices import LessonState
from governance.models import Lesson
from phases.choices import PhaseState
from phases.models import Phase
from phases.registries import SearchHit, SearchPart
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.search import stands_in
from projects.models import Project
from projects.permissions import Access

OTHERS = "others"
MINE, NOBODY = "mine", "nobody"
SHOWN_SHARED = 200
"""So many of other projects are read at most, the newest first."""


@dataclass(frozen=True, slots=True)
class LessonQuery:
    """What a list of lessons is asked to show; "" leaves nothing out. `view` is a state, or OTHERS."""

    view: str = ""
    text: str = ""
    phase: int | None = None
    component: str = ""
    owner: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves something out, beside what its tab does."""
        return bool(self.text or self.phase is not None or self.component or self.owner)


@dataclass(frozen=True, slots=True)
class LessonList:
    """The lessons that were asked for, and how many there are by tab ("" counts all)."""

    lessons: Sequence[Lesson]
    counts: Mapping[str, int]
    of_project: Sequence[Lesson]

    @property
    def open(self) -> int:
        """How many wait for somebody to act on them."""
        return self.counts[LessonState.OPEN]


def active_phase(project: Project) -> int:
    """The phase that a lesson is about by default: the one at work, else the last begun. One query."""
    states = dict(Phase.objects.filter(project=project).values_list("number", "state"))
    at_work = [number for number, state in states.items() if state in (PhaseState.ACTIVE, PhaseState.IN_REVIEW)]
    begun = [number for number, state in states.items() if state != PhaseState.PLANNED]
    return min(at_work) if at_work else max(begun, default=0)


def lessons_of(project: Project) -> list[Lesson]:
    """All lessons of `project`, those to be acted on first, then the newest. One query."""
    found = Lesson.objects.filter(project=project).select_related("owner", "captured_by")
    return sorted(found, key=lambda lesson: lesson.state != LessonState.OPEN)


def lesson_of(project: Project, ref: str) -> Lesson | None:
    """The lesson `ref` with its owner, who captured it and its actions. Two queries."""
    found = Lesson.objects.filter(project=project, ref=ref).select_related("owner", "captured_by")
    return found.prefetch_related("actions__owner").first()


def shared_lessons(project: Project, *, component: str = "", until_phase: int | None = None) -> list[Lesson]:
    """What other projects of the organization learnt and share, the newest first. One query.

    Who captured them and who owns them is not read. With `until_phase`, none once `project` has begun a later phase.
    """
    found = Lesson.objects.shared_with(project).select_related("project")
    if component:
        found = found.filter(component=component)
    if until_phase is not None:
        later = Phase.objects.filter(project=project, number__gt=until_phase).exclude(state=PhaseState.PLANNED)
        found = found.exclude(Exists(later))
    return list(found.order_by("-captured_at", "-pk")[:SHOWN_SHARED])


def asked_lessons(project: Project, query: LessonQuery, own: Collection[int]) -> LessonList:
    """The lessons that `query` asks for. `own` are the parties of the reader. Two queries."""
    mine = lessons_of(project)
    shared = shared_lessons(project)
    states = Counter(lesson.state for lesson in mine)
    counts: dict[str, int] = {
        "": len(mine),
        **{state.value: states[state] for state in LessonState},
        OTHERS: len(shared),
    }
    found: Iterable[Lesson] = shared if query.view == OTHERS else mine
    if query.view and query.view != OTHERS:
        found = (lesson for lesson in found if lesson.state == query.view)
    return LessonList([lesson for lesson in found if _asked(lesson, query, own)], counts, mine)


def _asked(lesson: Lesson, query: LessonQuery, own: Collection[int]) -> bool:
    words = query.text.casefold().split()
    said = f"{lesson.ref} {lesson.happened} {lesson.why} {lesson.change} {lesson.state_note}".casefold()
    if query.owner == NOBODY and lesson.owner_id is not None:
        return False
    if query.owner == MINE and lesson.owner_id not in own:
        return False
    if query.owner.isdigit() and str(lesson.owner_id) != query.owner:
        return False
    return (
        all(word in said for word in words)
        and (query.phase is None or lesson.phase_number == query.phase)
        and (not query.component or lesson.component == query.component)
    )


def for_board(project: Project) -> dict[str, list[Lesson]]:
    """By component what was learnt about it, here and in the organization's other projects; the latter last. One query.

    Lessons that somebody noted with nothing to do are left out.
    """
    elsewhere = Q(project__organization_id=project.organization_id, is_shared=True)
    found = (
        Lesson.objects.filter(Q(project=project) | elsewhere)
        .exclude(component="")
        .exclude(state=LessonState.NOTED)
        .select_related("project")
    )
    by_component: dict[str, list[Lesson]] = {}
    for lesson in sorted(found[:SHOWN_SHARED], key=lambda each: each.project_id != project.pk):
        by_component.setdefault(lesson.component, []).append(lesson)
    return by_component


def waiting_lessons(user: User, projects: Collection[int]) -> list[Lesson]:
    """The lessons to be acted on that `user` owns, alone or in a group, in `projects` (ids). One query."""
    return list(
        Lesson.objects.filter(project__in=list(projects), state=LessonState.OPEN)
        .filter(Q(owner__user=user) | Q(owner__group_members__person__user=user))
        .distinct()
        .order_by("captured_at", "pk")
    )


def title_of(lesson: Lesson) -> str:
    """A lesson in a few words: the first line of what happened, cut where it is long."""
    first = lesson.happened.strip().split("\n", 1)[0]
    return first if len(first) <= 100 else f"{first[:99].rstrip()}…"


def component_title(texts: CatalogueTexts, code: str) -> str:
    """What a component is called; the whole where there is none."""
    if not code:
        return _("The whole project")
    component = texts.components.get(code)
    return component.title if component is not None else code


def component_choices(project: Project) -> list[tuple[str, str]]:
    """The components of the catalogue, with their titles. No query."""
    return [(code, component.title) for code, component in texts_for(project).components.items()]


def find_lessons(project: Project, _access: Access, words: Sequence[str], most: int) -> list[SearchHit]:
    """Lessons that hold all `words`. One query."""
    found = Lesson.objects.filter(project=project)
    for word in words:
        found = found.filter(stands_in(("ref", "happened", "why", "change"), word))
    return [
        SearchHit(
            ref=lesson.ref,
            title=marked(title_of(lesson), words),
            url=reverse("lesson", args=[project.slug, lesson.ref]),
            found=None
            if contains_all(f"{lesson.ref} {title_of(lesson)}", words)
            else excerpt(" ".join((lesson.happened, lesson.why, lesson.change)), words),
            note="" if lesson.state == LessonState.OPEN else str(lesson.get_state_display()),
        )
        for lesson in found[:most]
    ]


LESSONS = SearchPart(gettext_lazy("Lessons learnt"), "lessons.view", find_lessons)
