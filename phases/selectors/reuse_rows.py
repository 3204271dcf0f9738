"""The own and the split activities of an earlier plan, as a new one may take them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from phases.choices import Status
from phases.models import PhaseActivity, ProjectActivity
from phases.selectors.catalogue import CatalogueTexts

FEWEST_PARTS = 2

# The id of an activity, and a phase.
RowPlace = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OwnRows:
    """An activity of the earlier plan's own: the phases in which it applies, and why it was added."""

    activity: ProjectActivity
    phases: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True)
class SplitUp:
    """The parts of a split activity, in the order in which they were made, and why it was split.

    `is_uneven` where parts were left out or moved by themselves since.
    """

    title: str
    names: tuple[str, ...]
    refs: tuple[str, ...]
    why: str
    is_uneven: bool = False


def place_of(row: PhaseActivity) -> RowPlace:
    """Where a row stands."""
    return row.activity_id, row.phase_number


def applying(group: Iterable[PhaseActivity], taken_over: frozenset[RowPlace]) -> tuple[int, ...]:
    """The phases in which an activity applies, by itself or by its parts."""
    return tuple(
        row.phase_number for row in group if row.status != Status.NOT_APPLICABLE or place_of(row) in taken_over
    )


def splits_of(texts: CatalogueTexts, rows: Iterable[PhaseActivity]) -> tuple[dict[str, SplitUp], frozenset[RowPlace]]:
    """The split activities by ref, and the places (id of the whole, phase) at which parts stand for them."""
    wholes = {row.activity_id: row.activity for row in rows if row.activity.part_of_id is None}
    by_whole: dict[int, dict[int, list[PhaseActivity]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.activity.part_of_id in wholes:
            by_whole[row.activity.part_of_id][row.activity_id].append(row)
    found = {}
    for pk, parts in by_whole.items():
        if len(parts) < FEWEST_PARTS:
            continue
        # Keys go up in the order in which parts were named; refs as texts would put CH.i/10 before CH.i/2.
        made = [parts[part][0].activity for part in sorted(parts)]
        whys = Counter(row.tailored_why for group in parts.values() for row in group if row.tailored_why)
        stand = {
            tuple(row.phase_number for row in group if row.status != Status.NOT_APPLICABLE) for group in parts.values()
        }
        text = texts.activities.get(wholes[pk].ref)
        found[wholes[pk].ref] = SplitUp(
            title=text.title if text is not None else wholes[pk].title,
            names=tuple(part.part_name for part in made),
            refs=tuple(part.ref for part in made),
            why=whys.most_common(1)[0][0] if whys else "",
            is_uneven=len(stand) > 1
            or any(row.status == Status.NOT_APPLICABLE for group in parts.values() for row in group),
        )
    places = {(pk, row.phase_number) for pk, parts in by_whole.items() for group in parts.values() for row in group}
    return found, frozenset(places)
