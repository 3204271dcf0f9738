"""What moves if this moves: the plan as it would stand, compared with how it stands. Nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from common.canonical import sha256_of
from common.exceptions import RuleBroken
from phases.choices import AssignedBy
from phases.domain.planning import due_days, problems_of
from phases.domain.responsibility import answer_for
from phases.models import Package, Phase
from phases.selectors.people import named_in
from phases.selectors.plan_state import PlanState, StateRow, package_windows, phase_windows_of, plan_state
from phases.selectors.plan_warnings import sentences_of, warnings_of_packages
from phases.selectors.wished_plan import packages_wished, phases_wished
from phases.selectors.wishes import PackageWish, Wishes
from projects.models import Project


@dataclass(frozen=True, slots=True)
class RowMove:
    """A phase activity whose due date changes, and by how many working days (None where it had none)."""

    pk: int
    ref: str
    title: str
    component: str
    phase: int
    before: date | None
    after: date | None
    working_days: int | None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class PackageMove:
    """A package whose dates change, as they hold: its own, or those of its phase."""

    component: str
    phase: int
    start_before: date | None
    start_after: date | None
    end_before: date | None
    end_after: date | None


@dataclass(frozen=True, slots=True)
class PhaseMove:
    """A phase whose dates change."""

    number: int
    start_before: date | None
    start_after: date
    end_before: date | None
    end_after: date
    working_days: int


@dataclass(frozen=True, slots=True)
class PartyMove:
    """A phase activity that goes to somebody else; names, "" for nobody."""

    pk: int
    ref: str
    phase: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WhatMoves:
    """Everything that would change. `kept` counts open rows with dates of their own that stay; `digest` stands for it.

    `open_rows` are those that the schedule might have moved, so that "nothing moves" says something.
    """

    moves: tuple[RowMove, ...] = ()
    packages: tuple[PackageMove, ...] = ()
    phases: tuple[PhaseMove, ...] = ()
    parties: tuple[PartyMove, ...] = ()
    kept: int = 0
    open_rows: int = 0
    warnings: tuple[str, ...] = ()
    digest: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.moves or self.packages or self.phases or self.parties)

    @property
    def later(self) -> int:
        """How many rows are due later than before."""
        return sum(move.working_days is not None and move.working_days > 0 for move in self.moves)

    @property
    def earlier(self) -> int:
        """How many rows are due earlier than before."""
        return sum(move.working_days is not None and move.working_days < 0 for move in self.moves)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan as read, the packages and phases as they would stand, and what moves."""

    state: PlanState
    packages: Mapping[tuple[str, int], Package]
    phases: Mapping[int, Phase]
    what: WhatMoves


def what_moves(project: Project, wishes: Sequence[PackageWish]) -> WhatMoves:
    """What changes if packages become as `wishes` want them. Raises RuleBroken for dates that cannot be."""
    return outcome_of(plan_state(project), Wishes(packages=tuple(wishes))).what


def planned_days(project: Project, keys: Sequence[int]) -> dict[int, date]:
    """When phase activities are due if they follow their packages: none for those that have no window any more."""
    state = plan_state(project)
    wanted = set(keys)
    free = {row.pk for row in state.rows if row.pk in wanted}
    found = due_days(state.domain_rows(free), state.ground())
    return {key: day for key, day in found.items() if key in free}


def outcome_of(state: PlanState, wishes: Wishes) -> Outcome:
    """What changes in `state` by `wishes`; five queries at most.

    A package with new dates dates all its open rows anew that nobody dated by hand, a phase those in it that are not
    late. Other rows stay, unless they wait for one that is now due later. Raises RuleBroken (with `field`) for dates
    that cannot be, Package.DoesNotExist or Phase.DoesNotExist for what the plan has not.
    """
    phases = phases_wished(state, wishes.phases)
    packages = packages_wished(state, wishes.packages, phases)
    rows = _rows_wished(state, wishes)
    after = replace(state, phases=phases, packages=packages, rows=rows)
    free = _free(state, after, wishes)
    movable = {row.pk for row in rows if row.pk not in free and after.follows_plan(row)}
    wished = {wish.pk for wish in wishes.rows}
    ground = after.ground()
    domain_rows = after.domain_rows(free, movable - wished)
    try:
        due = due_days(domain_rows, ground, moved=wished)
    except ValueError as error:
        raise RuleBroken(_("The links of this plan close a circle. Remove one of them first.")) from error
    final = {row.pk: day for row in rows if (day := due.get(row.pk, row.due)) is not None}
    moves = tuple(_moves(state, rows, final))
    changed = {move.pk for move in moves} | wished
    problems = problems_of(domain_rows, final, ground, among=None if wishes.everything else changed)
    named = _party_moves(state, packages) if any(_owner_changes(state, packages)) else ()
    touched = _touched(state, after)
    what = WhatMoves(
        moves=moves,
        packages=tuple(_package_moves(state, after)),
        phases=tuple(_phase_moves(state, phases)),
        parties=named,
        kept=sum(
            row.is_open and row.due_is_own and row.pk not in wished and (wishes.everything or _place(row) in touched)
            for row in rows
        ),
        open_rows=len(free),
        warnings=(*warnings_of_packages(after, wishes.packages), *sentences_of(after, problems)),
    )
    return Outcome(state, packages, phases, replace(what, digest=_digest(what, state, wishes)))


