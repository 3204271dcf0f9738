"""Which activities serve which clause of the standard, and which clauses none serves."""

from collections import defaultdict
from dataclasses import dataclass

from phases.selectors.catalogue import ActivityText, CatalogueTexts
from phases.selectors.clauses import Clause, clause_order, clause_titles, is_within


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause with what serves it. `within` counts the activities that serve it or a clause below it.

    `others` are activities of another pack (the supplement), shown where a version is looked at beside it.
    """

    clause: Clause
    depth: int
    has_parts: bool
    activities: tuple[ActivityText, ...]
    within: int
    others: tuple[ActivityText, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether nothing serves it, here or in the other pack, nor anything below it."""
        return not (self.has_parts or self.activities or self.others)


@dataclass(frozen=True, slots=True)
class ClauseTree:
    """The clauses of one edition. `bare` are those without parts that nothing serves."""

    edition: str
    lines: tuple[ClauseLine, ...]
    served: int
    bare: tuple[Clause, ...]
    only_others: tuple[Clause, ...]


def _numbers(row: ActivityText, edition: str) -> tuple[str, ...]:
    return row.clauses_2018 if edition == "2018" else row.clauses_2011


def _by_clause(texts: CatalogueTexts | None, edition: str) -> dict[str, list[ActivityText]]:
    found: dict[str, list[ActivityText]] = defaultdict(list)
    for row in texts.activities.values() if texts else ():
        if not row.is_heading:
            for number in _numbers(row, edition):
                found[number].append(row)
    return found


def clause_tree(texts: CatalogueTexts, edition: str, beside: CatalogueTexts | None = None) -> ClauseTree:
    """All clauses of `edition` in the order of the standard; `beside` is a pack that is shown as an addition."""
    own, other = _by_clause(texts, edition), _by_clause(beside, edition)
    titles = clause_titles().get(edition, {})
    lines = []
    for number in sorted(titles, key=clause_order):
        below = [each for each in titles if each != number and is_within(each, number)]
        within = {row.ref for each in (number, *below) for row in own.get(each, ())}
        lines.append(
            ClauseLine(
                clause=Clause(edition, number, titles[number]),
                depth=number.count("."),
                has_parts=bool(below),
                activities=tuple(own.get(number, ())),
                within=len(within),
                others=tuple(other.get(number, ())),
            )
        )
    leaves = [line for line in lines if not line.has_parts]
    return ClauseTree(
        edition=edition,
        lines=tuple(lines),
        served=sum(1 for line in leaves if line.activities),
        bare=tuple(line.clause for line in leaves if line.is_bare),
        only_others=tuple(line.clause for line in leaves if line.others and not line.activities),
    )
