"""The supplement for ISO/IEC 20000-1:2018 in one project: whether it is part of the plan, and what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from notifications.models import Comment
from phases.choices import AssignedBy, Status
from phases.domain.figures import Tally
from phases.models import PhaseActivity
from phases.selectors.board import COMMENT_KIND
from phases.selectors.catalogue import ActivityText, CatalogueTexts, ComponentText, newest_supplement, texts_for
from phases.selectors.figures import figures_of
from projects.choices import Edition
from projects.models import Project

# Where the supplement stands in a project. UNDECIDED: the project is for 2018 and nobody has said yes or no.
TAKEN, DECLINED, UNDECIDED, OTHER_EDITION = "taken", "declined", "undecided", "other edition"


@dataclass(frozen=True, slots=True)
class SupplementGroup:
    """A group of the supplement with its activities."""

    component: ComponentText
    activities: Sequence[ActivityText]

    @property
    def purpose(self) -> str:
        """What the group is for."""
        return str(self.component.texts.get("purpose", ""))


@dataclass(frozen=True, slots=True)
class SupplementPhase:
    """The supplement's rows of one phase."""

    number: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class SupplementView:
    """All that the page of the supplement shows.

    `texts` is the version of the plan, or the one that the plan would get; None where none is loaded. `held` are the
    refs that hold work: while there are any, the supplement cannot be taken out.
    """

    state: str
    texts: CatalogueTexts | None
    groups: Sequence[SupplementGroup]
    phases: Sequence[SupplementPhase]
    held: Sequence[str]

    @property
    def activities(self) -> int:
        """How many activities it has."""
        return sum(len(group.activities) for group in self.groups)

    @property
    def is_taken(self) -> bool:
        """Whether it is part of the plan."""
        return self.state == TAKEN


def state_of(project: Project) -> str:
    """TAKEN, DECLINED, UNDECIDED or OTHER_EDITION. No query."""
    if project.supplement_pack:
        return TAKEN
    if project.edition != Edition.E2018:
        return OTHER_EDITION
    return DECLINED if project.supplement_declined else UNDECIDED


def groups_of(texts: CatalogueTexts) -> list[SupplementGroup]:
    """The groups of a supplement, in its order."""
    return [SupplementGroup(component, texts.of_component(code)) for code, component in texts.components.items()]


def held_refs(project: Project) -> list[str]:
    """The activities of the supplement on which somebody has worked, in their order. One query.

    Work is a status, a reason, a note, a comment, a due date or a responsible party that somebody set, and what a
    closed phase left to the next. What the role map gave out is none: it can be given out again.
    """
    rows = PhaseActivity.objects.filter(project=project, activity__is_supplement=True)
    touched = (
        ~Q(status=Status.NOT_STARTED)
        | ~Q(reason="")
        | ~Q(note="")
        | Q(due_is_own=True)
        | Q(assigned_by=AssignedBy.HAND)
        | Q(carried_from__isnull=False)
        | Q(carried_to__isnull=False)
        | Q(
            activity__ref__in=Comment.objects.filter(project=project, kind=COMMENT_KIND)
            .order_by()
            .values_list("key", flat=True)
        )
    )
    refs = rows.filter(touched).order_by("activity__position").values_list("activity__ref", flat=True)
    return list(dict.fromkeys(refs))


def supplement_view(project: Project) -> SupplementView:
    """The supplement of `project`. Two queries at most."""
    state = state_of(project)
    if state != TAKEN:
        texts = newest_supplement()
        return SupplementView(state, texts, groups_of(texts) if texts else (), (), ())
    pinned = texts_for(project).supplement
    figures = figures_of(project).supplement
    return SupplementView(
        state,
        pinned,
        groups_of(pinned) if pinned else (),
        [SupplementPhase(number, tally) for number, tally in sorted(figures.phases.items())] if figures else (),
        held_refs(project),
    )
