"""Board rows without a database, made as the board makes them; and the rows that an address leads to."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import QueryDict
from hypothesis import strategies as st

from phases.domain.figures import SOON_DAYS, FigureRow, is_overdue
from phases.domain.transitions import OPEN_STATUSES, STATUSES
from phases.forms.board import parse_board_query
from phases.selectors.board import BoardRow, filter_rows

TODAY = date(2026, 11, 19)
COMPONENTS = ("CH", "IN", "MR")
PARTIES = {None: "", 1: "Petra Pohl", 2: "Tim Tully", 3: "Service desk"}

figure_rows = st.lists(
    st.builds(
        FigureRow,
        phase=st.integers(0, 3),
        component=st.sampled_from(COMPONENTS),
        status=st.sampled_from(STATUSES),
        due=st.none() | st.dates(date(2026, 9, 1), date(2027, 2, 1)),
        party_id=st.sampled_from(list(PARTIES)),
        key=st.booleans(),
        supplement=st.booleans(),
    ),
    max_size=60,
)


def board_row(number: int, row: FigureRow, today: date = TODAY) -> BoardRow:
    """The board row behind one row of the figures."""
    late = is_overdue(row.status, row.due, today)
    soon = row.status in OPEN_STATUSES and row.due is not None and today <= row.due <= today + timedelta(days=SOON_DAYS)
    return BoardRow(
        pk=number,
        version=1,
        ref=f"{row.component}.{number}",
        title=f"Activity {number}",
        component=row.component,
        position=number,
        phase=row.phase,
        status=row.status,
        reason="",
        party_id=row.party_id,
        party_name=PARTIES[row.party_id],
        party_kind="person" if row.party_id else "",
        due=row.due,
        days_late=(today - row.due).days if late and row.due else None,
        days_left=(row.due - today).days if soon and row.due else None,
        nature="define",
        operating_since=None,
        is_key=row.key,
        is_supplement=row.supplement,
        done_by_id=None,
    )


def board_rows(rows: Sequence[FigureRow], today: date = TODAY) -> list[BoardRow]:
    """The board rows behind `rows`."""
    return [board_row(number, row, today) for number, row in enumerate(rows, start=1)]


def rows_behind(
    url: str, rows: Sequence[BoardRow], components: Sequence[str], parties: Sequence[int]
) -> list[BoardRow]:
    """The rows that the board at `url` shows, read as the board reads its address; without the supplement's."""
    path, _mark, query = url.partition("?")
    phase = int(path.rstrip("/").rpartition("/")[2])
    asked = parse_board_query(QueryDict(query), components=components, parties=parties)
    shown = filter_rows([row for row in rows if row.phase == phase], asked)
    return [row for row in shown if not row.is_supplement]
