"""Several amounts of one month, as they are typed line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.domain.months import Month, first_day, month_of
from businesscase.models import BusinessCase
from businesscase.services.cost_texts import CostText, Judged, read_month
from businesscase.services.money import past_month
from common.exceptions import RuleBroken

CELLS = ("line", "phase", "category", "amount", "note")
MOST_ROWS = 50
MORE = 5
SHOWN_NARROW = 2
LONGEST = 400
ACTS = ("", "book", "more")


@dataclass(slots=True)
class TypedRow:
    """One line as it was typed, and what is wrong with it, by cell."""

    number: int
    cells: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    double: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(self.cells.values())

    @property
    def said(self) -> list[str]:
        """What is wrong, each thing once."""
        return list(dict.fromkeys(self.faults.values()))

    @property
    def is_spare(self) -> bool:
        """Whether a phone need not show it at first."""
        return self.is_empty and self.number >= SHOWN_NARROW


@dataclass(slots=True)
class TypedCosts:
    """The whole form: one month, its lines, and whether the month is complete with them.

    `although` says that what looks like a second time is meant.
    """

    month_text: str
    rows: list[TypedRow]
    closes: bool = False
    although: bool = False
    wants_more: bool = False
    month_fault: str = ""
    problem: str = ""
    doubles: int = 0

    @property
    def month(self) -> date | None:
        """The month, where it can be read."""
        return read_month(self.month_text)

    @property
    def texts(self) -> list[CostText]:
        """The lines in which something was typed."""
        return [CostText(row.number, month=self.month_text, **dict(row.cells)) for row in self.rows if not row.is_empty]

    def closed_until(self, case: BusinessCase) -> date | None:
        """Until when all costs are in once this is booked; None where that does not move on."""
        moves = self.closes and (case.actual_until is None or (self.month or case.actual_until) > case.actual_until)
        return self.month if moves else None

    @property
    def faulty(self) -> int:
        """How many lines need a look."""
        return sum(bool(row.faults) for row in self.rows)

    @property
    def refused(self) -> bool:
        """Whether something stands in the way."""
        return bool(self.month_fault or self.problem or self.faulty or self.doubles)

    def check(self, case: BusinessCase, judged: Sequence[Judged], doubles: Mapping[int, str]) -> bool:
        """Note what is wrong; returns whether all can be booked."""
        faults = {row.text.number: dict(row.faults) for row in judged}
        self.month_fault = self._month_fault(case)
        for row in self.rows:
            row.faults = {name: said for name, said in faults.get(row.number, {}).items() if name != "month"}
            row.double = doubles.get(row.number, "")
        if not judged and not self.closes:
            self.problem = _("Type at least one amount, or say that the month is complete without any.")
        if not self.faulty and not self.month_fault and not self.although:
            self.doubles = len(doubles)
        return not self.refused

    def _month_fault(self, case: BusinessCase) -> str:
        if not self.month_text:
            return _("Give the month, such as 2026-03.")
        if self.month is None:
            return _("%(typed)s is no month. Write it as 2026-03.") % {"typed": self.month_text[:20]}
        try:
            past_month(case, self.month, "month")
        except RuleBroken as error:
            return str(error)
        return ""

    @property
    def doubles_said(self) -> str:
        """What is asked about amounts that look like a second time."""
        return ngettext(
            "One amount looks like a second time: the same month, line and amount.",
            "%(n)d amounts look like a second time: the same month, line and amount.",
            self.doubles,
        ) % {"n": self.doubles}


def read_typed(data: QueryDict, *, month: date | None = None, rows: int = 0) -> TypedCosts:
    """The form as it was sent; an empty one for `month` with so many `rows`. Raises BadRequest for unknown fields."""
    known = {f"{cell}-{number}" for cell in CELLS for number in range(MOST_ROWS)}
    for name, value in data.items():
        if name not in known | {"month", "closes", "although", "do", "csrfmiddlewaretoken"}:
            raise BadRequest(f"unknown field {name[:40]!r}")
        if len(str(value)) > LONGEST or "\x00" in str(value):
            raise BadRequest(f"{name[:40]} is too long")
    act = str(data.get("do", ""))
    if act not in ACTS:
        raise BadRequest("no such act")
    numbers = [int(name.rpartition("-")[2]) for name in data if name in known]
    wants_more = act == "more"
    count = max(numbers, default=-1) + 1 or rows
    if wants_more:
        count = min(MOST_ROWS, count + MORE)
    return TypedCosts(
        month_text=str(data.get("month", f"{month:%Y-%m}" if month else "")).strip(),
        rows=[
            TypedRow(number, {cell: str(data.get(f"{cell}-{number}", "")).strip() for cell in CELLS})
            for number in range(count)
        ],
        closes=bool(data.get("closes")),
        although=bool(data.get("although")),
        wants_more=wants_more,
    )


def until_choices(case: BusinessCase, latest: Month) -> list[tuple[str, str]]:
    """The months until which all costs may be in, the newest first, with "none" on top."""
    months = [first_day(month) for month in range(latest, month_of(case.first_month) - 1, -1)]
    return [("", _("no month yet")), *((f"{month:%Y-%m}", dateformat.format(month, "F Y")) for month in months)]
