"""The differences between catalogue and plan as a table for a file."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from phases.selectors.catalogue import CatalogueTexts
from phases.selectors.tailoring import PlanLine

COLUMNS = (
    "ref",
    "phase",
    "component",
    "title",
    "difference",
    "from_phase",
    "status",
    "justification",
    "who",
    "when",
    "clauses",
    "key",
    "part",
)


def tailoring_rows(lines: Iterable[PlanLine], texts: CatalogueTexts, time_zone: str) -> list[tuple[Any, ...]]:
    """A row for each of `lines`, in their order; the instant is the project's, to the minute."""
    zone = ZoneInfo(time_zone)
    rows = []
    for line in lines:
        component = texts.components.get(line.component)
        rows.append(
            (
                line.ref,
                line.phase,
                component.title if component else line.component,
                line.title,
                line.kind or "as in the catalogue",
                line.origin_phase,
                line.status,
                line.why,
                line.who,
                line.at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if line.at else None,
                "; ".join(line.clauses),
                "yes" if line.is_key else "",
                "supplement" if line.is_supplement else "catalogue",
            )
        )
    return rows
