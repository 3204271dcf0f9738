"""What is covered: the documents by clause, by component and by phase, and where there are none."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.choices import DocumentKind
from documents.selectors.register import RegisterRow, Standing
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import clause_order, clause_titles
from projects.models import Project

WAYS = ("clause", "component", "phase")


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A clause, component or phase with its documents; `rows` worst first."""

    key: str
    title: str
    rows: tuple[RegisterRow, ...]

    @property
    def missing(self) -> int:
        """How many required documents are not begun."""
        return sum(row.standing == Standing.MISSING for row in self.rows)

    @property
    def in_force(self) -> int:
        """By how many people can work."""
        return sum(row.is_in_force for row in self.rows)


def coverage_of(project: Project, rows: Sequence[RegisterRow], way: str, edition: str) -> list[CoverageLine]:
    """The lines of one way to look at `rows`; clauses are those of `edition`. Record forms are left out."""
    kept = [row for row in rows if row.standing != Standing.ARCHIVED and row.kind != DocumentKind.RECORD]
    if way == "clause":
        return _by_clause(kept, edition)
    if way == "component":
        return _by_component(project, kept)
    return [
        CoverageLine(str(number), "", _worst_first([row for row in kept if row.phase == number]))
        for number in (1, 2, 3)
    ]


def _by_clause(rows: Sequence[RegisterRow], edition: str) -> list[CoverageLine]:
    found: dict[str, list[RegisterRow]] = {}
    for row in rows:
        for clause in row.clauses_2011 if edition == "2011" else row.clauses_2018:
            found.setdefault(clause, []).append(row)
    titles = clause_titles().get(edition, {})
    return [
        CoverageLine(clause, titles.get(clause, ""), _worst_first(found[clause]))
        for clause in sorted(found, key=clause_order)
    ]


def _by_component(project: Project, rows: Sequence[RegisterRow]) -> list[CoverageLine]:
    found: dict[str, list[RegisterRow]] = {}
    for row in rows:
        for code in dict.fromkeys(ref.partition(".")[0] for ref in row.refs):
            found.setdefault(code, []).append(row)
    components = texts_for(project).components
    return [
        CoverageLine(code, component.title, _worst_first(found.get(code, []))) for code, component in components.items()
    ]


def _worst_first(rows: Sequence[RegisterRow]) -> tuple[RegisterRow, ...]:
    return tuple(sorted(rows, key=lambda row: (list(Standing).index(row.standing), row.title)))
