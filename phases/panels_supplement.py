"""The supplement on the dashboard: a panel of its own, whose figures are in no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from common.charts import Chart
from phases.choices import Status
from phases.domain.figures import Tally
from phases.domain.transitions import OPEN_STATUSES
from phases.panels import APPLICABLE, FINISHED, NOBODY, board_url, supplement_chart
from phases.selectors.board import SUPPLEMENT
from phases.selectors.dashboard import Dashboard
from phases.selectors.supplement import OTHER_EDITION, state_of
from projects.models import Project


@dataclass(frozen=True, slots=True)
class LinkedFigure:
    """A figure in words, and the rows behind it."""

    text: str
    url: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class SupplementPanel:
    """What the dashboard says of the supplement: its state, and in the current phase its figures with their rows."""

    state: str
    declined: str
    phase: int
    tally: Tally
    finished_url: str
    applicable_url: str
    board_url: str
    concerns: Sequence[LinkedFigure]
    chart: Chart | None


def supplement_panel(project: Project, board: Dashboard) -> SupplementPanel | None:
    """The panel, or None for a project that works to another edition and has no supplement."""
    figures, number = board.figures.supplement, board.current.number
    if figures is None and state_of(project) == OTHER_EDITION:
        return None
    tally = (figures.phases.get(number) if figures is not None else None) or Tally()

    def rows(**asked: Any) -> str:
        return board_url(project, number, view=SUPPLEMENT, **asked)

    still_open = tuple(OPEN_STATUSES)
    concerns = (
        LinkedFigure(
            _("%d overdue") % tally.overdue,
            rows(statuses=still_open, due_until=board.today - timedelta(days=1)),
            "bad",
        ),
        LinkedFigure(_("%d blocked") % tally.blocked, rows(statuses=(Status.BLOCKED.value,)), "bad"),
        LinkedFigure(_("%d unassigned") % tally.unassigned, rows(statuses=still_open, parties=(NOBODY,)), "warn"),
        LinkedFigure(_("%d to verify") % tally.done, rows(statuses=(Status.DONE.value,))),
    )
    counts = (tally.overdue, tally.blocked, tally.unassigned, tally.done)
    return SupplementPanel(
        state=state_of(project),
        declined=project.supplement_declined,
        phase=number,
        tally=tally,
        finished_url=rows(statuses=FINISHED),
        applicable_url=rows(statuses=APPLICABLE),
        board_url=rows(),
        concerns=[figure for figure, count in zip(concerns, counts, strict=True) if count],
        chart=supplement_chart(project, board),
    )
