"""From a project's rows to all its figures, in one pass. No Django.

The dashboard, the exports and the board's counts use this one function, so that they cannot disagree.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from common.charts.scale import percent
from phases.domain.transitions import BLOCKED, DONE, IN_PROGRESS, NOT_APPLICABLE, OPEN_STATUSES, VERIFIED

SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One phase activity, as far as figures need it.

    `since` is the day of its status, `done_on` the day on which it was last reported done, None while it is not.
    """

    phase: int
    component: str
    status: str
    due: date | None
    party_id: int | None
    key: bool = False
    supplement: bool = False
    since: date | None = None
    done_on: date | None = None
    operating_since: date | None = None


@dataclass(slots=True)
class Tally:
    """Counts over some rows. `done` are those not yet verified; `applicable` leaves out what is not applicable."""

    total: int = 0
    not_applicable: int = 0
    not_started: int = 0
    in_progress: int = 0
    blocked: int = 0
    done: int = 0
    verified: int = 0
    overdue: int = 0
    due_soon: int = 0
    unassigned: int = 0
    planned_by_today: int = 0

    @property
    def applicable(self) -> int:
        """The base of every share."""
        return self.total - self.not_applicable

    @property
    def finished(self) -> int:
        """Done or verified."""
        return self.done + self.verified

    @property
    def percent(self) -> int | None:
        """Done or verified, of what is applicable, in whole percent; None of nothing."""
        return percent(self.finished, self.applicable) if self.applicable else None

    @property
    def on_time(self) -> int:
        """Open work that is neither late nor due soon."""
        return self.applicable - self.finished - self.overdue - self.due_soon

    def add(self, row: FigureRow, today: date) -> None:
        """Count one row."""
        self.total += 1
        if row.status == NOT_APPLICABLE:
            self.not_applicable += 1
            return
        if row.due is not None and row.due <= today:
            self.planned_by_today += 1
        if row.status == VERIFIED:
            self.verified += 1
        elif row.status == DONE:
            self.done += 1
        elif row.status == BLOCKED:
            self.blocked += 1
        elif row.status == IN_PROGRESS:
            self.in_progress += 1
        else:
            self.not_started += 1
        if row.status in OPEN_STATUSES:
            if row.party_id is None:
                self.unassigned += 1
            if is_overdue(row.status, row.due, today):
                self.overdue += 1
            elif row.due is not None and row.due <= today + timedelta(days=SOON_DAYS):
                self.due_soon += 1

    def as_contract(self) -> dict[str, int]:
        """The counts that `show_figures` prints."""
        return {
            name: getattr(self, name) for name in ("applicable", "done", "verified", "blocked", "overdue", "unassigned")
        }


@dataclass(slots=True)
class Figures:
    """All figures of a project on one day. Rows of the supplement stand apart, in `supplement`."""

    phases: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    components: dict[str, dict[int, Tally]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Tally)))
    parties: dict[int, dict[int | None, Tally]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Tally)))
    supplement: "Figures | None" = None


def is_overdue(status: str, due: date | None, today: date) -> bool:
    """Open, and due before today."""
    return status in OPEN_STATUSES and due is not None and due < today


def fold(rows: Iterable[FigureRow], today: date) -> Figures:
    """Count `rows` as they stand on `today` (a date in the project's time zone)."""
    figures = Figures()
    for row in rows:
        if row.supplement:
            if figures.supplement is None:
                figures.supplement = Figures()
            target = figures.supplement
        else:
            target = figures
        target.phases[row.phase].add(row, today)
        target.components[row.component][row.phase].add(row, today)
        target.parties[row.phase][row.party_id].add(row, today)
    return figures
