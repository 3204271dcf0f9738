"""Amounts that were spent, as people type them or send them in a file: each cell read, each refusal in words.

A row is taken whole or not at all, and everything that is wrong with it is said at once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from businesscase.choices import Category
from businesscase.domain.months import first_day, month_label, month_of, parse_month
from businesscase.models import ActualCost, BusinessCase, CostLine
from businesscase.services.money import CostEntry, cost_row
from common.exceptions import RuleBroken
from common.numbers_in import UnclearNumber, parse_decimal
from phases.choices import PHASE_NAMES

FIELDS = ("month", "phase", "category", "line", "amount", "currency", "note")
MOST_PLACES = 2
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.](\d{4})")
_FULL_DAY = re.compile(r"(\d{4}-\d{2})-\d{2}")
_PHASE = re.compile(r"(?:phase\s*)?([0-4])(?:\b.*)?", re.IGNORECASE)
# Month, phase, category, ref of the line and amount: what makes two bookings look like one.
Key = tuple[str, int, str, str, Decimal]


@dataclass(frozen=True, slots=True)
class CostText:
    """One row as it was written, all of it text. `number` says where it stands."""

    number: int
    month: str = ""
    phase: str = ""
    category: str = ""
    line: str = ""
    amount: str = ""
    currency: str = ""
    note: str = ""


@dataclass(slots=True)
class Judged:
    """A row that was read: what would be booked, or what is wrong, by field."""

    text: CostText
    entry: CostEntry | None = None
    key: Key | None = None
    faults: dict[str, str] = field(default_factory=dict)


class Judge:
    """Reads rows for one case. Two queries, however many rows there are."""

    def __init__(self, case: BusinessCase) -> None:
        self.case = case
        self.lines = {row.ref: row for row in CostLine.objects.filter(case=case)}
        self.booked = {key_of(row) for row in ActualCost.objects.filter(case=case).select_related("cost_line")}

    def read(self, text: CostText) -> Judged:
        """`text` as an entry, or everything that is wrong with it."""
        judged = Judged(text)
        faults = judged.faults
        month = _month(text.month, faults)
        amount = _amount(text.amount, faults)
        phase = _phase(text.phase, faults)
        category = _category(text.category, faults)
        line = self._line(text.line, faults)
        if line is not None:
            _same_as_line(line, phase, category, faults)
            phase, category = line.phase_number, line.category
        elif "line" not in faults:
            if phase is None and "phase" not in faults:
                faults["phase"] = _("Name a cost line, or a phase and a category.")
            if not category and "category" not in faults:
                faults["category"] = _("Name a cost line, or a phase and a category.")
        currency = self.case.project.currency
        if text.currency and text.currency.strip().upper() != currency:
            faults["currency"] = _(
                "This project counts in %(own)s. Convert the amount, and write %(own)s or nothing here."
            ) % {"own": currency}
        if faults or month is None or amount is None:
            return judged
        entry = CostEntry(month, amount, phase, category, line.ref if line else "", text.note)
        try:
            row = cost_row(self.case, self.lines, entry, None)
        except RuleBroken as error:
            faults[error.field or "amount"] = str(error)
            return judged
        judged.entry, judged.key = entry, key_of(row)
        return judged

    def _line(self, raw: str, faults: dict[str, str]) -> CostLine | None:
        """The line whose ref `raw` begins with: "C-02 Project manager" is picked from a list."""
        words = raw.split()
        if not words:
            return None
        line = self.lines.get(words[0].upper())
        if line is None:
            faults["line"] = _("There is no cost line %(ref)s. Refs look like C-01.") % {"ref": words[0][:20]}
        return line

    def doubles(self, rows: Sequence[Judged]) -> dict[int, str]:
        """By the number of a row, why it looks like a second time: "booked" already, or a row "above" says the same."""
        seen: set[Key] = set()
        found = {}
        for row in rows:
            if row.key is None:
                continue
            if row.key in self.booked:
                found[row.text.number] = "booked"
            elif row.key in seen:
                found[row.text.number] = "above"
            seen.add(row.key)
        return found


def key_of(row: ActualCost) -> Key:
    """What makes a booking look like another."""
    ref = row.cost_line.ref if row.cost_line is not None else ""
    return f"{row.month:%Y-%m}", row.phase_number, row.category, ref, row.amount


def read_month(raw: str) -> date | None:
    """The first day of the month that `2026-03`, `2026-03-31`, `3/2026` or `03.2026` names; None for nothing else."""
    text = raw.strip()
    if found := _FULL_DAY.fullmatch(text):
        text = found[1]
    elif found := _MONTH_FIRST.fullmatch(text):
        text = f"{found[2]}-{int(found[1]):02d}"
    try:
        return first_day(parse_month(text))
    except ValueError:
        return None


def read_amount(raw: str) -> Decimal:
    """The amount that `raw` says. Raises UnclearNumber, also for fractions of a cent."""
    amount = parse_decimal(raw)
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MOST_PLACES:
        raise UnclearNumber(_("Money has two places after the decimal mark. Round it, such as 1234.50."))
    return amount


def _month(raw: str, faults: dict[str, str]) -> date | None:
    if not raw.strip():
        faults["month"] = _("Give the month, such as 2026-03.")
        return None
    month = read_month(raw)
    if month is None:
        faults["month"] = _("%(typed)s is no month. Write it as 2026-03.") % {"typed": raw.strip()[:20]}
    return month


def _amount(raw: str, faults: dict[str, str]) -> Decimal | None:
    if not raw.strip():
        faults["amount"] = _("Give the amount that was spent.")
        return None
    try:
        amount = read_amount(raw)
    except UnclearNumber as error:
        faults["amount"] = str(error)
        return None
    if amount < 0:
        faults["amount"] = _(
            "This cannot be below zero. To correct a booking, take it back on the page of actual costs."
        )
        return None
    return amount


def _phase(raw: str, faults: dict[str, str]) -> int | None:
    text = raw.strip()
    if not text:
        return None
    if found := _PHASE.fullmatch(text):
        return int(found[1])
    by_name = {str(name).casefold(): number for number, name in PHASE_NAMES.items()}
    if text.casefold() not in by_name:
        faults["phase"] = _("Choose a phase from 0 to 4.")
    return by_name.get(text.casefold())


def _category(raw: str, faults: dict[str, str]) -> str:
    text = " ".join(raw.split()).casefold()
    if not text:
        return ""
    for value, label in Category.choices:
        if text in (value, str(label).casefold()):
            return value
    faults["category"] = _("No such category. Use one of: %(names)s.") % {
        "names": ", ".join(str(label) for label in Category.labels)
    }
    return ""


def _same_as_line(line: CostLine, phase: int | None, category: str, faults: dict[str, str]) -> None:
    """What is said beside a line must be what the line says."""
    if phase is not None and phase != line.phase_number:
        faults["phase"] = _("%(ref)s belongs to phase %(phase)d. Empty this, or choose another line.") % {
            "ref": line.ref,
            "phase": line.phase_number,
        }
    if category and category != line.category:
        faults["category"] = _("%(ref)s counts as %(category)s. Empty this, or choose another line.") % {
            "ref": line.ref,
            "category": str(Category(line.category).label),
        }


def spoken_month(day: date) -> str:
    """`YYYY-MM`."""
    return month_label(month_of(day))


def entries_of(rows: Iterable[Judged], doubles: Mapping[int, str], *, with_doubles: bool) -> list[CostEntry]:
    """What is booked of sound rows: all, or all but the doubles."""
    return [row.entry for row in rows if row.entry is not None and (with_doubles or row.text.number not in doubles)]
