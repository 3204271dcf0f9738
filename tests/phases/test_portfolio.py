"""Stored figures and what the portfolio makes of them."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from phases.models import PhaseActivity, ProjectFigures
from phases.selectors.dashboard import dashboard_of
from phases.selectors.portfolio import PortfolioQuery, chosen_projects, lines_of, overview_of, reach_of
from phases.services.lifecycle import close_phase, start_phase
from phases.services.rows import change_status
from phases.services.start import ProjectPlan, start_project
from phases.services.stored_figures import refresh_figures, refresh_for
from projects.models import Party, Project
from tests.cast import NOW, START, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def shown(user, **asked):
    refresh_for(user, reach_of(user).zones)
    return lines_of(chosen_projects(user, PortfolioQuery(**asked)))


def refreshed(user) -> int:
    return refresh_for(user, reach_of(user).zones)


def test_figures_are_computed_once_and_again_after_a_write(cast: Cast):
    assert refreshed(cast.mara) == 1
    assert refreshed(cast.mara) == 0
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("A.a", 0)], status="in progress")
    assert refreshed(cast.mara) == 1


def test_figures_are_computed_anew_when_the_day_is_over_where_the_project_is(cast: Cast):
    Project.objects.filter(pk=cast.project.pk).update(time_zone="Pacific/Kiritimati")
    with clock.moved_to(datetime(2026, 3, 2, 9, 59, tzinfo=UTC)):
        assert refreshed(cast.mara) == 1
    with clock.moved_to(datetime(2026, 3, 2, 10, 1, tzinfo=UTC)):
        assert refreshed(cast.mara) == 1
        assert refreshed(cast.mara) == 0


def test_the_night_computes_every_project(cast: Cast):
    refresh_figures(list(Project.objects.order_by("pk")))
    assert ProjectFigures.objects.count() == 2


def test_stored_counts_are_those_of_the_dashboard(cast: Cast):
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Agreed")
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("DR.a")], status="in progress")
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("DR.a")], status="done")
    [line] = shown(cast.mara)
    tally = dashboard_of(cast.project).current.tally
    assert (line.counts.applicable, line.counts.done, line.counts.overdue, line.counts.unassigned) == (
        tally.applicable,
        tally.done,
        tally.overdue,
        tally.unassigned,
    )
    assert line.phase == 1


def test_health_and_the_rule_that_fired_stand_in_the_line(cast: Cast):
    [line] = shown(cast.mara)
    assert (line.health, [rule.key for rule in line.rules]) == ("late", ["overdue", "unassigned", "silence"])


def test_it_filters_by_health_phase_and_organization(cast: Cast):
    start_project(
        acting_user=None, organization=cast.alder, plan=ProjectPlan(name="Young", start=NOW.date(), scope_statement="x")
    )

    def names(**asked) -> list[str]:
        return [line.name for line in shown(cast.olga, **asked)]

    assert names(health=("unknown",)) == ["Young"]
    assert names(health=("late",)) == ["Alder SMS"]
    assert names(phase=0) == ["Alder SMS", "Young"]
    assert names(phase=2) == []
    assert names(organization="alder-it", sort="health") == ["Alder SMS", "Young"]
    assert names(sort="health", descending=True) == ["Young", "Alder SMS"]


def test_people_who_are_late_in_two_projects_are_named(cast: Cast):
    second = start_project(
        acting_user=None, organization=cast.alder, plan=ProjectPlan(name="Second", start=START, scope_statement="x")
    )
    there = Party.objects.create(project=second, name="Petra Pohl", user=cast.petra, kind="person")
    for project, party, count in ((cast.project, cast.parties["petra"], 2), (second, there, 3)):
        rows = PhaseActivity.objects.filter(project=project, phase_number=0).values("pk")[:count]
        PhaseActivity.objects.filter(pk__in=rows).update(accountable=party, due=NOW.date() - timedelta(days=1))
    refreshed(cast.olga)
    [person] = overview_of(cast.olga).late_people
    assert (person.name, person.overdue) == ("Petra Pohl", 5)
    assert [(slug, count) for slug, _name, count in person.projects] == [("alder", 2), ("second", 3)]


def test_the_page_shows_health_in_a_word_and_filters(cast: Cast, sign_in):
    page = sign_in(cast.olga).get("/?health=late").content.decode()
    assert "Alder SMS" in page
    assert "No project is called that" in sign_in(cast.olga).get("/?health=unknown").content.decode()


@pytest.mark.parametrize(
    "query", ["health=fine", "phase=7", "organization=birch-kanarienvogel-7f3a", "sort=-", "page=0"]
)
def test_it_refuses_a_filter_that_it_does_not_offer(cast: Cast, sign_in, query: str):
    assert sign_in(cast.mara).get(f"/?{query}").status_code == 400


def test_the_export_says_why(cast: Cast, sign_in):
    [row] = csv.DictReader(StringIO(sign_in(cast.mara).get("/?format=csv").content.decode()))
    assert row["health"] == "Late"
    assert row["why"].endswith("were due are more than 10 days overdue.")


def test_figures_of_many_take_as_many_queries_as_of_one(cast: Cast):
    with CaptureQueriesContext(connection) as one:
        refresh_figures([cast.project])
    ProjectFigures.objects.all().delete()
    with CaptureQueriesContext(connection) as two:
        refresh_figures([cast.project, cast.other])
    assert len(one) == len(two) <= 13


@pytest.mark.slow
def test_who_sees_many_projects_gets_their_work_apart(cast: Cast, sign_in):
    for number in range(26):
        start_project(
            acting_user=None,
            organization=cast.alder,
            plan=ProjectPlan(name=f"More {number:02}", start=START, scope_statement="x"),
        )
    client = sign_in(cast.olga)
    page = client.get("/").content.decode()
    assert 'hx-get="/?part=work"' in page
    assert client.get("/?part=work")["Location"] == "/work/"
    part = client.get("/?part=work", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<section")
    assert client.get("/?part=all").status_code == 400
