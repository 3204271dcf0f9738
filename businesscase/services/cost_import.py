"""Amounts that come in as a file: what it would book, kept until its person confirms it, and the booking itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from businesscase.models import BusinessCase, CostPreview
from businesscase.services.cost_texts import FIELDS, CostText, Judge, Judged, entries_of
from businesscase.services.guards import own_case
from businesscase.services.money import MOST_AT_ONCE, record_costs
from common.exceptions import RuleBroken, StaleWrite
from common.marked_rows import CELL, BadCell
from common.tables_in import Limits, read_tables
from common.uploads import Upload
from phases.services.file_previews import MOST_MOVED, drop_old, keep_one, usable_one, use_up
from projects.services.guards import require_capability

NEEDED = ("month", "amount")
OPTIONAL = ("phase", "category", "line", "currency", "note")
# What the export says beside: read over when it comes back.
BESIDE = ("title", "booked by", "booked on")
SHEET = "Actual costs"
NOT_DATA = ("Cost lines", "Read me", "Lists")
LIMITS = Limits(max_rows=MOST_AT_ONCE, max_columns=30)
MAX_BYTES = 5 * 1024 * 1024
SKIP, BOOK = "skip", "book"
RULE = "rule"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file would book: its sound rows, which of them look like a second time, what cannot be taken, how many
    rows have no amount."""

    rows: Sequence[Judged]
    doubles: dict[int, str]
    bad: Sequence[BadCell]
    empty: int


def drop_old_previews() -> int:
    """Remove previews that can be confirmed no more; returns how many."""
    return drop_old(CostPreview)


@transaction.atomic
def preview_costs(*, acting_user: User, case: BusinessCase, upload: Upload) -> tuple[Looked, CostPreview | None]:
    """Look at `upload`, and keep for a day what it would book; None where that is nothing, or a cell cannot be taken.

    Raises UploadRefused and NotPermitted.
    """
    require_capability(acting_user, "case.actuals", case.project)
    fresh = own_case(case)
    looked = _look(fresh, upload)
    if looked.bad or not looked.rows:
        return looked, None
    content = {"rows": [_plain(row, looked.doubles) for row in looked.rows], "empty": looked.empty}
    preview = keep_one(CostPreview, upload, content, project=fresh.project, user=acting_user, case=fresh)
    return looked, preview


def shown_costs(*, acting_user: User, case: BusinessCase, preview_id: UUID) -> tuple[CostPreview, Looked]:
    """A preview to look at, with its rows. Raises as `confirm_costs` does for one that can no longer be confirmed."""
    preview = _usable(acting_user, case, preview_id)
    return preview, _unmoved(preview, case)


@transaction.atomic
def confirm_costs(*, acting_user: User, case: BusinessCase, preview_id: UUID, doubles: str = "") -> int:
    """Book what a preview of the same person showed; returns how many amounts. `doubles`: skip or book those that look
    like a second time.

    Raises StaleWrite where it is used up, too old or somebody else's, or where its rows would be read otherwise by
    now; RuleBroken where doubles wait for a choice; NotPermitted; and DoesNotExist for another case's.
    """
    require_capability(acting_user, "case.actuals", case.project)
    fresh = own_case(case)
    preview = _usable(acting_user, fresh, preview_id)
    use_up(preview)
    looked = _unmoved(preview, fresh)
    if looked.doubles and doubles not in (SKIP, BOOK):
        raise RuleBroken(_("Choose first what to do with the amounts that look like a second time."), field="doubles")
    entries = entries_of(looked.rows, looked.doubles, with_doubles=doubles == BOOK)
    if entries:
        record_costs(acting_user=acting_user, case=fresh, entries=entries)
    return len(entries)


def _look(case: BusinessCase, upload: Upload) -> Looked:
    table = read_tables(
        upload,
        columns=NEEDED,
        optional=(*OPTIONAL, *BESIDE),
        limits=LIMITS,
        wanted=lambda title: title == SHEET,
        ignored=NOT_DATA,
    )
    judge = Judge(case)
    bad = [
        BadCell(fault.row, fault.sheet, fault.column, fault.value, CELL, fault.fault)
        for fault in table.faults
        if fault.column not in BESIDE
    ]
    faulty = {(cell.number, cell.sheet) for cell in bad}
    read = []
    empty = 0
    for row in table.rows:
        values = {name: row.values.get(name, "") for name in FIELDS}
        if (row.number, row.sheet) in faulty:
            continue
        if not values["amount"]:
            empty += 1
            continue
        judged = judge.read(CostText(row.number, **values))
        bad += [
            BadCell(row.number, row.sheet, name, values.get(name, ""), RULE, said)
            for name, said in judged.faults.items()
        ]
        read.append(judged)
    bad.sort(key=lambda cell: (cell.sheet, cell.number))
    return Looked(read, judge.doubles(read), bad, empty)


def _plain(row: Judged, doubles: dict[int, str]) -> dict[str, Any]:
    """A row as a preview keeps it: its texts, and what they were read as."""
    return {
        "number": row.text.number,
        "text": {name: getattr(row.text, name) for name in FIELDS},
        "read": _said(row),
        "double": doubles.get(row.text.number, ""),
    }


def _said(row: Judged) -> list[str]:
    """What a row was read as, to see whether it still is."""
    return [str(part) for part in row.key] if row.key else sorted(row.faults.values())


def _usable(acting_user: User, case: BusinessCase, preview_id: UUID) -> CostPreview:
    preview = usable_one(CostPreview, acting_user=acting_user, project=case.project, preview_id=preview_id)
    if preview.case_id != case.pk:
        raise CostPreview.DoesNotExist
    return preview


def _unmoved(preview: CostPreview, case: BusinessCase) -> Looked:
    """The rows of a preview, read again. Raises StaleWrite where something of it is no longer what was shown.

    That binds it to the settings of the case, to the lines it books on, and to what was booked meanwhile.
    """
    judge = Judge(case)
    kept = preview.content["rows"]
    rows = [judge.read(CostText(row["number"], **row["text"])) for row in kept]
    doubles = judge.doubles(rows)
    moved = [
        (before, now)
        for before, now in zip(kept, rows, strict=True)
        if before["read"] != _said(now) or before["double"] != doubles.get(now.text.number, "")
    ]
    if moved:
        label = _("Row %(number)d")
        raise StaleWrite(
            _("%(count)d of its rows would be booked otherwise by now. Send the file again.") % {"count": len(moved)},
            current={label % {"number": now.text.number}: _now(now, doubles) for _before, now in moved[:MOST_MOVED]},
            sent={label % {"number": now.text.number}: ", ".join(before["read"]) for before, now in moved[:MOST_MOVED]},
        )
    return Looked(rows, doubles, (), preview.content["empty"])


def _now(row: Judged, doubles: dict[int, str]) -> str:
    said = ", ".join(_said(row))
    if row.text.number in doubles and row.key:
        return _("%(row)s: booked already") % {"row": said}
    return said
