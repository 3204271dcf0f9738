"""The dashboard of a past day, arranged panels, files and the printed report."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from phases.models import DashboardLayout, PhaseActivity
from phases.selectors.dashboard import dashboard_of
from phases.selectors.figures import contract_of, figures_of
from phases.services.lifecycle import close_phase, start_phase
from phases.services.rows import change_status
from tests.cast import NOW, Cast
from tests.phases.test_dashboard import queries_of_panels

pytestmark = pytest.mark.django_db
URL = "/projects/alder/"


def later(days: int):
    return clock.moved_to(NOW + timedelta(days=days))


def step(cast: Cast, ref: str, number: int, *statuses: str) -> None:
    for status in statuses:
        change_status(
            acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, number)], status=status, text="Why"
        )


def test_it_shows_a_past_day_as_it_was_and_says_so(cast: Cast, sign_in):
    step(cast, "A.a", 0, "in progress", "done")
    then = dashboard_of(cast.project)
    with later(3):
        step(cast, "A.b", 0, "in progress", "done")
        step(cast, "A.a", 0, "in progress")
    with later(5):
        past = dashboard_of(cast.project, NOW.date())
        assert past.figures == then.figures
        assert past.attention == then.attention or [c.row.ref for c in past.attention.concerns] == [
            c.row.ref for c in then.attention.concerns
        ]
        assert past.found.standing == then.found.standing
        page = sign_in(cast.mara).get(f"{URL}?as_of=2026-03-02").content.decode()
    assert "As it stood at the end of Monday, 2 March 2026" in page
    assert "Back to today" in page


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-01-11", "The project began on 12 Jan 2026"),
        ("2026-03-03", "That day has not come yet"),
        ("2026-02-31", "There is no such day"),
        ("yesterday", "There is no such day"),
    ],
)
def test_a_day_that_cannot_be_shown_gets_an_answer_and_today(cast: Cast, sign_in, day: str, said: str):
    answer = sign_in(cast.mara).get(f"{URL}?as_of={day}")
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_today_by_name_is_today(cast: Cast, sign_in):
    assert "As it stood at the end" not in sign_in(cast.mara).get(f"{URL}?as_of=2026-03-02").content.decode()


def test_a_past_day_takes_as_few_queries_whatever_happened_since(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    with later(2):
        client.get(f"{URL}?as_of=2026-03-02")
        with CaptureQueriesContext(connection) as few:
            client.get(f"{URL}?as_of=2026-03-02")
        step(cast, "A.a", 0, "in progress", "done", "in progress", "done")
        with CaptureQueriesContext(connection) as many:
            client.get(f"{URL}?as_of=2026-03-02")
    # Fifteen as today and three to rebuild the day, beside what the registered panels take.
    assert len(few) == len(many)
    assert len(few) - queries_of_panels(cast) <= 18


def test_the_forecast_keeps_silent_while_it_is_too_early(cast: Cast, sign_in):
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Agreed")
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    assert "No forecast yet: it needs the first 4 weeks of the phase." in sign_in(cast.mara).get(URL).content.decode()


def test_health_is_unknown_in_the_first_four_weeks_and_says_its_rule_later(cast: Cast, sign_in):
    page = sign_in(cast.mara).get(URL).content.decode()
    assert "more than 10 days overdue" in page
    past = sign_in(cast.mara).get(f"{URL}?as_of=2026-01-20").content.decode()
    assert "The first four weeks say too little." in past


def test_a_person_arranges_panels_for_themselves(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    places = {
        "attention": 7, "progress": 1, "components": 2, "burn-up": 3, "records": 4, "workload": 5, "changes": 6,
    }  # fmt: skip
    shown = [key for key in places if key != "workload"]
    data = {f"place-{key}": place for key, place in places.items()} | {"show": shown, "do": "save"}
    assert client.post(f"{URL}arrange/", data).status_code == 302
    page = client.get(URL).content.decode()
    assert 'id="workload"' not in page
    assert page.index('id="progress"') < page.index('id="attention"')
    assert 'id="workload"' in sign_in(cast.petra).get(URL).content.decode()
    client.post(f"{URL}arrange/", {"do": "reset"})
    assert 'id="workload"' in client.get(URL).content.decode()
    assert not DashboardLayout.objects.exists()


def test_a_place_that_is_no_number_is_refused(cast: Cast, sign_in):
    assert sign_in(cast.mara).post(f"{URL}arrange/", {"place-progress": "first"}).status_code == 400


def test_the_figures_leave_as_csv_and_xlsx_exactly_as_shown(cast: Cast, sign_in):
    step(cast, "DR.a", 1, "in progress", "done")
    client = sign_in(cast.mara)
    rows = list(csv.DictReader(StringIO(client.get(f"{URL}?format=csv").content.decode())))
    contract = contract_of(figures_of(cast.project))
    one = next(row for row in rows if row["phase"] == "1" and row["component"] == "DR")
    assert {key: int(one[key]) for key in contract["components"]["DR"]["1"]} == contract["components"]["DR"]["1"]
    book = openpyxl.load_workbook(BytesIO(client.get(f"{URL}?format=xlsx").content))
    lines = list(book.active.values)
    assert [str(cell) if cell is not None else "" for cell in lines[1]] == list(rows[0].values())
    assert len(lines) == len(rows) + 1


@pytest.mark.parametrize("name", ["progress", "burn-up", "workload", "components"])
def test_a_chart_leaves_as_an_svg_file_that_needs_no_page(cast: Cast, sign_in, name: str):
    PhaseActivity.objects.filter(project=cast.project).update(accountable=cast.parties["petra"])
    answer = sign_in(cast.mara).get(f"{URL}charts/{name}.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].startswith("attachment")
    text = answer.content.decode()
    tree = ET.fromstring(text)  # noqa: S314 (our own file)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert "class=" not in text
    assert "style=" not in text


def test_a_chart_that_is_none_is_absent(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    assert client.get(f"{URL}charts/secrets.svg").status_code == 404
    assert client.get(f"{URL}charts/progress.svg?as_of=2030-01-01").status_code == 400
    assert client.get("/projects/birch/charts/progress.svg").status_code == 404


def test_the_report_holds_what_a_committee_needs(cast: Cast, sign_in):
    page = sign_in(cast.chen).get(f"{URL}report/?as_of=2026-02-20").content.decode()
    assert "Status report of Alder IT, 20 February 2026" in page
    for part in ("Needs attention", "Progress per phase", "Burn-up and forecast"):
        assert part in page


def test_a_phase_without_applicable_activities_and_people_who_left_break_nothing(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    PhaseActivity.objects.filter(project=cast.project).update(status="not applicable", reason="x")
    assert client.get(URL).status_code == 200
    for person in cast.people.values():
        if person.pk != cast.mara.pk:
            person.is_active = False
            person.save()
    assert client.get(URL).status_code == 200
    assert client.get("/").status_code == 200
