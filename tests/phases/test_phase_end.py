"""The page on which a phase ends, and the rounds of operation in the browser."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from phases.models import Phase, PhaseActivity, Round
from phases.services.lifecycle import close_phase, start_phase
from phases.services.rows import change_status
from projects.registries import ClosingCheck, closing_checks, register_closing_check
from tests.cast import CANARY, Cast
from tests.phases.test_lifecycle import to_operation, to_phase

pytestmark = pytest.mark.django_db
URL = "/projects/alder/phases/0/end/"


def post(client, number: int, cast: Cast, action: str, **values):
    version = Phase.objects.get(project=cast.project, number=number).version
    return client.post(f"/projects/alder/phases/{number}/end/", {"action": action, "version": version, **values})


def state(cast: Cast, number: int) -> str:
    return Phase.objects.get(project=cast.project, number=number).state


def test_it_leads_from_review_to_the_next_phase(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    assert post(client, 0, cast, "review").status_code == 302
    assert state(cast, 0) == "in review"
    assert "In review since 2 Mar 2026" in client.get(URL).content.decode()
    assert post(client, 0, cast, "close", reason="Agreed by the committee").status_code == 302
    page = client.get(URL).content.decode()
    assert "Closed 2 Mar 2026" in page
    assert "Went on in the next phase" in page
    assert post(client, 1, cast, "start")["Location"] == "/projects/alder/phases/1/"
    assert state(cast, 1) == "active"


def test_a_reason_is_asked_for_and_what_was_typed_is_kept(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    answer = post(client, 0, cast, "close")
    assert answer.status_code == 422
    assert "Say why the phase ends now" in answer.content.decode()
    post(client, 0, cast, "review")
    answer = post(client, 0, cast, "resume", reason="  ")
    assert answer.status_code == 422
    assert state(cast, 0) == "in review"


def test_what_a_check_misses_is_listed_and_closes_nothing(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    register_closing_check("test", ClosingCheck("Gate 0", lambda _project, _number: "The gate has not decided."))
    try:
        page = client.get(URL).content.decode()
        assert "The gate has not decided." in page
        answer = post(client, 0, cast, "close", reason="My words stay")
        assert answer.status_code == 422
        assert "My words stay" in answer.content.decode()
    finally:
        closing_checks.remove("test")
    assert state(cast, 0) == "active"


def test_a_stale_tab_is_told_and_a_second_click_closes_nothing_twice(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    seen = Phase.objects.get(project=cast.project, number=0).version
    close_phase(acting_user=cast.olga, project=cast.project, number=0, reason="Agreed")
    answer = client.post(URL, {"action": "close", "version": seen, "reason": "Agreed"})
    assert answer.status_code == 409


@pytest.mark.parametrize(("values", "status"), [({"action": "close"}, 428), ({"action": "erase", "version": 1}, 400)])
def test_a_form_that_no_page_writes_is_refused(cast: Cast, sign_in, values, status):
    assert sign_in(cast.mara).post(URL, values).status_code == status


def test_an_auditor_sees_it_without_buttons(cast: Cast, sign_in):
    page = sign_in(cast.audra).get(URL).content.decode()
    assert "What is missing" in page
    assert 'name="action"' not in page


def test_a_phase_that_is_none_and_another_clients_are_absent(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    assert client.get("/projects/alder/phases/9/end/").status_code == 404
    answer = client.get("/projects/birch/phases/0/end/")
    assert (answer.status_code, CANARY in answer.content.decode()) == (404, False)


def test_it_says_where_unfinished_work_goes_on(cast: Cast, sign_in):
    to_phase(cast, 1)
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("DR.a")], status="in progress")
    page = sign_in(cast.mara).get("/projects/alder/phases/1/end/").content.decode()
    assert "in its row of phase 2" in page
    assert "in a new row of phase 2" in page


def test_its_queries_do_not_grow_with_the_rows(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    client.get("/projects/alder/phases/1/end/")
    with CaptureQueriesContext(connection) as few:
        client.get("/projects/alder/phases/1/end/")
    with CaptureQueriesContext(connection) as many:
        client.get("/projects/alder/phases/3/end/")
    # One of them asks whether the project keeps its documents here, two whether a committee decides at its gates.
    assert len(few) == len(many) <= 15


def test_a_round_is_reported_on_the_page_of_the_row(cast: Cast, sign_in):
    to_operation(cast)
    client = sign_in(cast.mara)
    row = cast.row("MR.g", 4)
    page = client.get(f"/projects/alder/rows/{row.pk}/").content.decode()
    assert "Comes round every month." in page
    answer = client.post(f"/projects/alder/rows/{row.pk}/round/", {"version": row.version, "note": "Looked at it"})
    assert answer.status_code == 303
    assert "Looked at it" in client.get(f"/projects/alder/rows/{row.pk}/").content.decode()
    assert client.post(f"/projects/alder/rows/{row.pk}/round/", {"version": row.version}).status_code == 409
    assert Round.objects.count() == 1


@pytest.mark.parametrize("day", ["2026-02-31", "tomorrow"])
def test_a_round_on_no_day_is_refused(cast: Cast, sign_in, day):
    to_operation(cast)
    row = cast.row("MR.g", 4)
    answer = sign_in(cast.mara).post(f"/projects/alder/rows/{row.pk}/round/", {"version": row.version, "done_on": day})
    assert (answer.status_code, Round.objects.count()) == (422, 0)


def test_the_manager_sets_a_rhythm_and_others_do_not(cast: Cast, sign_in):
    to_operation(cast)
    row = cast.row("MR.g", 4)
    url = f"/projects/alder/rows/{row.pk}/rhythm/"
    assert sign_in(cast.tim).post(url, {"version": row.version, "rhythm": "yearly"}).status_code == 403
    assert sign_in(cast.mara).post(url, {"version": row.version, "rhythm": "weekly"}).status_code == 422
    assert sign_in(cast.mara).post(url, {"version": row.version, "rhythm": "yearly"}).status_code == 303
    assert cast.row("MR.g", 4).rhythm == "yearly"


def test_operation_shows_on_its_board(cast: Cast, sign_in):
    to_operation(cast)
    assert PhaseActivity.objects.filter(project=cast.project, phase_number=4).count() > 1
    page = sign_in(cast.mara).get("/projects/alder/phases/4/").content.decode()
    assert "Operating since 2 Mar 2026" in page


def test_closing_on_the_board_goes_through_the_same_door(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    version = Phase.objects.get(project=cast.project, number=0).version
    client.post("/projects/alder/phases/0/state/", {"action": "close", "version": version, "reason": "Agreed"})
    closed = Phase.objects.get(project=cast.project, number=0)
    assert closed.frozen is not None
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    assert PhaseActivity.objects.filter(project=cast.project, carried_from__isnull=False).count() == 8
