"""What the page of the plan may be asked: which packages, in which order, on which scale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from phases.selectors.plan_packages import PackageLine

MONTH, QUARTER = "month", "quarter"
ZOOMS = (MONTH, QUARTER)
NOBODY = 0
# The first is what a table shows without being asked.
PACKAGE_SORTS = ("component", "phase", "start", "end", "owner", "done", "due", "late", "reserve")


@dataclass(frozen=True, slots=True)
class PlanQuery:
    """Packages of one phase (None: all), of one owner (None: whoever, NOBODY: without one), late or critical ones."""

    phase: int | None = None
    zoom: str = ""
    owner: int | None = None
    late: bool = False
    critical: bool = False
    sort: str = PACKAGE_SORTS[0]
    descending: bool = False

    @property
    def scale(self) -> str:
        """The zoom that is shown: asked for, else by quarter over the whole, by month within a phase."""
        return self.zoom or (QUARTER if self.phase is None else MONTH)

    @property
    def is_filtered(self) -> bool:
        """Whether packages are left out of what is shown."""
        return self.phase is not None or self.owner is not None or self.late or self.critical


def asked_packages(lines: Iterable[PackageLine], query: PlanQuery) -> list[PackageLine]:
    """The packages that `query` asks for, in its order; those of the supplement come last."""
    kept = [
        line
        for line in lines
        if (query.phase is None or line.phase == query.phase)
        and (query.owner is None or (line.owner.pk if line.owner else NOBODY) == query.owner)
        and (not query.late or line.is_late)
        and (not query.critical or line.is_critical)
    ]
    return sort_packages(kept, query.sort, descending=query.descending)


def sort_packages(lines: Sequence[PackageLine], by: str, *, descending: bool = False) -> list[PackageLine]:
    """`lines` in the order of one of PACKAGE_SORTS; what lacks the value comes last, whichever way it goes."""
    ordered = sorted(lines, key=lambda line: (line.component_number, line.component, line.phase))
    if by == "component":
        ordered.sort(key=lambda line: line.component_number, reverse=descending)
    elif by == "phase":
        ordered.sort(key=lambda line: line.phase, reverse=descending)
    elif by == "owner":
        ordered.sort(key=lambda line: line.owner.name.lower() if line.owner else "", reverse=descending)
        ordered.sort(key=lambda line: line.owner is None)
    elif by == "done":
        ordered.sort(key=lambda line: line.percent, reverse=descending)
    elif by == "late":
        ordered.sort(key=lambda line: line.tally.overdue if line.is_late else 0, reverse=descending)
    elif by == "reserve":
        ordered.sort(key=lambda line: line.reserve or 0, reverse=descending)
        ordered.sort(key=lambda line: line.reserve is None)
    elif by in ("start", "end", "due"):
        days = {line.key: _day_of(line, by) for line in ordered}
        ordered.sort(key=lambda line: days[line.key] or date.min, reverse=descending)
        ordered.sort(key=lambda line: days[line.key] is None)
    return sorted(ordered, key=lambda line: line.is_supplement)


def _day_of(line: PackageLine, by: str) -> date | None:
    return {"start": line.start, "end": line.end, "due": line.last_due}[by]