def _place(row: StateRow) -> tuple[str, int]:
    return row.component, row.phase


def _rows_wished(state: PlanState, wishes: Wishes) -> tuple[StateRow, ...]:
    by_key = {wish.pk: wish for wish in wishes.rows}
    return tuple(
        replace(row, due=by_key[row.pk].due, due_is_own=by_key[row.pk].due is not None) if row.pk in by_key else row
        for row in state.rows
    )


def _touched(state: PlanState, after: PlanState) -> set[tuple[str, int]]:
    """The packages whose dates change, by themselves or with their phase."""
    return {place for place in after.packages if _window(state, place) != _window(after, place)}


def _window(state: PlanState, place: tuple[str, int]) -> tuple[date | None, date | None]:
    package = state.packages[place]
    if package.start is not None:
        return package.start, package.end
    phase = state.phases.get(place[1])
    return (phase.start, phase.end) if phase is not None else (None, None)


def _free(state: PlanState, after: PlanState, wishes: Wishes) -> set[int]:
    """The rows that get a date anew."""
    touched = _touched(state, after)
    by_wish = {(wish.component, wish.phase) for wish in wishes.packages}
    freed = {wish.pk for wish in wishes.rows if wish.due is None}
    wished = {wish.pk for wish in wishes.rows}
    return {
        row.pk
        for row in after.rows
        if row.pk in freed
        or (
            row.pk not in wished
            and (wishes.everything or _place(row) in touched)
            and after.follows_plan(row, late_too=wishes.late or _place(row) in by_wish)
        )
    }


def _moves(state: PlanState, rows: Sequence[StateRow], final: Mapping[int, date]) -> Iterable[RowMove]:
    for row, was in zip(rows, state.rows, strict=True):
        after = final.get(row.pk)
        if after != was.due:
            days = state.calendar.between(was.due, after) if was.due and after else None
            yield RowMove(
                row.pk, row.ref, state.title_of(row), row.component, row.phase, was.due, after, days, row.due_is_own
            )


def _package_moves(state: PlanState, after: PlanState) -> Iterable[PackageMove]:
    """Packages whose own dates change; those that only follow their phase are told by it."""
    before_windows, after_windows = (package_windows(each.packages.values()) for each in (state, after))
    for place in state.packages:
        if before_windows.get(place) != after_windows.get(place):
            start, end = _window(state, place)
            new_start, new_end = _window(after, place)
            yield PackageMove(*place, start, new_start, end, new_end)


def _phase_moves(state: PlanState, phases: Mapping[int, Phase]) -> Iterable[PhaseMove]:
    for number, window in phase_windows_of(phases.values()).items():
        was = state.phases[number]
        if (was.start, was.end) != (window.start, window.end):
            days = state.calendar.between(was.end, window.end) if was.end else 0
            yield PhaseMove(number, was.start, window.start, was.end, window.end, days)


def _owner_changes(state: PlanState, packages: Mapping[tuple[str, int], Package]) -> Iterable[tuple[str, int]]:
    return (place for place, package in packages.items() if package.owner_id != state.packages[place].owner_id)


def _party_moves(state: PlanState, packages: Mapping[tuple[str, int], Package]) -> tuple[PartyMove, ...]:
    named = named_in(state.project)
    changed = set(_owner_changes(state, packages))
    owners = {place: package.owner_id for place, package in packages.items() if package.owner_id is not None}
    found = []
    for row in state.rows:
        if _place(row) not in changed or not row.is_open or row.assigned_by == AssignedBy.HAND:
            continue
        answer = answer_for(named.people, row.roles, row.component, package_owner=owners.get(_place(row)))
        if answer.accountable != row.party_id:
            before, after = (
                named.parties[pk].name if pk is not None else "" for pk in (row.party_id, answer.accountable)
            )
            found.append(PartyMove(row.pk, row.ref, row.phase, before, after))
    return tuple(found)


def _digest(what: WhatMoves, state: PlanState, wishes: Wishes) -> str:
    """One hash over what would be written and the versions of what it is written to."""
    moved = {move.pk for move in what.moves} | {move.pk for move in what.parties}
    return sha256_of(
        [
            [[move.pk, str(move.after)] for move in what.moves],
            [[move.pk, move.after] for move in what.parties],
            [[row.pk, row.version] for row in state.rows if row.pk in moved],
            [
                [wish.component, wish.phase, wish.version, str(wish.start), str(wish.end), wish.owner and wish.owner.pk]
                for wish in wishes.packages
            ],
            [[phase.number, str(phase.start_after), str(phase.end_after)] for phase in what.phases],
        ]
    )
