"""The fact sheet of an input of a management review: plain values, so that it can be kept as it was on its day.

`said` is one sentence, `lines` stand below it (each with where it can be seen), `charts` hold measures month by month.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import ngettext

from projects.models import Project

MOST = 8
"""So many lines a sheet has at most."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a review looks back on, as it is known `today`."""

    project: Project
    edition: str
    since: date
    until: date
    today: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.since <= day <= self.until


Sheet = dict[str, Any]


def line(text: str, tone: str = "", *, to: Sequence[str] = (), needs: str = "") -> dict[str, Any]:
    """A line of a fact sheet. `to` is the route and its keys after the project; `needs` who may read it."""
    return {"text": text, "tone": tone, "to": list(to), "needs": needs}


def sheet(said: str, tone: str = "", lines: Iterable[dict[str, Any]] = (), **more: Any) -> Sheet:
    """A fact sheet with at most so many lines; what is left out is counted."""
    found = list(lines)
    left = len(found) - MOST
    kept = found[:MOST]
    if left > 0:
        kept.append(line(ngettext("and %(n)d more", "and %(n)d more", left) % {"n": left}))
    return {"said": said, "tone": tone, "lines": kept, **more}


def day_words(day: date) -> str:
    """A day as sentences have it."""
    return date_format(day, "j M Y")
