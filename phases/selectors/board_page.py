"""Everything that a board shows, for one person and one question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import BooleanField, Case, Exists, OuterRef, Value, When

from accounts.models import User, initials_of
from common import clock
from phases.choices import PhaseState
from phases.domain.figures import Tally, fold
from phases.models import Phase
from phases.selectors.board import (
    SUPPLEMENT,
    VIEWS,
    BoardGroup,
    BoardQuery,
    BoardRow,
    filter_rows,
    group_rows,
    in_view,
    rows_of,
)
from projects.models import GroupMember, Party, Project


@dataclass(frozen=True, slots=True)
class PartyChoice:
    """A party as lists offer it. `is_mine` holds for a person's own party and for the groups they belong to."""

    pk: int
    name: str
    kind: str
    is_active: bool
    is_mine: bool

    @property
    def initials(self) -> str:
        """Letters for the avatar."""
        return initials_of(self.name)


@dataclass(frozen=True, slots=True)
class Board:
    """A board: `rows` are those of the phase, `shown` those asked for, `views` how many each ready view has.

    The supplement stands apart: its groups come last, and the views count the catalogue's rows alone, but for its own
    view and for "mine". `tally` is the catalogue's; `supplement` that of the supplement, None where the phase has
    nothing of it.
    """

    project: Project
    phase: Phase
    blocked_by: Phase | None
    query: BoardQuery
    rows: Sequence[BoardRow]
    shown: Sequence[BoardRow]
    groups: Sequence[BoardGroup]
    views: dict[str, int]
    tally: Tally
    supplement: Tally | None = None

    @property
    def main_rows(self) -> int:
        """How many rows of the phase are the catalogue's."""
        return self.tally.total

    @property
    def main_shown(self) -> int:
        """How many of those the board shows."""
        return sum(not row.is_supplement for row in self.shown)

    @property
    def supplement_shown(self) -> int:
        """How many rows of the supplement the board shows."""
        return len(self.shown) - self.main_shown

    @property
    def is_closed(self) -> bool:
        """Whether its rows stay as they are."""
        return self.phase.state == PhaseState.CLOSED


def parties_of(project: Project, user: User) -> list[PartyChoice]:
    """The parties of a project by name, those no longer active included. One query."""
    in_group = GroupMember.objects.filter(group=OuterRef("pk"), person__user=user)
    rows = (
        Party.objects.filter(project=project)
        .annotate(
            is_mine=Case(When(user=user, then=Value(True)), default=Exists(in_group), output_field=BooleanField())
        )
        .values_list("pk", "name", "kind", "is_active", "is_mine")
    )
    return sorted((PartyChoice(*row) for row in rows), key=lambda party: party.name.lower())


def phases_of(project: Project, number: int) -> tuple[Phase, Phase | None]:
    """Phase `number`, and the one before it while that is not closed. Raises Phase.DoesNotExist. One query."""
    phases = {phase.number: phase for phase in Phase.objects.filter(project=project)}
    if number not in phases:
        raise Phase.DoesNotExist
    before = phases.get(number - 1)
    return phases[number], before if before is not None and before.state != PhaseState.CLOSED else None


def _counts(row: BoardRow, view: str) -> bool:
    """Whether a row counts on the tab of `view`: what is apart counts where it is asked for, or is a person's own."""
    return not row.is_supplement or view in (SUPPLEMENT, "mine")


def board_of(project: Project, number: int, query: BoardQuery, user: User, *, phase: Phase | None = None) -> Board:
    """The board of phase `number` for `user`. Raises Phase.DoesNotExist. Two queries; one where `phase` is given."""
    blocked_by = None
    if phase is None:
        phase, blocked_by = phases_of(project, number)
    rows = rows_of(project, number, with_comments=True, user=user)
    own = frozenset(row.party_id for row in rows if row.is_mine and row.party_id is not None)
    # The counts on the tabs obey the filters, so that a tab leads to as many rows as it says.
    matching = filter_rows(rows, replace(query, view=VIEWS[0]), own)
    shown = [row for row in matching if in_view(row, query.view, own)]
    figures = fold((row.as_figure() for row in rows), clock.today(project.time_zone))
    return Board(
        project=project,
        phase=phase,
        blocked_by=blocked_by,
        query=query,
        rows=rows,
        shown=shown,
        groups=group_rows(project, shown, query.group, counted=rows),
        views={view: sum(in_view(row, view, own) and _counts(row, view) for row in matching) for view in VIEWS},
        tally=figures.phases[number],
        supplement=figures.supplement.phases[number] if figures.supplement is not None else None,
    )
