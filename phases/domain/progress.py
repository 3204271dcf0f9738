"""Progress of a phase: weighted by its packages, and over time. No Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from phases.domain.figures import FigureRow, Tally
from phases.domain.transitions import NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Progress:
    """Shares of a phase, each from 0 to 1: what is verified, and what is done or verified."""

    verified: Fraction
    finished: Fraction


def weighted_progress(packages: Mapping[str, Tally], weights: Mapping[str, int]) -> Progress | None:
    """The progress of the packages of one phase, each with the weight it has in the baseline.

    `weights` is how many applicable activities the baseline has of each component; a package that it lacks weighs as
    many as it has now, one with nothing applicable left weighs nothing. None where nothing is applicable. With the
    weights of today it is the plain share.
    """
    total = 0
    verified = finished = Fraction(0)
    for component, tally in packages.items():
        if not tally.applicable:
            continue
        weight = weights.get(component) or tally.applicable
        total += weight
        verified += weight * Fraction(tally.verified, tally.applicable)
        finished += weight * Fraction(tally.finished, tally.applicable)
    return Progress(verified / total, finished / total) if total else None


def finished_over_time(rows: Iterable[FigureRow]) -> list[tuple[date, int]]:
    """How many of `rows` were done by each day on which one was, counted up, oldest first."""
    days = sorted(row.done_on for row in rows if row.done_on is not None and row.status != NOT_APPLICABLE)
    points: list[tuple[date, int]] = []
    for count, day in enumerate(days, start=1):
        if points and points[-1][0] == day:
            points[-1] = (day, count)
        else:
            points.append((day, count))
    return points


def due_over_time(days: Iterable[date]) -> list[tuple[date, int]]:
    """How many should be done by each of the days on which something is due, counted up, oldest first."""
    points: dict[date, int] = {}
    for count, day in enumerate(sorted(days), start=1):
        points[day] = count
    return list(points.items())
