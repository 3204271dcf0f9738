"""Every figure of the dashboard is the number of rows that its link leads to, whatever the data."""

import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given

from common import clock
from phases import panels
from phases.domain.figures import FigureRow
from phases.domain.replay import PlanRow
from phases.domain.transitions import STATUSES
from phases.models import Phase, PhaseActivity
from phases.selectors.as_of import PastPlan, live_phases
from phases.selectors.board import BoardRow, group_rows, rows_of
from phases.selectors.catalogue import texts_for
from phases.selectors.dashboard import Dashboard, dashboard_from, dashboard_of
from phases.selectors.figures import figures_of
from phases.selectors.standing import standing_from
from phases.services.lifecycle import close_phase, start_phase
from projects.models import Party, Project
from tests.cast import NOW, Cast
from tests.phases.board_rows import COMPONENTS, PARTIES, TODAY, board_rows, figure_rows, rows_behind

Behind = Callable[[str], list[BoardRow]]


def claims(project: Project, board: Dashboard, texts: Any) -> Iterator[tuple[str, int, str]]:
    """Every figure that the page shows with a link: what it is, how much, where it leads."""
    tally, links = board.current.tally, panels.progress_links(project, board)
    yield "finished", tally.finished, links["finished"]
    yield "verified", tally.verified, links["verified"]
    yield "done", tally.done, links["done"]
    yield "applicable", tally.applicable, links["applicable"]
    yield "not applicable", tally.not_applicable, links["left_out"]
    yield "planned by today", tally.planned_by_today, links["planned"]
    for tile in panels.tiles(project, board):
        yield tile.label, tile.value, tile.url
    workload = panels.workload_chart(project, board)
    for row in workload.rows if workload else ():
        yield f"workload of {row.label}", int(row.figure), row.url
    progress = panels.progress_chart(project, board)
    for row in progress.rows if progress else ():
        if row.base:
            line = next(line for line in board.phases if row.label.startswith(str(line.number)))
            yield f"rows of {row.label}", line.tally.total, row.url
            assert row.base == f"{line.tally.finished} of {line.tally.applicable}"
    heat = panels.component_map(project, board, texts)
    for heat_row in heat.rows if heat else ():
        for cell in heat_row.cells:
            if cell.total:
                yield f"heat of {heat_row.label}", cell.total, cell.url


def finished(rows: list[BoardRow]) -> int:
    """How many of `rows` are done or verified."""
    return sum(row.status in ("done", "verified") for row in rows)


def check(project: Project, board: Dashboard, texts: Any, behind: Behind) -> None:
    """Follow every link and count."""
    for what, figure, url in claims(project, board, texts):
        assert figure == len(behind(url)), what
    check_cells(project, board, texts, behind)
    check_workload(project, board, behind)
    check_concerns(project, board, behind)


def check_cells(project: Project, board: Dashboard, texts: Any, behind: Behind) -> None:
    """Each cell of the heat map says the share that its rows have, and whether they are behind the plan."""
    heat = panels.component_map(project, board, texts)
    for heat_row in heat.rows if heat else ():
        for cell, line in zip(heat_row.cells, [line for line in board.phases if 1 <= line.number <= 3], strict=True):
            if not cell.total:
                continue
            rows = behind(cell.url)
            assert cell.part == finished(rows)
            planned = sum(row.due is not None and row.due <= board.today for row in rows)
            late = 0 if line.is_closed else max(0, planned - cell.part)
            assert cell.mark == (f"{late} behind plan" if late else "")


def check_workload(project: Project, board: Dashboard, behind: Behind) -> None:
    """Each bar of the workload is made of the rows of its party."""
    workload = panels.workload_chart(project, board)
    for row, data in zip(workload.rows, workload.table.rows, strict=True) if workload else ():
        rows = behind(row.url)
        late = sum(one.days_late is not None for one in rows)
        soon = sum(one.days_left is not None for one in rows)
        assert data[1:] == (finished(rows), len(rows) - finished(rows) - late - soon, soon, late, len(rows))


def check_concerns(project: Project, board: Dashboard, behind: Behind) -> None:
    """Each line of what needs attention stands on the board that it leads to."""
    for concern in board.attention.concerns:
        line = panels.concern_line(project, concern, board.current.number)
        url = re.sub(r"[?&]open=[^&]*", "", line.url)
        assert concern.row.ref in {row.ref for row in behind(url)}


