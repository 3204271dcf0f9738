"""A plan in a file, and what it would change. No Django.

Each exported row ends with a mark: of which project it is, at which version, a short hash of every cell that may be
changed, and one of all that may not. So an import can tell, cell by cell, what the person changed from what changed
here meanwhile.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

EDITABLE = ("status", "reason", "responsible_party", "due", "operating_since", "note")
FIXED = ("component", "title", "nature", "key", "responsible_roles", "contributors", "start", "part")
KEYS = ("ref", "phase")
MARK = "check"
# Columns that mean something only together: a choice between two states of a row is made for all of them at once.
UNITS = {"status": "status", "reason": "status", "operating_since": "status"}
KEEP, FILE = "keep", "file"
_MARK = re.compile(r"([0-9a-f]{8})-(\d{1,9})-([0-9a-f]{36})([0-9a-f]{6})?")

# Why a row cannot be taken.
UNKNOWN, DOUBLED, NO_PHASE, NOT_A_DAY, NOT_A_STATUS, NOT_A_PARTY, NOT_HERE, OTHER_PROJECT, BAD_MARK, CLOSED = (
    "unknown",
    "doubled",
    "no phase",
    "not a day",
    "not a status",
    "not a party",
    "not here",
    "other project",
    "bad mark",
    "closed",
)
CONFLICT = "conflict"  # it changed here and in the file, and nobody chose
CELL = "cell"  # the reader of the file could not take it
RULE = "rule"  # a rule of the plan refuses the change


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of the plan as it stands: its id and version, and its cells as an export writes them."""

    pk: int
    version: int
    cells: Mapping[str, str]
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file: where it stands, and its cells by column. A column that the file lacks is not in `cells`."""

    number: int
    sheet: str
    cells: Mapping[str, str]

    @property
    def name(self) -> tuple[str, str]:
        """What it is about: ref and phase."""
        return self.cells.get("ref", ""), self.cells.get("phase", "")


@dataclass(frozen=True, slots=True)
class BadCell:
    """Why a row cannot be taken: the column, what it holds, and what is wrong with it (`detail` where words help)."""

    number: int
    sheet: str
    column: str
    value: str
    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file as it was read: its rows, and the cells that cannot be read."""

    rows: tuple[FileRow, ...]
    bad: tuple[BadCell, ...] = ()


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that the file changes. `is_conflict`: here it changed too since the export."""

    column: str
    before: str
    after: str
    is_conflict: bool = False


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that the file changes."""

    pk: int
    version: int
    row: FileRow
    cells: tuple[CellChange, ...]

    @property
    def conflicts(self) -> tuple[CellChange, ...]:
        """What also changed here."""
        return tuple(cell for cell in self.cells if cell.is_conflict)

    @property
    def open_units(self) -> dict[str, tuple[CellChange, ...]]:
        """What somebody has to choose, by unit: every changed cell of a unit in which one is in conflict."""
        units = dict.fromkeys(unit_of(cell.column) for cell in self.conflicts)
        return {unit: tuple(cell for cell in self.cells if unit_of(cell.column) == unit) for unit in units}

    def settled(self, choices: Mapping[str, str]) -> "RowChange":
        """What is left to write: without the units in conflict that `choices` (by unit) keep as they stand here."""
        kept = {unit for unit in self.open_units if choices.get(unit) == KEEP}
        return replace(self, cells=tuple(cell for cell in self.cells if unit_of(cell.column) not in kept))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a file would change, what is wrong with it, and how many of its rows change nothing."""

    changes: tuple[RowChange, ...] = ()
    bad: tuple[BadCell, ...] = ()
    unchanged: int = 0

    @property
    def conflicts(self) -> int:
        """How many cells changed on both sides."""
        return sum(len(change.conflicts) for change in self.changes)


def unit_of(column: str) -> str:
    """With which columns a column is chosen together."""
    return UNITS.get(column, column)


def project_mark(uuid: str) -> str:
    """How a file says of which project it is."""
    return hashlib.sha256(uuid.encode()).hexdigest()[:8]


def cell_mark(value: str) -> str:
    """A short hash of a cell: enough to see that it changed."""
    return hashlib.sha256(value.encode()).hexdigest()[:6]


def make_mark(project: str, version: int, cells: Mapping[str, str]) -> str:
    """The mark of a row."""
    return f"{project}-{version}-{''.join(cell_mark(cells[name]) for name in EDITABLE)}{_fixed_mark(cells)}"


def _fixed_mark(cells: Mapping[str, str]) -> str:
    return cell_mark("\x1f".join(cells[name] for name in FIXED))


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark, read."""

    project: str
    version: int
    cells: Mapping[str, str] = field(default_factory=dict)
    fixed: str = ""


