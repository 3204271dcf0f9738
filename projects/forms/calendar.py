"""What people fill in about the calendar of their organization."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import query as reading
from common.texts import clean_line
from projects.calendars import FIRST_YEAR, LAST_YEAR, LONGEST_NAME, NamedDay, countries, regions
from projects.forms.fields import IsoDateField

MOST_LINES = 500
MOST_YEARS = 10
_LINE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[\s,;]+(.*))?")


class WeekForm(forms.Form):
    """The days of the week on which an organization works."""

    working_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days of the week"),
        coerce=int,
        choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Tick at least one working day."),
            "invalid_choice": gettext_lazy("There is no such day of the week."),
        },
    )


class HolidayForm(forms.Form):
    """One holiday."""

    day = IsoDateField(label=gettext_lazy("Day"), latest=date(LAST_YEAR, 12, 31))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Give the day a name, such as Epiphany.")},
    )


@dataclass(frozen=True, slots=True)
class LineFault:
    """A line of a pasted list that cannot be taken: its number, what it holds, and what to do about it."""

    number: int
    text: str
    why: str


class PasteForm(forms.Form):
    """Several holidays as text, a line for each. `faults` says what is wrong with which line."""

    lines = forms.CharField(
        label=gettext_lazy("One day a line"),
        max_length=60_000,
        help_text=gettext_lazy("Date, then name. Days that the calendar holds under the same name stay as they are."),
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "2027-01-06 Epiphany", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Paste at least one line.")},
    )

    def __init__(self, *args: Any, standing: Mapping[date, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing
        self.faults: list[LineFault] = []
        self.unchanged = 0

    def clean_lines(self) -> list[NamedDay]:
        """The days of all lines that are not in the calendar yet. Every bad line goes to `faults`."""
        lines = [line for line in enumerate(self.cleaned_data["lines"].splitlines(), start=1) if line[1].strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("Paste %(most)d lines at most.") % {"most": MOST_LINES})
        seen: dict[date, int] = {}
        days = []
        for number, text in lines:
            found, why = _read_line(text, seen, self.standing)
            if found is None:
                self.faults.append(LineFault(number, clean_line(text)[:120], why))
                continue
            seen[found.day] = number
            if self.standing.get(found.day) == found.name:
                self.unchanged += 1
            else:
                days.append(found)
        if self.faults:
            raise forms.ValidationError(_("Nothing was added. The lines to mend are listed."))
        return days


def _read_line(text: str, seen: Mapping[date, int], standing: Mapping[date, str]) -> tuple[NamedDay | None, str]:
    """The day of a line, or None and what to do about it."""
    parts = _LINE.fullmatch(clean_line(text))
    if parts is None:
        return None, _("Begin with the day as year, month and day: 2027-01-06 Epiphany.")
    try:
        day = date.fromisoformat(parts[1])
    except ValueError:
        return None, _("There is no such day.")
    name = clean_line(parts[2] or "").strip("\"'").strip()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None, _("Give a day in the years 2000 to 2100.")
    if not name:
        return None, _("The name is missing.")
    if len(name) > LONGEST_NAME:
        return None, _("Give a name of %(most)d characters at most.") % {"most": LONGEST_NAME}
    if day in seen:
        return None, _("Line %(number)d gives this day too. Keep one of them.") % {"number": seen[day]}
    if standing.get(day, name) != name:
        return None, _("The calendar holds this day as “%(name)s”. Delete the line, or remove that day first.") % {
            "name": standing[day]
        }
    return NamedDay(day, name), ""


def chosen_days(data: QueryDict) -> list[date]:
    """The days that were ticked (`row=2027-01-06`). Raises BadRequest for what no page of ours sends."""
    days = [reading.day("row", value) for value in dict.fromkeys(data.getlist("row"))]
    if None in days:
        raise BadRequest("row is empty")
    return [day for day in days if day is not None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which public holidays somebody asks for; `problem` where no list can be made of it."""

    country: str = ""
    region: str = ""
    first: int = 0
    last: int = 0
    problem: str = ""

    @property
    def years(self) -> range:
        """The years asked for."""
        return range(self.first, self.last + 1)


def read_proposal(values: Mapping[str, str], *, this_year: int) -> Proposal:
    """What an address or a form asks for; by itself this year and the two after it.

    A region is named with its country ("DE-BY"), so that one left over from another country counts as none.
    Raises BadRequest for a country, a region or a number that no page of ours offers.
    """
    country = reading.choice("country", values["country"], countries())
    belongs, _dash, region = values["region"].partition("-")
    reading.choice("country of the region", belongs, countries())
    region = reading.choice("region", region, regions(belongs) if belongs else ())
    if belongs != country:
        region = ""
    # Without a year the list is about this year; without an end about two years more.
    first = reading.whole_number("first", values["first"])
    last = reading.whole_number("last", values["last"])
    begin = this_year if first is None else first
    end = min(begin + 2, LAST_YEAR) if last is None else last
    problem = ""
    if not (FIRST_YEAR <= begin <= LAST_YEAR and FIRST_YEAR <= end <= LAST_YEAR):
        problem = _("Give years from 2000 to 2100.")
    elif end < begin:
        problem = _("The last year lies before the first.")
    elif end - begin >= MOST_YEARS:
        problem = _("Ask for %(most)d years at most at once.") % {"most": MOST_YEARS}
    return Proposal(country, region, begin, end, problem)
