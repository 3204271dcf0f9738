"""Where a plan has the activities of its catalogue, by the approach of the project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from phases.choices import Approach, MadeAs, Origin
from phases.domain import approaches
from phases.selectors.catalogue import CatalogueTexts
from phases.services.make_rows import Placed, Planned
from projects.models import Project


@dataclass(frozen=True, slots=True)
class WayOfWorking:
    """The approach of a project, the phases chosen for its components, and whether it is a very small entity."""

    approach: str = Approach.THREE_PHASES
    component_phases: Mapping[str, int] = field(default_factory=dict)
    very_small: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """What a plan takes from an earlier one when it is made: rows moved and added, by ref, and rules of the schedule.

    `source` is the earlier project, None where it belongs to another organization: nothing of it is named then.
    """

    source: Project | None
    made_as: str = MadeAs.METHOD
    moved: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    added: Mapping[str, Sequence[int]] = field(default_factory=dict)
    why: Mapping[tuple[str, int], str] = field(default_factory=dict)
    rules: Mapping[str, object] = field(default_factory=dict)


def processes_of(texts: CatalogueTexts) -> list[str]:
    """The components for which a plan of subsets needs a phase: the processes of the main catalogue, in its order."""
    extra = texts.supplement.components if texts.supplement is not None else {}
    return [
        code
        for code in texts.components
        if code not in approaches.MANAGEMENT
        and code not in extra
        and any(not row.is_heading and 0 not in row.phases for row in texts.of_component(code))
    ]


def check_way(way: WayOfWorking, texts: CatalogueTexts) -> WayOfWorking:
    """The way with only what its approach uses. Raises RuleBroken at the field of what is not sound."""
    if way.approach not in Approach.values:
        raise RuleBroken(_("There is no such approach."), field="approach")
    if way.approach != Approach.SUBSETS:
        return WayOfWorking(way.approach, {}, way.very_small)
    for code, phase in way.component_phases.items():
        if code not in texts.components:
            raise RuleBroken(_("The catalogue has no component %(code)s.") % {"code": code}, field="approach")
        if phase not in approaches.PHASES:
            raise RuleBroken(_("A component goes into phase 1, 2 or 3."), field=f"phase_{code}")
    for code in processes_of(texts):
        if code not in way.component_phases:
            raise RuleBroken(
                _("Choose a phase for %(component)s.") % {"component": texts.components[code].title},
                field=f"phase_{code}",
            )
    return WayOfWorking(way.approach, dict(way.component_phases), way.very_small)


def planned_by(
    texts: CatalogueTexts, way: WayOfWorking, method: Method | None = None
) -> tuple[list[Planned], dict[tuple[str, int], Placed]]:
    """Every activity of the catalogue with its phases, and which of these rows stand where the catalogue has none.

    What an earlier plan (`method`) moved and added comes after the approach, and says so.
    """
    planned: list[Planned] = []
    placing: dict[tuple[str, int], Placed] = {}
    for text in texts.activities.values():
        if text.is_heading:
            continue
        phases = approaches.phases_for(way.approach, text.component, text.nature, text.phases, way.component_phases)
        moved = method.moved.get(text.ref, ()) if method is not None and 0 not in text.phases else ()
        added = method.added.get(text.ref, ()) if method is not None and 0 not in text.phases else ()
        whys = method.why if method is not None else {}
        for before, number in moved:
            placing[text.ref, number] = Placed(Origin.MOVED, before, whys.get((text.ref, number), ""))
        for number in added:
            placing[text.ref, number] = Placed(Origin.ADDED, None, whys.get((text.ref, number), ""))
        planned.append(Planned(text, approaches.tailored(phases, moved, added)))
        for number in phases:
            origin = approaches.came_from(text.phases, number)
            if origin is not None:
                placing.setdefault((text.ref, number), Placed(Origin.APPROACH, origin))
    return planned, placing


def about_way(way: WayOfWorking) -> dict[str, object]:
    """What an event says of a way of working: nothing of what is as usual."""
    said: dict[str, object] = {}
    if way.approach != Approach.THREE_PHASES:
        said["approach"] = way.approach
    if way.component_phases:
        said["component phases"] = dict(way.component_phases)
    if way.very_small:
        said["very small entity"] = True
    return said
