"""What the portfolio says of gates, decisions and money."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock
from governance.choices import DecisionKind, DecisionState, Outcome
from governance.domain.next_gate import next_gate
from governance.models import Committee, Decision, Gate, GateFigures, Oversight
from governance.panels_portfolio import read
from governance.services.gate_figures import keep_gate_figures, refresh_gate_figures
from phases.models import Phase
from phases.selectors.portfolio import PortfolioQuery, chosen_projects
from phases.services.rows import change_status
from phases.services.start import ProjectPlan, start_project
from projects.choices import ProjectRole
from projects.models import Project
from projects.services.team import grant_role
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture
def board(cast: Cast) -> Committee:
    """A committee that oversees Alder's project, whose gate 0 is planned for 20 March."""
    committee = Committee.objects.create(organization=cast.alder, name="Steering group")
    Oversight.objects.create(project=cast.project, committee=committee)
    Gate.objects.create(project=cast.project, number=0, planned_on=date(2026, 3, 20))
    return committee


def ask(cast: Cast, ref: str, decide_by: date, **more) -> Decision:
    return Decision.objects.create(project=cast.project, ref=ref, title="More people", decide_by=decide_by, **more)


def decide_gate(cast: Cast, number: int, outcome: str, **more) -> None:
    ask(
        cast, f"D-9{number}", NOW.date(), kind=DecisionKind.GATE, gate_number=number, state=DecisionState.DECIDED,
        outcome=outcome, sha256="x" * 64, decided_at=clock.now(), decided_on=NOW.date(), **more,
    )  # fmt: skip


def texts(cast: Cast, who: str = "mara") -> list[tuple[str, str]]:
    """What the three columns say of Alder's project to `who`."""
    return [(cell.text, cell.note) for cell in read(cast.people[who], [cast.project])[cast.project.pk].cells]


@pytest.mark.parametrize(
    ("phase", "passed", "found"),
    [(0, set(), 0), (1, {0}, 1), (1, {0, 1}, 2), (2, {3}, 2), (4, {4}, None), (4, set(), 4), (None, set(), None)],
)
def test_the_next_gate_is_the_first_from_the_phase_on_that_was_not_passed(phase, passed, found) -> None:
    assert next_gate(phase, passed, 4) == found


def test_it_says_the_gate_its_day_and_what_is_open(cast: Cast, board: Committee) -> None:
    gate, decisions, spent = texts(cast)
    figures = GateFigures.objects.get(project=cast.project)
    assert gate[0] == "G0 20 Mar"
    assert gate[1] == (f"{figures.open_count} of {figures.criteria_count} open" if figures.open_count else gate[1])
    assert decisions == spent == ("", "")


def test_without_a_day_of_its_own_a_gate_stands_at_the_end_of_its_phase(cast: Cast, board: Committee) -> None:
    Gate.objects.all().delete()
    end = Phase.objects.get(project=cast.project, number=0).end
    keep_gate_figures(project=cast.project)
    assert GateFigures.objects.get(project=cast.project).gate_on == end


def test_a_gate_that_was_passed_gives_way_to_the_next_and_one_on_hold_says_so(cast: Cast, board: Committee) -> None:
    decide_gate(cast, 0, Outcome.CONDITIONS)
    decide_gate(cast, 1, Outcome.HOLD, hold_until=date(2026, 5, 4))
    gate, *_rest = texts(cast)
    assert gate[0].startswith("G1 ")
    assert gate[1] == "on hold until 4 May"


def test_decisions_asked_are_counted_with_the_first_day_and_late_ones_are_red(cast: Cast, board: Committee) -> None:
    ask(cast, "D-01", date(2026, 3, 9))
    ask(cast, "D-02", date(2026, 3, 4))
    ask(cast, "D-03", date(2026, 2, 1), state=DecisionState.WITHDRAWN)
    assert texts(cast)[1] == ("2", "by 4 Mar")
    with clock.moved_to(datetime(2026, 3, 5, 9, tzinfo=UTC)):
        assert texts(cast)[1] == ("2", "since 4 Mar")
        assert read(cast.mara, [cast.project])[cast.project.pk].cells[1].tone == "bad"


def test_who_may_not_see_the_steering_page_learns_nothing_of_it_here(cast: Cast, board: Committee) -> None:
    ask(cast, "D-01", date(2026, 3, 9))
    assert read(cast.tim, [cast.project]) == {}
    assert read(cast.bruno, [cast.project]) == {}
    assert texts(cast, "olga")[1] == texts(cast, "audra")[1] == ("1", "by 9 Mar")


def test_money_is_said_against_what_was_planned(cast: Cast, board: Committee) -> None:
    keep_gate_figures(project=cast.project)
    GateFigures.objects.update(plan=Decimal(264000), spent=Decimal(120000), forecast=Decimal(289000))
    assert texts(cast)[2] == ("120\u202f000", "of 264\u202f000, +9 %")
    GateFigures.objects.update(forecast=Decimal(264000))
    assert texts(cast)[2] == ("120\u202f000", "of 264\u202f000")


