"""The kept facts of an input as one reader sees them: with addresses, without what they may not see, with charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.charts.trend import Trend, small_trend
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line with where it can be seen, "" where nowhere."""

    text: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class SeenChart:
    """A measure with its run; `last` and `target` are its figures in words."""

    title: str
    url: str
    standing: str
    last: str
    target: str
    picture: SafeString


def visible_lines(facts: Mapping[str, Any], access: Access) -> list[Mapping[str, Any]]:
    """The lines that the reader may see. No query."""
    return [line for line in facts.get("lines", ()) if not line["needs"] or access.can(line["needs"])]


def seen_lines(project: Project, facts: Mapping[str, Any], access: Access) -> list[SeenLine]:
    """The lines that the reader may see, with their addresses. No query."""
    return [
        SeenLine(line["text"], line["tone"], _address(project, line["to"])) for line in visible_lines(facts, access)
    ]


def seen_charts(project: Project, facts: Mapping[str, Any]) -> list[SeenChart]:
    """The measures with their runs. No query."""
    made = []
    for chart in facts.get("charts", ()):
        values = tuple((date.fromisoformat(month), float(value)) for month, value in chart["values"])
        target, unit = float(chart["target"]), chart["unit"]
        last = f"{values[-1][1]:g} {unit}".strip() if values else _("not measured")
        trend = Trend(title=f"{chart['title']}: {last}", values=values, target=target, unit=unit)
        made.append(
            SeenChart(
                title=chart["title"],
                url=_address(project, ["objective", chart["key"]]),
                standing=chart["standing"],
                last=last,
                target=f"{target:g} {unit}".strip(),
                picture=small_trend(trend),
            )
        )
    return made


def _address(project: Project, to: list[str]) -> str:
    """Where it can be seen; "" for a page that is not there (any more)."""
    if not to:
        return ""
    try:
        return reverse(to[0], args=[project.slug, *to[1:]])
    except NoReverseMatch:
        return ""