@given(figure_rows)
def test_on_random_rows_every_link_leads_to_as_many_rows_as_its_figure_says(rows: list[FigureRow]) -> None:
    project = Project(slug="random", name="Random", time_zone="UTC", start_date=date(2026, 1, 12))
    phases = [
        Phase(number=number, state=state)
        for number, state in enumerate(("closed", "closed", "active", "planned", "planned"))
    ]
    shown = board_rows(rows)
    texts = SimpleNamespace(
        components={code: SimpleNamespace(title=code * 2, short_title=code) for code in COMPONENTS[:2]}
    )
    begun = datetime(2026, 1, 12, tzinfo=UTC)
    plan = PastPlan(
        TODAY,
        tuple(
            PlanRow(
                ref=row.ref,
                phase=row.phase,
                component=row.component,
                status=row.status,
                due=row.due,
                party_id=row.party_id,
                key=row.is_key,
                supplement=row.is_supplement,
                operating_since=None,
                added_at=begun,
                since=datetime.combine(TODAY - timedelta(days=row.pk), time(9), tzinfo=UTC),
            )
            for row in shown
        ),
        live_phases(phases),
        "live",
    )
    found = standing_from(project, plan, phases, last_update=None, reference=None, working_days=lambda first, second: 0)
    board = dashboard_from(project, found, shown, manager="")
    parties = [pk for pk in PARTIES if pk]
    check(project, board, texts, lambda url: rows_behind(url, shown, COMPONENTS, parties))


def scatter(project: Project, seed: int) -> None:
    """Give every row of a project a random status, due date and party."""
    chance = random.Random(seed)
    parties = list(Party.objects.filter(project=project).order_by("pk"))
    today = clock.today(project.time_zone)
    rows = list(PhaseActivity.objects.filter(project=project))
    for row in rows:
        row.status = chance.choice(STATUSES)
        row.due = chance.choice([None, *[today + timedelta(days=chance.randrange(-40, 60)) for _ in range(6)]])
        row.accountable = chance.choice([None, *parties])
        row.status_since = clock.now() - timedelta(days=chance.randrange(40))
    PhaseActivity.objects.bulk_update(rows, ["status", "due", "accountable", "status_since"], batch_size=100)
    Phase.objects.filter(project=project, number__lt=2).update(state="closed")
    Phase.objects.filter(project=project, number=2).update(state="active")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_on_a_real_project_with_random_data_every_link_leads_to_its_rows(cast: Cast, seed: int) -> None:
    scatter(cast.project, seed)
    board = dashboard_of(cast.project)
    texts = texts_for(cast.project)
    rows = rows_of(cast.project)
    parties = list(Party.objects.filter(project=cast.project).values_list("pk", flat=True))
    assert board.current.number == 2
    check(cast.project, board, texts, lambda url: rows_behind(url, rows, list(texts.components), parties))


@pytest.mark.parametrize("seed", [4, 5])
def test_its_figures_are_those_of_the_groups_of_the_board(cast: Cast, seed: int) -> None:
    scatter(cast.project, seed)
    figures = figures_of(cast.project)
    assert dashboard_of(cast.project).figures == figures
    for number in range(4):
        rows = rows_of(cast.project, number)
        for group in group_rows(cast.project, rows, "component"):
            assert group.tally == figures.components[group.key][number]
        for group in group_rows(cast.project, rows, "party"):
            assert group.tally == figures.parties[number][int(group.key) or None]
        assert [group.tally for group in group_rows(cast.project, rows, "none")] == [figures.phases[number]]


def test_a_plan_for_today_counts_what_was_due_today(cast: Cast) -> None:
    today = clock.today(cast.project.time_zone)
    PhaseActivity.objects.filter(project=cast.project, phase_number=0).update(due=today)
    assert dashboard_of(cast.project).current.tally.planned_by_today == 8


def test_a_closed_phase_shows_the_figures_it_closed_with_and_its_board_has_their_rows(cast: Cast) -> None:
    for number in (0, 1):
        close_phase(acting_user=cast.mara, project=cast.project, number=number, reason="Time is up")
        start_phase(acting_user=cast.mara, project=cast.project, number=number + 1)
    with clock.moved_to(NOW + timedelta(days=90)):
        board = dashboard_of(cast.project)
        texts = texts_for(cast.project)
        rows = rows_of(cast.project)
        parties = list(Party.objects.filter(project=cast.project).values_list("pk", flat=True))
        # What phase 0 left to phase 1 counts in phase 1, where it is open still when that closes.
        assert [line.tally.total for line in board.phases[:2]] == [8, 84]
        assert board.phases[0].tally.overdue == sum(row.phase == 0 and row.days_late is not None for row in rows) > 0
        check(cast.project, board, texts, lambda url: rows_behind(url, rows, list(texts.components), parties))
