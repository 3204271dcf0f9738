"""What comes round in operation: what is next, what is late, what was done, and what of it somebody owns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.models import User
from audits.certification_guide import cycle
from audits.choices import CyclePart
from audits.domain.certifying import SOON_DAYS, plus_months
from audits.models import CycleEntry, CycleRound
from common import clock
from phases.selectors.whom import users_of
from projects.models import Project
from projects.permissions import Access

MONTHS_SHOWN = 12
LAST_ROUNDS = 24


@dataclass(frozen=True, slots=True)
class EntryLine:
    """Something that comes round, as its reader finds it. `last` is its newest round; `is_mine`: they see to it."""

    entry: CycleEntry
    last: CycleRound | None
    days_left: int
    is_mine: bool = False

    @property
    def days_late(self) -> int | None:
        """How many days ago it should have been done."""
        return -self.days_left if self.entry.is_active and self.days_left < 0 else None

    @property
    def days_near(self) -> int | None:
        """How many days are left, where that is few."""
        return self.days_left if self.entry.is_active and 0 <= self.days_left <= SOON_DAYS else None

    @property
    def help(self) -> str:
        """What practice says of it."""
        guide = cycle().get(self.entry.key)
        return guide.text if guide is not None else ""


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month of the year ahead."""

    first: date
    is_now: bool


@dataclass(frozen=True, slots=True)
class YearRow:
    """An entry over the months: in each cell "late", "due", "again" (after the next round), "done", or ""."""

    line: EntryLine
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """The round of a year, by part of Plan-Do-Check-Act."""

    months: tuple[YearMonth, ...]
    parts: tuple[tuple[CyclePart, tuple[YearRow, ...]], ...]


def entry_lines(project: Project, access: Access | None = None, *, resting: bool = False) -> list[EntryLine]:
    """What comes round in `project`, the next first; with `resting` also what rests. Three queries."""
    rows = CycleEntry.objects.filter(project=project).select_related("owner").order_by("next_on", "pk")
    found = list(rows if resting else rows.filter(is_active=True))
    last: dict[int, CycleRound] = {}
    for each in CycleRound.objects.filter(project=project).order_by("done_on", "pk"):
        last[each.entry_id] = each
    reader = access.user_id if access is not None else None
    owners = users_of({row.owner_id for row in found if row.owner_id is not None}) if reader is not None else {}
    today = clock.today(project.time_zone)
    lines = []
    for row in found:
        row.project = project
        mine = row.owner_id is not None and reader in owners.get(row.owner_id, ())
        lines.append(EntryLine(row, last.get(row.pk), (row.next_on - today).days, mine))
    return lines


def entry_of(project: Project, pk: int, access: Access | None = None) -> EntryLine | None:
    """One of them. Three queries."""
    row = CycleEntry.objects.filter(project=project, pk=pk).select_related("owner").first()
    if row is None:
        return None
    row.project = project
    reader = access.user_id if access is not None else None
    mine = row.owner_id is not None and reader in users_of({row.owner_id})[row.owner_id]
    days = (row.next_on - clock.today(project.time_zone)).days
    return EntryLine(row, row.rounds.first(), days, mine)


def rounds_of(entry: CycleEntry) -> Sequence[CycleRound]:
    """The newest times that it was done. One query."""
    return list(entry.rounds.select_related("evidence", "done_by")[:LAST_ROUNDS])


def year_of(project: Project, lines: Sequence[EntryLine]) -> Year:
    """The months from two ago on, with what is done and due in each. One query."""
    today = clock.today(project.time_zone)
    begin = plus_months(today.replace(day=1), -2)
    months = tuple(
        YearMonth(first, first == today.replace(day=1))
        for first in (plus_months(begin, n) for n in range(MONTHS_SHOWN))
    )
    done: dict[int, set[date]] = {}
    for entry, on in CycleRound.objects.filter(project=project, done_on__gte=begin).values_list("entry_id", "done_on"):
        done.setdefault(entry, set()).add(on.replace(day=1))
    rows: dict[str, list[YearRow]] = {part: [] for part in CyclePart.values}
    for line in lines:
        if line.entry.is_active:
            cells = tuple(_cell(line, each.first, done.get(line.entry.pk, ())) for each in months)
            rows[line.entry.part].append(YearRow(line, cells))
    return Year(months, tuple((CyclePart(part), tuple(of)) for part, of in rows.items() if of))


def owned_by(user: User, projects: Collection[int], until: date) -> list[CycleEntry]:
    """What `user` sees to in some projects and comes up to `until`. One query."""
    return list(
        CycleEntry.objects.filter(
            Q(owner__user=user) | Q(owner__group_members__person__user=user),
            project__in=projects,
            is_active=True,
            next_on__lte=until,
        )
        .distinct()
        .order_by("next_on", "pk")
    )


def _cell(line: EntryLine, month: date, done: Collection[date]) -> str:
    entry = line.entry
    due = entry.next_on.replace(day=1)
    if month == due:
        return "late" if line.days_left < 0 else "due"
    if month in done:
        return "done"
    after = (month.year - due.year) * 12 + month.month - due.month
    return "again" if after > 0 and after % entry.months == 0 else ""
