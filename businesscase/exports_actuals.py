"""What was spent, as a table in the columns that the import takes, and the empty one to fill in."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from businesscase.choices import Category
from businesscase.domain.content import CaseContent, Scenario
from businesscase.domain.flow import costs_by_line
from businesscase.domain.money import LARGEST
from businesscase.domain.months import month_label, month_of
from businesscase.models import ActualCost, BusinessCase
from businesscase.services.cost_import import BESIDE, NOT_DATA, SHEET
from businesscase.services.cost_texts import FIELDS
from businesscase.services.money import MOST_AT_ONCE
from common import clock
from common.workbook_out import CSV, Sheet, csv_to_save, sheets_to_xlsx
from phases.choices import PHASE_NAMES

HEADER = (*FIELDS, *BESIDE)


def actual_rows(case: BusinessCase) -> Iterator[tuple[Any, ...]]:
    """Each booking, the earliest first. One query."""
    currency, zone = case.project.currency, case.project.time_zone
    for row in ActualCost.objects.filter(case=case).select_related("cost_line", "recorded_by"):
        line, person = row.cost_line, row.recorded_by
        yield (
            f"{row.month:%Y-%m}",
            row.phase_number,
            str(Category(row.category).label),
            line.ref if line else "",
            row.amount,
            currency,
            row.note,
            line.title if line else "",
            (person.name or person.email) if person else "",
            clock.day_of(row.recorded_at, zone),
        )


def template(case: BusinessCase, content: CaseContent, month: date, form: str) -> bytes:
    """The table to fill in for `month`: the lines that fall due in it, then room for others. `form` as FORMATS."""
    rows = [
        (
            month_label(month_of(month)),
            item.phase,
            str(Category(item.category).label),
            item.ref,
            "",
            content.currency,
            "",
            item.title,
        )
        for item, flow in costs_by_line(content, Scenario.LIKELY)
        if month_of(month) in flow
    ]
    header = (*FIELDS, "title")
    if form == CSV:
        return csv_to_save(header, rows)
    lines = [
        (item.ref, item.title, f"{item.phase} {PHASE_NAMES[item.phase]}", str(Category(item.category).label))
        for item in content.costs
    ]
    return sheets_to_xlsx(
        [
            Sheet(SHEET, header, rows),
            Sheet(NOT_DATA[0], (_("line"), _("title"), _("phase"), _("category")), lines),
            Sheet(NOT_DATA[1], (_("How to fill in the sheet"),), [(said,) for said in _read_me(case)]),
        ]
    )


def _read_me(case: BusinessCase) -> list[str]:
    return [
        _("One row is one amount that was spent in one month. Rows without an amount are left out."),
        _("month: 2026-03. It lies within the horizon of the case and has begun."),
        _("line: the ref of a cost line, such as C-02. Its phase and category then count; the two cells may be empty."),
        _("phase and category: for what no line foresaw. Phase 0 to 4; categories: %(names)s.")
        % {"names": ", ".join(str(label) for label in Category.labels)},
        _("amount: above zero, such as 1234.50 or 1.234,50. Write 1234 rather than 1,234, which has two meanings."),
        _("currency: %(own)s or empty. Amounts in another currency are refused; convert them first.")
        % {"own": case.project.currency},
        _("note: what it was, up to 300 characters. The column title is not read."),
        _("At most %(rows)s rows at once, each amount at most %(most)s.")
        % {"rows": f"{MOST_AT_ONCE:,}", "most": f"{LARGEST:,.0f}"},
        _("You see every row before it is booked, and amounts that look like a second time are pointed out."),
    ]
