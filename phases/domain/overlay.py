"""Whether the rows of a wording overlay fit a catalogue. No Django."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from common.table_rows import CellFault, TableRow
from common.texts import clean_text

LONGEST_WORDING = 4000
MAX_ROWS = 2000
MAX_BYTES = 5 * 1024 * 1024
REF, WORDING = "ref", "wording"
COLUMNS = (REF, WORDING)


class OverlayFault(StrEnum):
    """What can be wrong with a row of an overlay."""

    NO_REF = "no ref"
    UNKNOWN_REF = "unknown ref"
    DOUBLED_REF = "doubled ref"
    EMPTY_WORDING = "empty wording"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class OverlayCheck:
    """The wordings by ref where nothing is wrong, all bad cells in the order of the file, and refs left without."""

    wordings: dict[str, str]
    faults: tuple[CellFault, ...]
    missing: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether it may be loaded: all or nothing."""
        return not self.faults


def check_rows(
    rows: Iterable[TableRow], known: Collection[str], faults: Sequence[CellFault] = (), *, required: Sequence[str] = ()
) -> OverlayCheck:
    """Check `rows` against the refs that the catalogue knows; `faults` are those found while reading.

    A cell that could not be read is not told a second time as empty. `required` are the refs, in catalogue order,
    whose absence is told (not a fault).
    """
    found = list(faults)
    unread = {(fault.row, fault.column) for fault in faults}
    wordings: dict[str, str] = {}
    first_row: dict[str, int] = {}
    for row in rows:
        ref, wording = row.values[REF], row.values[WORDING]
        if (row.number, REF) not in unread:
            fault = _ref_fault(ref, known, first_row)
            if fault:
                found.append(CellFault(row.number, REF, _short(ref), fault))
            first_row.setdefault(ref, row.number)
        if (row.number, WORDING) not in unread:
            if not clean_text(wording):
                found.append(CellFault(row.number, WORDING, "", OverlayFault.EMPTY_WORDING))
            elif len(wording) > LONGEST_WORDING:
                found.append(CellFault(row.number, WORDING, _short(wording), OverlayFault.TOO_LONG))
        wordings.setdefault(ref, wording)
    found.sort(key=lambda fault: (fault.row, COLUMNS.index(fault.column) if fault.column in COLUMNS else len(COLUMNS)))
    missing = tuple(ref for ref in required if ref not in wordings)
    return OverlayCheck({} if found else wordings, tuple(found), missing)


def _ref_fault(ref: str, known: Collection[str], first_row: dict[str, int]) -> str:
    if not ref:
        return OverlayFault.NO_REF
    if ref in first_row:
        return OverlayFault.DOUBLED_REF
    return "" if ref in known else OverlayFault.UNKNOWN_REF


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"
