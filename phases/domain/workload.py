"""How much is due for whom in which ISO week. Pure counting, no Django."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 12
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week, by its Monday."""

    monday: date

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def number(self) -> int:
        """Its number in the ISO year."""
        return self.monday.isocalendar().week

    def moved(self, weeks: int) -> "Week":
        """The week so many weeks later, or earlier."""
        return Week(self.monday + timedelta(weeks=weeks))

    def __str__(self) -> str:
        year, week, _day = self.monday.isocalendar()
        return f"{year}-W{week:02}"


def week_of(day: date) -> Week:
    """The week of a day."""
    return Week(day - timedelta(days=day.weekday()))


def read_week(text: str) -> Week:
    """`2026-W49` as a week. Raises ValueError for anything else."""
    named = _WEEK.fullmatch(text)
    if named is None:
        raise ValueError("not a week")
    return Week(date.fromisocalendar(int(named[1]), int(named[2]), 1))


def weeks_from(first: Week, count: int = WEEKS) -> tuple[Week, ...]:
    """`count` weeks in a row."""
    return tuple(first.moved(number) for number in range(count))


@dataclass(frozen=True, slots=True)
class Work:
    """An open row: who answers for it, when it is due, in which phase."""

    party: int | None
    due: date | None
    phase: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What one party has due in one week, by phase; `shared` is what its groups have due then."""

    phases: Mapping[int, int]
    limit: int | None
    shared: int = 0

    @property
    def count(self) -> int:
        """How many rows are due."""
        return sum(self.phases.values())

    @property
    def is_over(self) -> bool:
        """Whether that is more than the plan allows."""
        return self.limit is not None and self.count > self.limit


@dataclass(frozen=True, slots=True)
class Load:
    """The weeks of one party (None: of nobody), and what is late, has no date, or is due after the weeks, by phase."""

    party: int | None
    limit: int | None
    cells: tuple[Cell, ...]
    late: Mapping[int, int]
    undated: Mapping[int, int]
    later: int

    @property
    def over(self) -> int:
        """In how many of the weeks it is over the limit."""
        return sum(cell.is_over for cell in self.cells)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.late or self.undated or self.later or any(cell.count or cell.shared for cell in self.cells))


def loads_by_week(
    work: Iterable[Work],
    weeks: Sequence[Week],
    today: date,
    *,
    parties: Collection[int],
    per_week: int,
    members: Mapping[int, Collection[int]],
) -> list[Load]:
    """A load for each of `parties`, in their order, then one for what nobody answers for.

    What was due before `today` is late and in no week. `members` are the people of each group: a group may have
    `per_week` due for each of them, and what it has due stands beside each of theirs.
    """
    due: dict[int | None, list[Counter[int]]] = {party: [Counter() for _week in weeks] for party in (*parties, None)}
    late: dict[int | None, Counter[int]] = {party: Counter() for party in due}
    undated: dict[int | None, Counter[int]] = {party: Counter() for party in due}
    later: Counter[int | None] = Counter()
    for row in work:
        if row.party not in due:
            continue
        if row.due is None:
            undated[row.party][row.phase] += 1
        elif row.due < today:
            late[row.party][row.phase] += 1
        elif row.due > weeks[-1].sunday:
            later[row.party] += 1
        elif row.due >= weeks[0].monday:
            due[row.party][(row.due - weeks[0].monday).days // 7][row.phase] += 1
    groups: dict[int, list[int]] = {}
    for group, people in members.items():
        for person in people:
            groups.setdefault(person, []).append(group)

    def limit(party: int | None) -> int | None:
        if party is None:
            return None
        return per_week * max(1, len(members.get(party, ())))

    def shared(party: int | None, place: int) -> int:
        return sum(due[group][place].total() for group in groups.get(party or 0, ()) if group in due)

    return [
        Load(
            party,
            limit(party),
            tuple(
                Cell(dict(sorted(counts.items())), limit(party), shared(party, place))
                for place, counts in enumerate(its)
            ),
            dict(sorted(late[party].items())),
            dict(sorted(undated[party].items())),
            later[party],
        )
        for party, its in due.items()
    ]
