"""Rows that go out in a file and come back: what the person changed in them, and what changed here. Plain Python.

Each exported row ends with a mark: to what it belongs, at which version, a short hash of every cell that may be
changed, and one of all that may not. So an import can tell, cell by cell, what the person changed from what changed
here meanwhile.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from common.table_rows import TableIn

MARK = "check"
KEEP, FILE = "keep", "file"
_MARK = re.compile(r"([0-9a-f]{8})-(\d{1,9})-((?:[0-9a-f]{6})+)")
_HASH = 6

# Why a row cannot be taken.
UNKNOWN, DOUBLED, NOT_HERE, OTHER_PROJECT, BAD_MARK = "unknown", "doubled", "not here", "other project", "bad mark"
CLOSED = "closed"
CONFLICT = "conflict"  # it changed here and in the file, and nobody chose
CELL = "cell"  # the reader of the file could not take it
RULE = "rule"  # a rule refuses the change


@dataclass(frozen=True, slots=True)
class Standing:
    """A row as it stands: its id and version, and its cells as an export writes them."""

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
    keys: tuple[str, ...] = ("ref",)

    @property
    def name(self) -> tuple[str, ...]:
        """What it is about: its cells under `keys`."""
        return tuple(self.cells.get(key, "") for key in self.keys)


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
class RowFile:
    """A file as it was read: its rows, the cells that cannot be read, and the sheets that are no part of it."""

    rows: tuple[FileRow, ...]
    bad: tuple[BadCell, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that the file changes. `is_conflict`: here it changed too since the export."""

    column: str
    before: str
    after: str
    is_conflict: bool = False


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that the file changes. `units` as in `Columns`."""

    pk: int
    version: int
    row: FileRow
    cells: tuple[CellChange, ...]
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def conflicts(self) -> tuple[CellChange, ...]:
        """What also changed here."""
        return tuple(cell for cell in self.cells if cell.is_conflict)

    @property
    def open_units(self) -> dict[str, tuple[CellChange, ...]]:
        """What somebody has to choose, by unit: every changed cell of a unit in which one is in conflict."""
        units = dict.fromkeys(self.unit_of(cell.column) for cell in self.conflicts)
        return {unit: tuple(cell for cell in self.cells if self.unit_of(cell.column) == unit) for unit in units}

    def unit_of(self, column: str) -> str:
        """With which columns a column is chosen together."""
        return self.units.get(column, column)

    def settled(self, choices: Mapping[str, str]) -> "RowChange":
        """What is left to write: without the units in conflict that `choices` (by unit) keep as they stand here."""
        kept = {unit for unit in self.open_units if choices.get(unit) == KEEP}
        return replace(self, cells=tuple(cell for cell in self.cells if self.unit_of(cell.column) not in kept))


Choose = Callable[[RowChange], Mapping[str, str]]
"""What holds in the conflicts of a row: a side by unit."""


def take_all(change: RowChange) -> Mapping[str, str]:
    """Every conflict goes to the file."""
    return dict.fromkeys(change.open_units, FILE)


def keep_all(change: RowChange) -> Mapping[str, str]:
    """In every conflict stays what stands here."""
    return dict.fromkeys(change.open_units, KEEP)


def choose_none(_change: RowChange) -> Mapping[str, str]:
    """A conflict stops the import."""
    return {}


CHOICES: Mapping[str, Choose] = {"stop": choose_none, "file": take_all, "keep": keep_all}
"""What a command may be told to do with conflicts."""


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


def owner_mark(name: str) -> str:
    """How a file says to what it belongs."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def cell_mark(value: str) -> str:
    """A short hash of a cell: enough to see that it changed."""
    return hashlib.sha256(value.encode()).hexdigest()[:_HASH]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark, read."""

    owner: str
    version: int
    cells: Mapping[str, str] = field(default_factory=dict)
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns name a row, which a file may change, and which are there to read.

    `units` are columns that mean something only together: a choice between two states of a row is made for all of
    them at once.
    """

    keys: tuple[str, ...]
    editable: tuple[str, ...]
    fixed: tuple[str, ...]
    units: Mapping[str, str] = field(default_factory=dict)

    def unit_of(self, column: str) -> str:
        """With which columns a column is chosen together."""
        return self.units.get(column, column)

    def make_mark(self, owner: str, version: int, cells: Mapping[str, str]) -> str:
        """The mark of a row; `owner` from `owner_mark`."""
        return f"{owner}-{version}-{''.join(cell_mark(cells[name]) for name in self.editable)}{self._fixed(cells)}"

    def read_mark(self, text: str) -> Mark | None:
        """The mark that `make_mark` wrote, or None. Those of earlier versions said nothing of what may not change."""
        found = _MARK.fullmatch(text)
        count = len(self.editable)
        if found is None or len(found[3]) not in (_HASH * count, _HASH * (count + 1)):
            return None
        hashes = [found[3][place : place + _HASH] for place in range(0, len(found[3]), _HASH)]
        return Mark(
            found[1],
            int(found[2]),
            dict(zip(self.editable, hashes, strict=False)),
            hashes[count] if len(hashes) > count else "",
        )

    def rows_of(self, table: TableIn) -> RowFile:
        """The rows of a table that was read. What is wrong elsewhere in a row with a bad cell is told too, unless
        nobody can say which row it is.
        """
        faults = [
            BadCell(each.row, each.sheet, each.column, each.value, CELL, str(each.fault)) for each in table.faults
        ]
        marred = {(fault.number, fault.sheet, fault.column) for fault in faults}
        rows = [
            FileRow(
                row.number,
                row.sheet,
                {name: value for name, value in row.values.items() if (row.number, row.sheet, name) not in marred},
                self.keys,
            )
            for row in table.rows
            if not any((row.number, row.sheet, name) in marred for name in (*self.keys, MARK))
        ]
        return RowFile(tuple(rows), tuple(faults), table.unread)

    def compare(
        self, rows: Iterable[FileRow], standing: Mapping[tuple[str, ...], Standing], owner: str, unknown: str = UNKNOWN
    ) -> Comparison:
        """What `rows` would change of what stands, by name. Cells are judged by `standing` alone.

        `unknown` is why a row is bad whose first key stands here under other keys.
        """
        changes: list[RowChange] = []
        bad: list[BadCell] = []
        seen: dict[tuple[str, ...], int] = {}
        firsts = {name[0] for name in standing}
        unchanged = 0
        for row in rows:
            mark = self.read_mark(row.cells[MARK]) if row.cells.get(MARK) else None
            fault = _misplaced(row, mark, standing, owner)
            if fault is None and row.name in seen:
                fault = _bad(row, self.keys[0], DOUBLED, str(seen[row.name]))
            if fault is not None:
                other = fault.why == UNKNOWN and row.name[0] in firsts
                bad.append(_bad(row, self.keys[-1], unknown) if other else fault)
                continue
            seen[row.name] = row.number
            wrong, change = self._compare_row(row, standing[row.name], mark)
            bad += wrong
            if change is not None:
                changes.append(change)
            elif not wrong:
                unchanged += 1
        return Comparison(tuple(changes), tuple(bad), unchanged)

    def _compare_row(self, row: FileRow, here: Standing, mark: Mark | None) -> tuple[list[BadCell], RowChange | None]:
        wrong = [
            _bad(row, name, NOT_HERE) for name in self._touched(row.cells, mark) if row.cells[name] != here.cells[name]
        ]
        cells = []
        for name in self.editable:
            if name not in row.cells or row.cells[name] == here.cells[name]:
                continue
            by_person = mark is None or cell_mark(row.cells[name]) != mark.cells[name]
            if not by_person:
                continue  # it changed here alone: what stands here stays
            changed_here = mark is not None and cell_mark(here.cells[name]) != mark.cells[name]
            cells.append(CellChange(name, here.cells[name], row.cells[name], changed_here))
        if cells and here.is_closed:
            wrong += [_bad(row, cell.column, CLOSED) for cell in cells]
        if wrong or not cells:
            return wrong, None
        return [], RowChange(here.pk, here.version, row, tuple(cells), self.units)

    def _fixed(self, cells: Mapping[str, str]) -> str:
        return cell_mark("\x1f".join(cells[name] for name in self.fixed))

    def _touched(self, cells: Mapping[str, str], mark: Mark | None) -> tuple[str, ...]:
        """The columns that may not change and perhaps did by hand: none where all are as they were exported."""
        there = tuple(name for name in self.fixed if name in cells)
        return () if mark and len(there) == len(self.fixed) and self._fixed(cells) == mark.fixed else there


def _bad(row: FileRow, column: str, why: str, detail: str = "") -> BadCell:
    return BadCell(row.number, row.sheet, column, row.cells.get(column, ""), why, detail)


def _misplaced(
    row: FileRow, mark: Mark | None, standing: Mapping[tuple[str, ...], Standing], owner: str
) -> BadCell | None:
    """Why a row is none of those that stand, if it is not."""
    if row.cells.get(MARK) and mark is None:
        return _bad(row, MARK, BAD_MARK)
    if mark is not None and mark.owner != owner:
        return _bad(row, MARK, OTHER_PROJECT)
    return None if row.name in standing else _bad(row, row.keys[0], UNKNOWN)
