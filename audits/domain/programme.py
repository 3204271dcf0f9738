"""The arithmetic of an audit programme: which clauses it looks at, how it spreads them, how a sample is drawn. Pure."""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from audits.domain.impartial import order_of

DEPTH = 3
"""Audits name clauses down to this depth: 8.5.1 and not 8.5.1.3."""


def units(clauses: Iterable[str]) -> tuple[str, ...]:
    """What audits are planned in: the clauses that are not divided any further, down to `DEPTH`."""
    every = set(clauses)
    short = {clause for clause in every if clause.count(".") < DEPTH}
    divided = {".".join(clause.split(".")[:-1]) for clause in short}
    return tuple(sorted(short - divided, key=order_of))


def covers(named: str, unit: str) -> bool:
    """Whether an audit that names `named` looks at all of `unit`."""
    return unit == named or unit.startswith(f"{named}.")


def missing(wanted: Sequence[str], audits: Iterable[Collection[str]]) -> tuple[str, ...]:
    """Those of `wanted` that no audit looks at."""
    named = {clause for audit in audits for clause in audit}
    return tuple(unit for unit in wanted if not any(covers(clause, unit) for clause in named))


def spread(wanted: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """`wanted` in `count` runs of nearly the same length, in their order; fewer where there are not enough."""
    count = max(1, min(count, len(wanted)))
    size, more = divmod(len(wanted), count)
    runs, at = [], 0
    for number in range(count):
        length = size + (number < more)
        runs.append(tuple(wanted[at : at + length]))
        at += length
    return [run for run in runs if run]


def days_for(starts_on: date, ends_on: date, count: int, length: int = 4) -> list[tuple[date, date]]:
    """The days of `count` audits of `length` days, evenly over a programme; each within it, on days of a working week.

    Each begins on a Monday where its part of the programme has one; the last ends no later than the programme.
    """
    whole = (ends_on - starts_on).days + 1
    found = []
    for number in range(count):
        first = starts_on + timedelta(days=whole * number // count)
        last = starts_on + timedelta(days=whole * (number + 1) // count - 1)
        # In the last third of its part, so that there is something to look at.
        begins = first + timedelta(days=(last - first).days * 2 // 3)
        monday = begins + timedelta(days=-begins.weekday() % 7)
        begins = monday if monday <= last else begins
        found.append((begins, min(begins + timedelta(days=length - 1), last)))
    return found


def draw(population: Collection[int], count: int, seed: int) -> list[int]:
    """`count` of `population` at random; the same seed and population draw the same."""
    if count <= 0:
        return []
    known = sorted(population)
    return sorted(random.Random(seed).sample(known, min(count, len(known))))  # noqa: S311 (to be drawn again by anyone)


def done_share(results: Mapping[str, int], open_key: str) -> tuple[int, int]:
    """Of how many points there is a result, and how many there are."""
    total = sum(results.values())
    return total - results.get(open_key, 0), total