def read_mark(text: str) -> Mark | None:
    """The mark that `make_mark` wrote, or None."""
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    hashes = found[3]
    return Mark(
        found[1], int(found[2]), {name: hashes[6 * n : 6 * n + 6] for n, name in enumerate(EDITABLE)}, found[4] or ""
    )


def _touched(cells: Mapping[str, str], mark: Mark | None) -> tuple[str, ...]:
    """The columns that may not change and perhaps did by hand: none where all are as they were exported."""
    there = tuple(name for name in FIXED if name in cells)
    return () if mark and len(there) == len(FIXED) and _fixed_mark(cells) == mark.fixed else there


def compare(rows: Iterable[FileRow], standing: Mapping[tuple[str, str], Standing], project: str) -> Comparison:
    """What `rows` would change of the plan that stands, by (ref, phase). Cells are judged by `standing` alone."""
    changes: list[RowChange] = []
    bad: list[BadCell] = []
    seen: dict[tuple[str, str], int] = {}
    unchanged = 0
    for row in rows:
        wrong, change = _compare_row(row, standing, project, seen)
        bad += wrong
        if change is not None:
            changes.append(change)
        elif not wrong:
            unchanged += 1
    return Comparison(tuple(changes), tuple(bad), unchanged)


def _compare_row(
    row: FileRow,
    standing: Mapping[tuple[str, str], Standing],
    project: str,
    seen: dict[tuple[str, str], int],
) -> tuple[list[BadCell], RowChange | None]:
    def bad(column: str, why: str, detail: str = "") -> BadCell:
        return BadCell(row.number, row.sheet, column, row.cells.get(column, ""), why, detail)

    mark = read_mark(row.cells[MARK]) if row.cells.get(MARK) else None
    if row.cells.get(MARK) and mark is None:
        return [bad(MARK, BAD_MARK)], None
    if mark is not None and mark.project != project:
        return [bad(MARK, OTHER_PROJECT)], None
    here = standing.get(row.name)
    if here is None:
        known_ref = any(ref == row.name[0] for ref, _phase in standing)
        return [bad("phase" if known_ref else "ref", NO_PHASE if known_ref else UNKNOWN)], None
    if row.name in seen:
        return [bad("ref", DOUBLED, str(seen[row.name]))], None
    seen[row.name] = row.number
    wrong = [bad(name, NOT_HERE) for name in _touched(row.cells, mark) if row.cells[name] != here.cells[name]]
    cells = []
    for name in EDITABLE:
        if name not in row.cells or row.cells[name] == here.cells[name]:
            continue
        by_person = mark is None or cell_mark(row.cells[name]) != mark.cells[name]
        if not by_person:
            continue  # it changed here alone: what stands here stays
        changed_here = mark is not None and cell_mark(here.cells[name]) != mark.cells[name]
        cells.append(CellChange(name, here.cells[name], row.cells[name], changed_here))
    if cells and here.is_closed:
        wrong += [bad(cell.column, CLOSED) for cell in cells]
    if wrong or not cells:
        return wrong, None
    return [], RowChange(here.pk, here.version, row, tuple(cells))
