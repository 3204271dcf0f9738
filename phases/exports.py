"""A board as a file."""

from typing import Any

from phases.selectors.board_page import Board
from phases.selectors.catalogue import texts_for

BOARD_COLUMNS = (
    "ref",
    "activity",
    "component",
    "phase",
    "nature",
    "key",
    "status",
    "reason",
    "responsible_roles",
    "responsible_party",
    "due",
    "days_late",
    "operating_since",
    "comments",
    "part",
)


def board_lines(board: Board) -> list[tuple[Any, ...]]:
    """The rows that the board shows, in its order, one line each. Dates are YYYY-MM-DD, empty where there is none.

    `part` is catalogue or supplement; the supplement's rows come last.
    """
    texts = texts_for(board.project)
    lines: list[tuple[Any, ...]] = []
    for group in board.groups:
        for row in group.rows:
            text = texts.text_of(row.ref)
            component = texts.components.get(row.component)
            lines.append(
                (
                    row.ref,
                    row.title,
                    component.title if component else row.component,
                    row.phase,
                    row.nature,
                    "yes" if row.is_key else "",
                    row.status,
                    row.reason,
                    "; ".join(text.roles) if text else "",
                    row.party_name,
                    row.due.isoformat() if row.due else None,
                    row.days_late,
                    row.operating_since.isoformat() if row.operating_since else None,
                    row.comments or None,
                    "supplement" if row.is_supplement else "catalogue",
                )
            )
    return lines
