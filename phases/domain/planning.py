"""Due dates of a whole plan: by nature in its window, levelled, in order, within what one can do a week. No Django.

The dates follow our own practice guidance (`schedule.py`). Rows of one nature are spread over the time between the
target of the nature before and their own (`load.py`). A component that comes after another has the later part of that
time. A row that waits for another is due on a later working day. What cannot be kept is not hidden: `problems_of` says
it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from phases.domain.load import Load, Week, week_of
from phases.domain.order import component_steps, sorted_by_links
from phases.domain.schedule import PER_WEEK, SHARES, Window, last_due_day, rest_of, target_day
from phases.domain.working_days import WorkingDays

OVERLOAD, LINK, ORDER, OUTSIDE = "overload", "link", "order", "outside"
DEFAULT_ORDER = (("SL", "SR"), ("IN", "PR"), ("CF", "RE"), ("CH", "RE"))


@dataclass(frozen=True, slots=True)
class Row:
    """A phase activity to be dated. Rows come in the order of the plan.

    `bearer` is who does it: the id of a party, or the name of a role that nobody has. A row with `fixed` keeps that
    day, and its place there; with `yields` it gives way to a row that moved and that it waits for. One that is
    `settled` (done or verified) is held to no order, and no load any more.
    """

    key: int
    phase: int
    nature: str
    bearer: int | str
    component: str = ""
    fixed: date | None = None
    settled: bool = False
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """How a project plans: shares of a phase in percent by nature, due dates per party and week, what comes first."""

    shares: Mapping[str, int] = field(default_factory=lambda: dict(SHARES))
    per_week: int = PER_WEEK
    order: Sequence[tuple[str, str]] = DEFAULT_ORDER


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are dated in.

    `windows` are those of the phases, `packages` those of packages with dates of their own, by component and phase.
    `links` are pairs of keys of rows, the one before first. Nothing is dated before `today` (None: no such limit).
    """

    windows: Mapping[int, Window]
    packages: Mapping[tuple[str, int], Window] = field(default_factory=dict)
    calendar: WorkingDays = field(default_factory=WorkingDays)
    rules: Rules = field(default_factory=Rules)
    links: Sequence[tuple[int, int]] = ()
    today: date | None = None

    def window_of(self, row: Row) -> Window | None:
        """What `row` is dated in: its package where that has dates, else its phase; None where neither has any."""
        return self.packages.get((row.component, row.phase)) or self.windows.get(row.phase)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that dates do not keep.

    `kind` is overload (`bearer` has `count` due in `week`), link (`key` is due no later than `other`, which it waits
    for), order (the same between rows of two components), or outside (`key` is due outside its phase).
    """

    kind: str
    key: int = 0
    other: int = 0
    bearer: int | str = ""
    week: Week = (0, 0)
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Slot:
    """The time that rows of one nature and component have: after one day, by another, all within `days`."""

    after: date
    target: date
    first: date
    last: date


def due_days(rows: Sequence[Row], ground: Ground, *, moved: Collection[int] = ()) -> dict[int, date]:
    """A due date for each row without a fixed one that has a window which is not over, and for those that give way.

    The same rows and ground give the same days; days that were given stay when they are given as `fixed` and the rest
    is dated anew. `moved` are keys of fixed rows whose day is a new one, so that others may have to give way. Raises
    ValueError where links or the order of components close a cycle.
    """
    steps = component_steps(ground.rules.order)
    by_key = {row.key: row for row in rows}
    keys = sorted_by_links([row.key for row in rows], ground.links)
    place = {key: number for number, key in enumerate(keys)}
    loads: dict[int | str, Load] = defaultdict(Load)
    due: dict[int, date] = {}
    groups: dict[tuple[int, int | str, str, _Slot], list[Row]] = defaultdict(list)
    for row in rows:
        if row.fixed is not None:
            loads[row.bearer].add(row.fixed)
        elif (slot := _slot(row, ground, steps)) is not None:
            groups[row.phase, row.bearer, row.nature, slot].append(row)
    shares = ground.rules.shares
    for (_phase, bearer, _nature, slot), group in sorted(
        groups.items(), key=lambda item: (item[0][0], shares[item[0][2]], item[0][3].target, place[item[1][0].key])
    ):
        days = ground.calendar.days(slot.first, slot.last) or [slot.last]
        taken = loads[bearer].take(days, slot.after, slot.target, len(group), ground.rules.per_week)
        for row, day in zip(sorted(group, key=lambda row: place[row.key]), taken, strict=True):
            due[row.key] = day
    _put_in_order([by_key[key] for key in keys], due, loads, ground, {*moved, *due})
    return due


def _slot(row: Row, ground: Ground, steps: Mapping[str, tuple[int, int]]) -> _Slot | None:
    window = ground.window_of(row)
    if window is None:
        return None
    after, target = _interval(window, row.nature, ground.rules.shares)
    if ground.today is not None:
        rest = rest_of(window, ground.today)
        if rest is None:
            return None
        if target < ground.today:
            # The time for it is over: it gets its share of what is left.
            after, target = _interval(rest, row.nature, ground.rules.shares)
        window = rest
    step, of = steps.get(row.component, (0, 1))
    length = (target - after).days
    return _Slot(
        after + timedelta(days=length * step // of),
        after + timedelta(days=length * (step + 1) // of),
        window.start,
        last_due_day(window),
    )


def _interval(window: Window, nature: str, shares: Mapping[str, int]) -> tuple[date, date]:
    """The day after which, and the day by which work of `nature` is due in `window`."""
    earlier = [share for share in shares.values() if share < shares[nature]]
    after = target_day(window, max(earlier)) if earlier else window.start - timedelta(days=1)
    return after, target_day(window, shares[nature])


def _put_in_order(
    rows: Sequence[Row], due: dict[int, date], loads: Mapping[int | str, Load], ground: Ground, moved: set[int]
) -> None:
    """Put later what is due too early for what it waits for; `rows` come in the order of their links.

    Rows that give way do so for those in `moved` alone, and then belong to them.
    """
    waits = _predecessors(rows, ground)
    standing = {row.key: row.fixed for row in rows if row.fixed is not None and not row.settled} | due
    for row in rows:
        if row.key not in due and not (row.yields and any(other in moved for other, _linked in waits[row.key])):
            continue
        stands = standing.get(row.key)
        if stands is None:
            continue
        earliest = max(
            (
                ground.calendar.after(standing[other]) if linked else standing[other]
                for other, linked in waits[row.key]
                if other in standing
            ),
            default=None,
        )
        if earliest is None or stands >= earliest:
            continue
        window = ground.window_of(row)
        if window is None:
            continue
        last = last_due_day(rest_of(window, ground.today) or window) if ground.today else last_due_day(window)
        load = loads[row.bearer]
        load.remove(stands)
        days = ground.calendar.days(earliest, last)
        day = load.first_room(days, ground.rules.per_week) or (days[0] if days else ground.calendar.on_or_before(last))
        load.add(day)
        due[row.key] = standing[row.key] = day
        moved.add(row.key)


def _predecessors(rows: Sequence[Row], ground: Ground) -> dict[int, list[tuple[int, bool]]]:
    """For each row those that come before it, and whether a link says so (else the order of components does)."""
    waits: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for before, after in ground.links:
        waits[after].append((before, True))
    by_place: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for row in rows:
        if not row.settled:
            by_place[row.component, row.phase, row.nature].append(row.key)
    for before_code, after_code in ground.rules.order:
        for (code, phase, nature), keys in list(by_place.items()):
            if code == after_code:
                for key in keys:
                    waits[key] += [(other, False) for other in by_place.get((before_code, phase, nature), ())]
    return waits


def problems_of(
    rows: Sequence[Row], due: Mapping[int, date], ground: Ground, *, among: Collection[int] | None = None
) -> list[Problem]:
    """What the days in `due` do not keep: of all rows, or of those `among` whose keys are given.

    Settled rows have none. For two components in the wrong order one problem a phase and nature is enough.
    """
    open_rows = [row for row in rows if not row.settled and row.key in due]
    asked = {row.key for row in open_rows} if among is None else set(among)
    found = [*_overloads(open_rows, due, ground, asked)]
    by_key = {row.key: row for row in open_rows}
    said: set[tuple[str, str, int, str]] = set()
    for key, before in _predecessors(rows, ground).items():
        row = by_key.get(key)
        if row is None:
            continue
        for other, linked in before:
            earlier = by_key.get(other)
            if earlier is None or not {key, other} & asked:
                continue
            if linked and due[key] <= due[other]:
                found.append(Problem(LINK, key, other))
            pair = (earlier.component, row.component, row.phase, row.nature)
            if not linked and due[key] < due[other] and pair not in said:
                said.add(pair)
                found.append(Problem(ORDER, key, other))
    for row in open_rows:
        window = ground.windows.get(row.phase)
        if row.key in asked and window is not None and not window.start <= due[row.key] <= window.end:
            found.append(Problem(OUTSIDE, row.key))
    return found


def _overloads(
    rows: Iterable[Row], due: Mapping[int, date], ground: Ground, asked: Collection[int]
) -> Iterable[Problem]:
    weeks: dict[tuple[int | str, Week], list[int]] = defaultdict(list)
    for row in rows:
        weeks[row.bearer, week_of(due[row.key])].append(row.key)
    for (bearer, week), keys in sorted(weeks.items(), key=lambda item: (item[0][1], str(item[0][0]))):
        if len(keys) > ground.rules.per_week and set(keys) & set(asked):
            yield Problem(OVERLOAD, bearer=bearer, week=week, count=len(keys))
