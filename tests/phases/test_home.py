"""The start page: My work and the portfolio."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock
from phases.models import Phase, PhaseActivity, ProjectFigures
from phases.selectors.board import BoardQuery, filter_rows, rows_of
from phases.selectors.my_work import my_work
from phases.selectors.portfolio import PortfolioLine, PortfolioQuery, chosen_projects, lines_of, reach_of
from phases.services.start import ProjectPlan, start_project
from phases.services.stored_figures import refresh_for
from projects.choices import PartyKind, ProjectRole
from projects.models import Project
from projects.services.organizations import create_organization
from projects.services.team import create_party, grant_role
from tests.cast import CANARY, START, Cast

TODAY = date(2026, 3, 2)


def more_projects(cast: Cast, count: int, *, zone: str = "UTC") -> list[Project]:
    return [
        start_project(
            acting_user=None,
            organization=cast.alder,
            plan=ProjectPlan(name=f"More {number:02}", start=START, scope_statement="x", time_zone=zone),
        )
        for number in range(count)
    ]


def give(cast: Cast, who: str, *refs: str, phase: int = 0, **values) -> None:
    PhaseActivity.objects.filter(project=cast.project, activity__ref__in=refs, phase_number=phase).update(
        accountable=cast.parties[who], **values
    )


def refs_of(phase: int = 0) -> list[str]:
    return list(
        PhaseActivity.objects.filter(phase_number=phase, project__slug="alder")
        .order_by("activity__position")
        .values_list("activity__ref", flat=True)
    )


def portfolio_lines(user: User) -> list[PortfolioLine]:
    """What the portfolio knows of the projects of `user`, computed where it is not fresh."""
    return arranged(user, PortfolioQuery())


def arranged(user: User, query: PortfolioQuery) -> list[PortfolioLine]:
    """The lines that the portfolio shows for `query`."""
    refresh_for(user, reach_of(user).zones)
    return lines_of(chosen_projects(user, query))


# --- who sees what -------------------------------------------------------------------------------------------------
def test_it_shows_a_member_their_project_and_nothing_of_another_client(cast: Cast, sign_in) -> None:
    page = sign_in(cast.mara).get("/").content.decode()
    assert "Alder SMS" in page
    assert CANARY not in page
    assert CANARY not in sign_in(cast.mara).get("/?format=csv").content.decode()


def test_an_owner_sees_all_projects_of_their_organization(cast: Cast, sign_in) -> None:
    more_projects(cast, 1)
    page = sign_in(cast.olga).get("/").content.decode()
    assert "Alder SMS" in page
    assert "More 00" in page


@pytest.mark.parametrize(("who", "offered"), [("olga", True), ("carl", True), ("mara", False), ("nina", False)])
def test_a_new_project_is_offered_only_to_who_may_start_one(cast: Cast, sign_in, who: str, offered: bool) -> None:
    page = sign_in(cast.people[who]).get("/").content.decode()
    assert ("/projects/new/" in page) is offered


def test_who_belongs_to_nothing_is_told_to_ask_for_an_invitation(cast: Cast, sign_in) -> None:
    page = sign_in(cast.nina).get("/").content.decode()
    assert "You belong to no project yet" in page
    assert "invitation" in page


def test_an_owner_without_projects_is_asked_to_start_one(cast: Cast, sign_in) -> None:
    owner = User.objects.create_user("ola@cedar.example", "quiet-harbour-42", name="Ola")
    create_organization(acting_user=None, name="Cedar", owner=owner)
    page = sign_in(owner).get("/").content.decode()
    assert "No project yet" in page
    assert "Start a project" in page


def test_it_sends_strangers_to_the_sign_in_page(client: Client, db) -> None:
    assert client.get("/")["Location"].startswith("/accounts/login/")


# --- the portfolio -------------------------------------------------------------------------------------------------
def test_its_counts_are_those_of_the_board(cast: Cast) -> None:
    refs = refs_of()
    give(cast, "mara", *refs[:2], status="blocked", reason="x", due=TODAY - timedelta(days=1))
    give(cast, "mara", refs[2], status="done", due=TODAY - timedelta(days=1))
    give(cast, "mara", refs[3], status="verified")
    give(cast, "mara", refs[4], status="not applicable", due=TODAY - timedelta(days=9))
    [line] = portfolio_lines(cast.mara)
    board = rows_of(cast.project, 0)

    def count(view: str) -> int:
        return len(filter_rows(board, BoardQuery(view=view)))

    assert line.phase_name == "0 Initiation"
    assert (line.counts.applicable, line.counts.done, line.counts.verified) == (7, 1, 1)
    assert (line.counts.overdue, line.counts.blocked, line.counts.unassigned) == (
        count("overdue"),
        count("blocked"),
        count("unassigned"),
    )
    assert line.counts.blocked == 2
    assert line.counts.percent == 29


def test_it_names_the_phase_that_is_under_way_else_the_next(cast: Cast) -> None:
    def phase() -> tuple:
        ProjectFigures.objects.all().delete()  # the states below are set past the services, so no event says so
        [line] = portfolio_lines(cast.mara)
        return line.phase, line.state

    assert phase() == (0, "active")
    Phase.objects.filter(project=cast.project, number=0).update(state="closed")
    assert phase() == (1, "planned")
    Phase.objects.filter(project=cast.project, number=1).update(state="in review")
    assert phase() == (1, "in review")
    Phase.objects.filter(project=cast.project).update(state="closed")
    assert phase() == (None, "closed")


def test_a_finished_project_still_has_its_line(cast: Cast, sign_in) -> None:
    Phase.objects.filter(project=cast.project).update(state="closed")
    page = sign_in(cast.mara).get("/").content.decode()
    assert "Alder SMS" in page
    assert "Closed" in page


def test_a_phase_that_should_have_ended_is_late_in_the_days_of_its_own_time_zone(cast: Cast) -> None:
    Phase.objects.filter(project=cast.project, number=0).update(end=TODAY)
    Project.objects.filter(pk=cast.project.pk).update(time_zone="Pacific/Kiritimati")
    with clock.moved_to(datetime(2026, 3, 2, 9, 59, tzinfo=UTC)):
        [line] = portfolio_lines(cast.mara)
        assert (line.days_late, line.days_left) == (None, 0)
    with clock.moved_to(datetime(2026, 3, 2, 10, 1, tzinfo=UTC)):
        [line] = portfolio_lines(cast.mara)
        assert (line.days_late, line.days_left) == (1, None)


def test_it_finds_projects_by_name_and_organization(cast: Cast, sign_in) -> None:
    more_projects(cast, 2)
    client = sign_in(cast.olga)
    page = client.get("/?q=more+01").content.decode()
    assert "More 01" in page
    assert "More 00" not in page
    assert "No project is called that" in client.get("/?q=zebra").content.decode()


def test_it_sorts_by_name_phase_and_end(cast: Cast) -> None:
    first, second = more_projects(cast, 2)
    Phase.objects.filter(project=first, number=0).update(state="closed")
    Phase.objects.filter(project=second, number=0).update(end=date(2026, 2, 1))

    def names(sort: str, descending: bool = False) -> list[str]:
        return [line.name for line in arranged(cast.olga, PortfolioQuery("", sort, descending))]

    assert names("organization") == ["Alder SMS", "More 00", "More 01"]
    assert names("name", True) == ["More 01", "More 00", "Alder SMS"]
    assert names("phase", True)[0] == "More 00"
    assert names("end") == ["More 01", "Alder SMS", "More 00"]


@pytest.mark.parametrize(
    "query",
    ["sort=colour", "colour=red", "q=a&q=b", "page=0", "page=x", "format=xml", "q=%00", "q=" + "x" * 201],
)
def test_it_refuses_an_address_it_does_not_understand(cast: Cast, sign_in, query: str) -> None:
    assert sign_in(cast.mara).get(f"/?{query}").status_code == 400


def test_the_export_holds_what_is_shown_and_runs_no_formula(cast: Cast, sign_in) -> None:
    Project.objects.filter(pk=cast.project.pk).update(name="=1+1")
    more_projects(cast, 1)
    answer = sign_in(cast.olga).get("/?format=csv&q=alder&sort=-name")
    assert answer["Content-Disposition"] == 'attachment; filename="portfolio.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert [row["project"] for row in rows] == ["More 00", "'=1+1"]
    assert rows[0]["phase"] == "0 Initiation"
    assert rows[0]["applicable"] == "8"


@pytest.mark.slow
def test_it_shows_twenty_five_a_page_with_the_same_few_queries(cast: Cast, sign_in) -> None:
    client = sign_in(cast.olga)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    more_projects(cast, 26)
    with CaptureQueriesContext(connection) as first:
        client.get("/")
    with CaptureQueriesContext(connection) as many:
        page = client.get("/").content.decode()
    assert len(many) <= len(few) <= 10  # who sees many projects gets their work apart
    assert len(first) <= len(few) + 12  # 26 projects computed, in one go
    assert page.count("data-row-link") == 25
    assert "1 to 25 of 27" in page
    assert client.get("/?page=2").content.decode().count("data-row-link") == 2


# --- My work -------------------------------------------------------------------------------------------------------
def test_it_tells_late_from_soon_and_leaves_the_rest_out(cast: Cast) -> None:
    refs = refs_of()
    PhaseActivity.objects.filter(project=cast.project).update(due=TODAY + timedelta(days=15))
    give(cast, "tim", refs[0], due=TODAY - timedelta(days=3))
    give(cast, "tim", refs[1], due=TODAY)
    give(cast, "tim", refs[2], due=TODAY + timedelta(days=14))
    give(cast, "tim", refs[3])
    give(cast, "tim", refs[4], due=TODAY - timedelta(days=3), status="done")
    give(cast, "tim", refs[5], due=TODAY - timedelta(days=3), status="not applicable")
    give(cast, "petra", refs[6], due=TODAY - timedelta(days=3))
    work = my_work(cast.tim, ["UTC"])
    assert (work.late, work.soon, work.verify) == (1, 2, 0)
    assert [(row.ref, row.kind, row.days_late, row.days_left) for row in work.rows] == [
        (refs[0], "late", 3, None),
        (refs[1], "soon", None, 0),
        (refs[2], "soon", None, 14),
    ]


def test_work_of_a_group_is_work_of_its_members(cast: Cast) -> None:
    board = create_party(
        acting_user=None, project=cast.project, name="Change board", kind=PartyKind.GROUP, members=[cast.parties["tim"]]
    )
    PhaseActivity.objects.filter(project=cast.project, phase_number=0).update(due=TODAY, accountable=board)
    assert my_work(cast.tim, ["UTC"]).soon == 8
    assert my_work(cast.petra, ["UTC"]).soon == 0


@pytest.mark.parametrize(
    ("who", "count"), [("mara", 2), ("petra", 1), ("chen", 2), ("olga", 2), ("tim", 0), ("audra", 0), ("bruno", 0)]
)
def test_what_others_did_waits_for_who_may_verify_it(cast: Cast, who: str, count: int) -> None:
    refs = refs_of()
    give(cast, "tim", refs[0], status="done", done_by=cast.petra)
    give(cast, "tim", refs[1], status="done", done_by=cast.tim)
    assert my_work(cast.people[who], ["UTC"]).verify == count


def test_it_leads_to_the_boards_and_activities(cast: Cast, sign_in) -> None:
    ref = refs_of()[0]
    give(cast, "tim", ref, due=TODAY - timedelta(days=1))
    page = sign_in(cast.tim).get("/").content.decode()
    assert f'href="/projects/alder/activities/{ref}/"' in page
    assert 'href="/projects/alder/phases/0/?view=mine"' in page
    assert "1 day late" in page


def test_it_shows_the_first_five_and_leads_to_all_of_them(cast: Cast, sign_in) -> None:
    give(cast, "tim", *refs_of(1), phase=1, due=TODAY - timedelta(days=1))
    work = my_work(cast.tim, ["UTC"])
    assert (work.late, len(work.rows)) == (76, 5)
    page = sign_in(cast.tim).get("/").content.decode()
    assert '<a href="/work/">All 76, and report on them</a>' in page


def test_nothing_waits_says_so(cast: Cast, sign_in) -> None:
    page = sign_in(cast.audra).get("/").content.decode()
    assert "Nothing of yours is late" in page


def test_work_of_a_project_that_somebody_left_is_gone(cast: Cast) -> None:
    give(cast, "tim", refs_of()[0], due=TODAY - timedelta(days=1))
    membership = cast.project.memberships.get(user=cast.tim)
    membership.ends_at = clock.now()
    membership.save()
    assert my_work(cast.tim, ["UTC"]).total == 0


def test_late_is_measured_in_the_days_of_each_projects_time_zone(cast: Cast) -> None:
    [there] = more_projects(cast, 1, zone="Pacific/Kiritimati")
    grant_role(acting_user=None, project=there, user=cast.tim, role=ProjectRole.TEAM)
    party = there.parties.get(user=cast.tim)
    PhaseActivity.objects.filter(phase_number=0).update(due=TODAY)
    give(cast, "tim", refs_of()[0])
    PhaseActivity.objects.filter(project=there, phase_number=0, activity__ref=refs_of()[0]).update(accountable=party)
    with clock.moved_to(datetime(2026, 3, 2, 11, 0, tzinfo=UTC)):
        work = my_work(cast.tim, ["UTC", "Pacific/Kiritimati"])
    assert [(row.slug, row.kind) for row in work.rows] == [(there.slug, "late"), ("alder", "soon")]


def test_a_list_of_projects_shows_one_whose_health_is_not_known_yet(cast: Cast, sign_in) -> None:
    plan = ProjectPlan(name="Not begun", start=date(2026, 9, 1), scope_statement="The SMS of a site that comes later.")
    start_project(acting_user=cast.olga, organization=cast.alder, plan=plan)
    page = sign_in(cast.olga).get("/")
    assert page.status_code == 200
    assert "Unknown" in page.content.decode()
