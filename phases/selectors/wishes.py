"""What somebody wants of the dates of a plan, before it is saved: of packages, phases, single rows, or all of it."""

from dataclasses import dataclass
from datetime import date

from projects.models import Party


@dataclass(frozen=True, slots=True)
class PackageWish:
    """A package as it shall be. Without dates it follows its phase again; `version` is the one that was seen."""

    component: str
    phase: int
    version: int
    start: date | None
    end: date | None
    owner: Party | None


@dataclass(frozen=True, slots=True)
class PhaseWish:
    """A phase as it shall be; with `shift_later` those after it, and their packages, keep their distance to its end."""

    number: int
    version: int
    start: date
    end: date
    shift_later: bool = True


@dataclass(frozen=True, slots=True)
class RowWish:
    """A due date that a phase activity shall have of its own; None: it follows its package again."""

    pk: int
    version: int
    due: date | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that is wanted at once. `everything` dates the whole plan anew; with `late` what is late already too."""

    packages: tuple[PackageWish, ...] = ()
    phases: tuple[PhaseWish, ...] = ()
    rows: tuple[RowWish, ...] = ()
    everything: bool = False
    late: bool = False
