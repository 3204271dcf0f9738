"""Top management's commitment: each point of Part 2 with the proof that happened here, and with its own words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common import clock
from governance.commitment_guide import Group, Point, groups
from governance.domain.commitment import Leaders, Strength, Term, strength_of
from governance.models import CommitmentNote
from governance.registries import Asked, Proof, commitment_sources
from projects.choices import ProjectRole
from projects.models import Membership, Project
from projects.permissions import Access

AT_THE_TOP = (ProjectRole.TOP_MANAGEMENT, ProjectRole.CHAIR)
"""Whose acts count, the higher first: the chair answers for the implementation."""


@dataclass(frozen=True, slots=True)
class PointStanding:
    """A point with its proof, newest first, and what was said of it; `notes` are the words, newest first."""

    point: Point
    clauses: tuple[str, ...]
    proofs: Sequence[Proof]
    strength: Strength
    notes: Sequence[CommitmentNote]

    @property
    def words(self) -> CommitmentNote | None:
        """What top management says of it now."""
        return self.notes[0] if self.notes else None

    @property
    def last(self) -> date | None:
        """The day of the newest proof."""
        return self.proofs[0].on if self.proofs else None


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """The points of one subclause."""

    group: Group
    points: Sequence[PointStanding]


@dataclass(frozen=True, slots=True)
class Commitment:
    """The whole record on `day`."""

    day: date
    groups: Sequence[GroupStanding]
    has_top: bool

    @property
    def points(self) -> list[PointStanding]:
        """All points, in order."""
        return [point for group in self.groups for point in group.points]

    def count(self, strength: Strength) -> int:
        """How many points have proof of this strength."""
        return sum(point.strength == strength for point in self.points)


def leaders_of(project: Project) -> Leaders:
    """Who is and was at the top of `project`. One query."""
    rows = Membership.objects.filter(project=project, role__in=AT_THE_TOP)
    found: dict[int, list[Term]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: (each.user_id, AT_THE_TOP.index(ProjectRole(each.role)))):
        found[row.user_id].append(Term(str(ProjectRole(row.role).label), row.starts_at, row.ends_at))
    return Leaders(found)


def commitment_of(project: Project, access: Access) -> Commitment:
    """The record as this reader may see it. Two queries, and two for each source at most."""
    asked = Asked(project, access, leaders_of(project))
    proofs: dict[str, list[Proof]] = defaultdict(list)
    for source in commitment_sources:
        if access.can(source.capability):
            for key, found in source.gather(asked).items():
                proofs[key].extend(found)
    notes = notes_of(project)
    day = clock.today(project.time_zone)
    return Commitment(
        day,
        [
            GroupStanding(
                group,
                [
                    _standing(project, point, proofs.get(point.key, ()), notes.get(point.key, ()), day)
                    for point in group.points
                ],
            )
            for group in groups().values()
        ],
        has_top=bool(asked.leaders.people),
    )


def notes_of(project: Project) -> Mapping[str, Sequence[CommitmentNote]]:
    """What was said of each point, the newest first. One query."""
    found: dict[str, list[CommitmentNote]] = defaultdict(list)
    for note in CommitmentNote.objects.filter(project=project).select_related("written_by").order_by("-pk"):
        found[note.point].append(note)
    return found


def _standing(
    project: Project, point: Point, proofs: Sequence[Proof], notes: Sequence[CommitmentNote], day: date
) -> PointStanding:
    ordered = sorted(proofs, key=lambda proof: (proof.on or date.min, proof.title), reverse=True)
    return PointStanding(
        point,
        point.clauses(project.edition),
        ordered,
        strength_of([proof.on for proof in ordered], day, point.fresh_months),
        notes,
    )
