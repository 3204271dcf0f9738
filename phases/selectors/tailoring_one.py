"""One activity as its tailoring pages show it: its phases, what can move where, its parts."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from phases.choices import PHASE_NAMES, PhaseState
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity, ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import ActivityText, texts_for
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class PlaceOf:
    """A phase, with the row that the activity has there."""

    number: int
    name: str | Promise
    is_closed: bool
    is_asked: bool
    row: PhaseActivity | None

    @property
    def is_free(self) -> bool:
        """Whether a row can come here."""
        return self.row is None and not self.is_closed

    @property
    def can_move(self) -> bool:
        """Whether its row can go elsewhere."""
        return self.row is not None and not self.is_closed and self.row.status in OPEN_STATUSES and not self.row.rhythm


@dataclass(frozen=True, slots=True)
class OneActivity:
    """An activity, its places by phase, its parts, and the whole that it is a part of."""

    activity: ProjectActivity
    text: ActivityText
    places: tuple[PlaceOf, ...]
    parts: tuple[ProjectActivity, ...]

    @property
    def is_own(self) -> bool:
        """Whether its text is the plan's own."""
        return self.activity.catalogue_activity_id is None

    @property
    def can_split(self) -> bool:
        """Whether it has open work that parts could take over."""
        return (
            self.activity.part_of is None
            and not self.parts
            and any(
                place.row is not None and not place.is_closed and place.row.status in OPEN_STATUSES
                for place in self.places
            )
        )

    @property
    def free(self) -> list[int]:
        """The phases that a row can come into."""
        return [place.number for place in self.places if place.is_free]

    @property
    def movable(self) -> list[PhaseActivity]:
        """The rows that can go to another phase."""
        return [place.row for place in self.places if place.can_move and place.row is not None]


def one_activity(project: Project, ref: str) -> OneActivity | None:
    """The activity `ref` of `project`, None where there is none. Four queries."""
    activity = ProjectActivity.objects.select_related("part_of").filter(project=project, ref=ref).first()
    if activity is None:
        return None
    text = effective_text(texts_for(project), activity)
    rows = {row.phase_number: row for row in PhaseActivity.objects.filter(activity=activity)}
    for row in rows.values():
        row.activity = activity
    places = tuple(
        PlaceOf(
            phase.number,
            PHASE_NAMES[phase.number],
            phase.state == PhaseState.CLOSED,
            phase.number in text.phases,
            rows.get(phase.number),
        )
        for phase in Phase.objects.filter(project=project).order_by("number")
    )
    parts = tuple(activity.parts.order_by("pk")) if activity.part_of is None else ()
    return OneActivity(activity, text, places, parts)


def tailoring_panel(project: Project, access: Access, *, activity: ProjectActivity) -> dict[str, Any] | None:
    """What the page of an activity says of its tailoring; None where there is nothing to say or do.

    Two queries, three for a part.
    """
    rows = list(PhaseActivity.objects.filter(activity=activity).exclude(tailored_why="").order_by("phase_number"))
    parts = list(activity.parts.order_by("pk"))
    may_tailor = bool(access.can("phases.tailor"))
    if not (may_tailor or parts or rows or activity.part_of_id):
        return None
    return {
        "activity": activity,
        "is_own": activity.catalogue_activity_id is None and activity.part_of_id is None,
        "parts": parts,
        "rows": rows,
        "may_tailor": may_tailor,
        "slug": project.slug,
    }