def test_figures_are_computed_anew_after_a_write_or_a_day_for_three_at_a_look(cast: Cast, board: Committee) -> None:
    texts(cast)
    first = GateFigures.objects.get(project=cast.project).computed_at
    with clock.moved_to(NOW + timedelta(minutes=5)):
        texts(cast)
        assert GateFigures.objects.get(project=cast.project).computed_at == first
        change_status(
            acting_user=cast.mara, project=cast.project, targets=[cast.target("A.a", 0)], status="in progress"
        )
        texts(cast)
        assert GateFigures.objects.get(project=cast.project).computed_at == NOW + timedelta(minutes=5)
    with clock.moved_to(NOW + timedelta(days=1)):
        texts(cast)
        assert GateFigures.objects.get(project=cast.project).day == (NOW + timedelta(days=1)).date()


def test_fresh_figures_of_two_projects_take_as_many_queries_as_of_one(cast: Cast, board: Committee) -> None:
    Oversight.objects.create(project=cast.other, committee=board)
    both = [cast.project, cast.other]
    refresh_gate_figures(both)
    everything = User.objects.get(pk=cast.olga.pk)
    with CaptureQueriesContext(connection) as one:
        read(everything, both[:1])
    with CaptureQueriesContext(connection) as two:
        read(everything, both)
    assert len(one) == len(two) == 2


def test_one_project_that_fails_keeps_no_other_back(cast: Cast, board: Committee, monkeypatch) -> None:
    broken = cast.project.pk

    def fail(*, project: Project) -> None:
        if project.pk == broken:
            raise RuntimeError("no")
        keep_gate_figures(project=project)

    monkeypatch.setattr("governance.services.gate_figures.keep_gate_figures", fail)
    kept = refresh_gate_figures([cast.project, cast.other])
    assert (kept.projects, kept.failed) == (1, ("alder",))
    assert GateFigures.objects.filter(project=cast.other).exists()


def test_page_and_file_have_it(cast: Cast, board: Committee, sign_in) -> None:
    ask(cast, "D-01", date(2026, 3, 9))
    client = sign_in(cast.mara)
    page = client.get("/").content.decode()
    assert 'href="/projects/alder/governance/gates/0/">G0 20 Mar</a>' in page
    assert ">by 9 Mar</small>" in page
    [row] = csv.DictReader(StringIO(client.get("/?format=csv").content.decode()))
    assert (row["next gate"], row["gate on"], row["decisions asked"], row["decide by"]) == (
        "G0", "2026-03-20", "1", "2026-03-09",
    )  # fmt: skip
    assert row["spent"] == ""
    [row] = csv.DictReader(StringIO(sign_in(cast.tim).get("/?format=csv").content.decode()))
    assert row["next gate"] == ""


def test_gates_decisions_and_money_sort_in_the_database_and_tell_nobody_what_they_may_not_see(
    cast: Cast, board: Committee, sign_in
) -> None:
    add = {"organization": cast.alder, "acting_user": None}
    for name in ("Early", "Late"):
        start_project(plan=ProjectPlan(name=name, start=NOW.date(), scope_statement="x"), **add)
    early, late = Project.objects.get(name="Early"), Project.objects.get(name="Late")
    refresh_gate_figures([cast.project, early, late])
    for project, day, spent in ((early, date(2026, 3, 10), 900), (late, date(2026, 5, 1), 10)):
        Oversight.objects.create(project=project, committee=board)
        GateFigures.objects.filter(project=project).update(gate_on=day, spent=spent)
    GateFigures.objects.filter(project=cast.project).update(spent=None)
    ask(cast, "D-01", date(2026, 3, 9))
    Decision.objects.create(project=late, ref="D-01", title="Stop", decide_by=date(2026, 3, 4))

    def names(who: str, sort: str) -> list[str]:
        user = cast.people[who]
        descending = sort.startswith("-")
        return [
            each.name for each in chosen_projects(user, PortfolioQuery(sort=sort.strip("-"), descending=descending))
        ]

    assert names("olga", "gate") == ["Early", "Alder SMS", "Late"]
    assert names("olga", "-gate") == ["Late", "Alder SMS", "Early"]
    assert names("olga", "decisions") == ["Late", "Alder SMS", "Early"]
    assert names("olga", "-spent") == ["Early", "Late", "Alder SMS"]
    # Tim works in both, and may see the steering page of neither: by name, whichever way.
    for project in (early, late):
        grant_role(acting_user=cast.olga, project=project, user=cast.tim, role=ProjectRole.TEAM)
    assert names("tim", "gate") == names("tim", "-gate") == names("tim", "-spent") == ["Alder SMS", "Early", "Late"]
    page = sign_in(cast.olga).get("/?sort=-gate").content.decode()
    assert 'aria-sort="descending"><a class="sort" href="?sort=gate">Next gate' in page
