"""One package of a plan: its figures, what it waits for, what waits for it, its activities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from phases.choices import Nature
from phases.domain.critical import PackageKey
from phases.domain.transitions import NOT_APPLICABLE
from phases.selectors.plan_packages import PackageLine, PlanActivity, PlanOfPackages
from projects.models import Party


@dataclass(frozen=True, slots=True)
class NatureLine:
    """The activities of one nature: by which share of the time they are due, how many, the first and last due date."""

    nature: str
    share: int | None
    count: int
    open: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """A party (None: nobody) with its activities of the package."""

    party: Party | None
    count: int
    open: int


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity of the package, with who has it and how many days it is late."""

    row: PlanActivity
    party: Party | None
    days_late: int | None


@dataclass(frozen=True, slots=True)
class PackageDetail:
    """All that the page of a package shows.

    `waits_for` and `feeds` are packages of the same phase by rule or link; `before` and `after` the same component in
    the phases beside.
    """

    line: PackageLine
    phase_start: date | None
    phase_end: date | None
    natures: tuple[NatureLine, ...]
    owners: tuple[OwnerLine, ...]
    waits_for: tuple[PackageLine, ...]
    feeds: tuple[PackageLine, ...]
    before: PackageLine | None
    after: PackageLine | None
    activities: tuple[ActivityLine, ...]
    own_dates: int
    previous: PackageLine | None
    following: PackageLine | None


def package_of(plan: PlanOfPackages, key: PackageKey) -> PackageDetail | None:
    """The package of `plan` that `key` names, None where it has none. No query."""
    packages = plan.by_key
    line = packages.get(key)
    phase = plan.phase(key[1])
    if line is None or phase is None:
        return None
    rows = plan.activities[key]
    applicable = [row for row in rows if row.status != NOT_APPLICABLE]
    parties = {party.pk: party for party in plan.parties}
    beside = [number for component, number in packages if component == key[0]]
    earlier, later = [n for n in beside if n < key[1]], [n for n in beside if n > key[1]]
    order = [one for one in plan.lines if one.phase == key[1]]
    place = order.index(line)
    return PackageDetail(
        line=line,
        phase_start=phase.start,
        phase_end=phase.end,
        natures=_natures(applicable, plan),
        owners=_owners(applicable, parties),
        waits_for=tuple(packages[before] for before, after in plan.waits if after == key and before in packages),
        feeds=tuple(packages[after] for before, after in plan.waits if before == key and after in packages),
        before=packages[key[0], max(earlier)] if earlier else None,
        after=packages[key[0], min(later)] if later else None,
        activities=tuple(
            ActivityLine(row, parties.get(row.party_id or 0), _days_late(row, plan.today, is_closed=line.is_closed))
            for row in rows
        ),
        own_dates=sum(row.due_is_own for row in applicable),
        previous=order[place - 1] if place else None,
        following=order[place + 1] if place + 1 < len(order) else None,
    )


def _natures(rows: Sequence[PlanActivity], plan: PlanOfPackages) -> tuple[NatureLine, ...]:
    lines = []
    for nature in Nature.values:
        found = [row for row in rows if row.nature == nature]
        dues = [row.due for row in found if row.due is not None]
        if found:
            lines.append(
                NatureLine(
                    nature,
                    plan.shares.get(nature),
                    len(found),
                    sum(row.is_open for row in found),
                    min(dues, default=None),
                    max(dues, default=None),
                )
            )
    return tuple(lines)


def _owners(rows: Sequence[PlanActivity], parties: dict[int, Party]) -> tuple[OwnerLine, ...]:
    """Who has the activities, most first; nobody comes last."""
    counts: dict[int | None, list[PlanActivity]] = {}
    for row in rows:
        counts.setdefault(row.party_id, []).append(row)
    lines = [
        OwnerLine(parties.get(pk) if pk else None, len(found), sum(row.is_open for row in found))
        for pk, found in counts.items()
    ]
    return tuple(sorted(lines, key=lambda one: (one.party is None, -one.count, one.party.name if one.party else "")))


def _days_late(row: PlanActivity, today: date, *, is_closed: bool) -> int | None:
    if is_closed or not row.is_open or row.due is None or row.due >= today:
        return None
    return (today - row.due).days
