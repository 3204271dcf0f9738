"""Which packages of a plan have no time to spare. No Django.

The reserve of a package are the working days between its last day and the end of its phase. A package may slip until
it reaches one that waits for it, and from there it takes that one's reserve: so its own is never more than the days
between the two and the reserve of the one that waits. A package without reserve is critical.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

PackageKey = tuple[str, int]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A package that still has open work: the day its work begins, its last day, the last day of its phase.

    What is not known is None: then nothing is said of it.
    """

    first: date | None
    last: date | None
    phase_end: date | None


def span_of(
    own: tuple[date, date] | None, open_dues: Iterable[date], phase_end: date | None, *, today: date | None = None
) -> Span:
    """The span of a package: `own` dates where it has some, and the due dates of its open activities.

    The later of both is its last day. `today`, given where the phase is under way, is the earliest last day that open
    work can have.
    """
    dues = sorted(open_dues)
    firsts = [own[0]] if own else dues[:1]
    lasts = [*dues[-1:], *([own[1]] if own else [])]
    if today is not None and lasts:
        lasts.append(today)
    return Span(min(firsts, default=None), max(lasts, default=None), phase_end)


def reserves(
    spans: Mapping[PackageKey, Span],
    waits: Iterable[tuple[PackageKey, PackageKey]],
    working_days: Callable[[date, date], int],
) -> dict[PackageKey, int]:
    """The working days that each package of `spans` has to spare; negative where it ends after its phase.

    `waits` are pairs (before, after): the second waits for the first. Those with a package that has no open work are
    left aside, and pairs that go round in a circle do no harm. `working_days(a, b)` counts the working days after `a`
    up to `b`, negative where `b` comes first. A package without a last day or an end of its phase is left out.
    """
    found = {
        key: working_days(span.last, span.phase_end)
        for key, span in spans.items()
        if span.last is not None and span.phase_end is not None
    }
    between: list[tuple[PackageKey, PackageKey, int]] = []
    for before, after in waits:
        if before in found and after in found:
            last, first = spans[before].last, spans[after].first
            gap = working_days(last, first - _DAY) if last is not None and first is not None else 0
            between.append((before, after, max(0, gap)))
    changed = True
    while changed:
        changed = False
        for before, after, gap in between:
            if gap + found[after] < found[before]:
                found[before] = gap + found[after]
                changed = True
    return found


def critical(reserve: Mapping[PackageKey, int]) -> frozenset[PackageKey]:
    """The packages without a working day to spare."""
    return frozenset(key for key, days in reserve.items() if days <= 0)
