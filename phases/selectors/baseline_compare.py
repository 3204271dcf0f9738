"""Two plans side by side as a page and a file show them: totals first, then by phase and component."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from phases.choices import PHASE_NAMES
from phases.domain.baselines import (
    Between,
    PackageChange,
    PhaseChange,
    PlanComparison,
    RowChange,
    Totals,
    What,
    compare_plans,
    totals,
)
from phases.models import Baseline
from phases.selectors.baselines import Side, side_now, side_of, working_days_between
from phases.selectors.catalogue import CatalogueTexts, texts_for
from projects.models import Project

LINES_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class DiffQuery:
    """What of a comparison is asked for; what is None or empty is asked for whatever it is."""

    phase: int | None = None
    component: str = ""
    what: What | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether something may be left out."""
        return self.phase is not None or bool(self.component) or self.what is not None


@dataclass(frozen=True, slots=True)
class DiffLine:
    """An activity that changed, in words."""

    change: RowChange
    title: str
    party_before: str
    party_after: str
    why: str

    @property
    def ref(self) -> str:
        """Its reference."""
        return self.change.row.ref


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A package that changed, in words."""

    change: PackageChange
    owner_before: str
    owner_after: str


@dataclass(slots=True)
class DiffGroup:
    """A component in a phase: what became of its package, and its activities that changed."""

    component: str
    title: str
    supplement: bool
    package: PackageLine | None = None
    lines: list[DiffLine] = field(default_factory=list)


@dataclass(slots=True)
class DiffPhase:
    """A phase: what became of its dates, the counts of its changes (of all, whatever is asked), what is shown of it."""

    number: int
    name: str
    change: PhaseChange | None
    totals: Totals
    groups: list[DiffGroup] = field(default_factory=list)
    is_shown: bool = True

    @property
    def changed(self) -> bool:
        """Whether anything of it changed."""
        return self.change is not None or bool(self.totals.changed)


@dataclass(frozen=True, slots=True)
class DiffComponent:
    """A component with the counts of its changes over all phases."""

    code: str
    title: str
    supplement: bool
    totals: Totals


@dataclass(frozen=True)
class PlanDiff:
    """Two plans and what the second has otherwise."""

    first: Side
    second: Side
    found: PlanComparison
    query: DiffQuery
    texts: CatalogueTexts

    @cached_property
    def totals(self) -> Totals:
        """Counts of what is no part of the supplement."""
        return totals(change for change in self.found.rows if not change.row.supplement)

    @cached_property
    def supplement(self) -> Totals:
        """Counts of the supplement."""
        return totals(change for change in self.found.rows if change.row.supplement)

    @property
    def unchanged(self) -> int:
        """Activities in both that are the same, without those of the supplement."""
        return self.second.rows - (self.totals.changed - self.totals.counts[What.REMOVED])

    @cached_property
    def shown(self) -> int:
        """How many activities the question leaves."""
        return sum(len(group.lines) for phase in self.phases for group in phase.groups)

    @cached_property
    def components(self) -> list[DiffComponent]:
        """The components with changes, in the order of the catalogue, those of the supplement last."""
        by_code: dict[tuple[bool, str], list[RowChange]] = defaultdict(list)
        for change in self.found.rows:
            by_code[change.row.supplement, change.row.component].append(change)
        keys = sorted(by_code, key=lambda key: (key[0], self._place(key[1])))
        return [DiffComponent(code, self._title(code), extra, totals(by_code[extra, code])) for extra, code in keys]

    @cached_property
    def phases(self) -> list[DiffPhase]:
        """All phases that either plan has, with what is asked for of each."""
        numbers = {phase.number for side in (self.first, self.second) for phase in side.state.phases}
        changes = {change.number: change for change in self.found.phases}
        by_phase: dict[int, list[RowChange]] = defaultdict(list)
        for change in self.found.rows:
            by_phase[change.row.phase].append(change)
        groups = self._groups()
        return [
            DiffPhase(
                number=number,
                name=str(PHASE_NAMES.get(number, number)),
                change=changes.get(number),
                totals=totals(change for change in by_phase[number] if not change.row.supplement),
                groups=groups.get(number, []),
                is_shown=self.query.phase in (None, number),
            )
            for number in sorted(numbers | by_phase.keys())
        ]

    def _groups(self) -> dict[int, list[DiffGroup]]:
        order = _order((self.second, self.first))
        found: dict[tuple[int, bool, str], DiffGroup] = {}

        def group(phase: int, component: str, *, supplement: bool) -> DiffGroup:
            key = (phase, supplement, component)
            if key not in found:
                found[key] = DiffGroup(component, self._title(component), supplement)
            return found[key]

        for change in sorted(self.found.rows, key=lambda change: order[change.row.ref]):
            row = change.row
            if self._asks(row.phase, row.component) and self.query.what in (None, *change.what):
                group(row.phase, row.component, supplement=row.supplement).lines.append(self._line(change))
        extra = {row.component for side in (self.first, self.second) for row in side.state.rows if row.supplement}
        own = {row.component for side in (self.first, self.second) for row in side.state.rows if not row.supplement}
        for package in self.found.packages:
            where = package.package
            if self._asks(where.phase, where.component) and self.query.what in (None, *_what(package)):
                only_extra = where.component in extra - own
                group(where.phase, where.component, supplement=only_extra).package = self._package(package)
        by_phase: dict[int, list[DiffGroup]] = defaultdict(list)
        for phase, is_extra, code in sorted(found, key=lambda key: (key[0], key[1], self._place(key[2]))):
            by_phase[phase].append(found[phase, is_extra, code])
        return by_phase

    def _asks(self, phase: int, component: str) -> bool:
        return self.query.phase in (None, phase) and self.query.component in ("", component)

    def _place(self, code: str) -> tuple[int, str]:
        component = self.texts.components.get(code)
        return (component.number if component else 10_000, code)

    def _title(self, code: str) -> str:
        component = self.texts.components.get(code)
        return component.title if component else code

    def _line(self, change: RowChange) -> DiffLine:
        row = change.row
        side = self.second if change.after is not None else self.first
        return DiffLine(
            change=change,
            title=side.titles.get(row.ref, row.ref),
            party_before=_name(self.first, change.before.party_id if change.before else None),
            party_after=_name(self.second, change.after.party_id if change.after else None),
            why=self.second.why.get((row.ref, row.phase), "") if What.LEFT_OUT in change.what else "",
        )

    def _package(self, change: PackageChange) -> PackageLine:
        return PackageLine(
            change,
            _name(self.first, change.before.owner_id if change.before else None),
            _name(self.second, change.after.owner_id if change.after else None),
        )


def _what(change: PackageChange) -> tuple[What, ...]:
    if change.before is None or change.after is None:
        return (What.ADDED if change.before is None else What.REMOVED,)
    shifts = [shift.what for shift in (change.start, change.end) if shift.what is not None]
    return (*shifts, What.PARTY) if change.other_owner else tuple(shifts)


def _name(side: Side, party_id: int | None) -> str:
    return side.names.get(party_id, str(party_id)) if party_id is not None else ""


def _order(sides: Iterable[Side]) -> Mapping[str, int]:
    order: dict[str, int] = {}
    for side in sides:
        for row in side.state.rows:
            order.setdefault(row.ref, len(order))
    return order


def diff_of(project: Project, first: Baseline, second: Baseline | None, query: DiffQuery) -> PlanDiff:
    """`first` compared with `second`, or with the plan as it stands now (None). Five queries at most."""
    left, right = side_of(first), side_of(second) if second is not None else side_now(project)
    return diff_between(left, right, query, texts_for(project), working_days_between(project))


def diff_between(left: Side, right: Side, query: DiffQuery, texts: CatalogueTexts, between: Between) -> PlanDiff:
    """Two plans at hand compared. No query."""
    return PlanDiff(left, right, compare_plans(left.state, right.state, between), query, texts)


def page_of_changes(diff: PlanDiff, number: int) -> tuple[Page[Any], list[DiffPhase]]:
    """A page of the changed activities that `diff` shows, and its phases with what stands on that page of each.

    A component without changed activities, whose package alone changed, stands with the activity before it. A number
    beyond the last page gives the last.
    """
    page = Paginator(range(diff.shown), LINES_PER_PAGE).get_page(number)
    first = (page.number - 1) * LINES_PER_PAGE
    phases = []
    at = 0
    for phase in diff.phases:
        groups = []
        for group in phase.groups:
            here = group.lines[max(0, first - at) : max(0, first + LINES_PER_PAGE - at)]
            place = max(0, at - 1)
            if here or (not group.lines and first <= place < first + LINES_PER_PAGE):
                groups.append(replace(group, lines=here))
            at += len(group.lines)
        phases.append(replace(phase, groups=groups))
    return page, phases
