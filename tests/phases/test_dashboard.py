"""The dashboard of a project."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import clock
from jobs.models import Job
from phases.models import Phase, PhaseActivity, PlanRules
from phases.selectors.dashboard import current_phase
from phases.services.rows import change_status
from projects.models import Party, Project
from projects.permissions import access_to
from projects.registries import Panel, panels, register_panel
from tests.cast import CANARY, NOW, Cast

URL = "/projects/alder/"
ROLES = ["olga", "mara", "toma", "chen", "cora", "petra", "tim", "audra"]


def text_of(response) -> str:
    """The visible words of a page, with single spaces."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    main = body[body.index("<main") : body.index("</main>")]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
    return re.sub(r" ([.,;:)])", r"\1", words)


@pytest.fixture
def in_phase_two(cast: Cast) -> Cast:
    """Phase 2 is under way: 71 of 168 rows done or verified, 82 due by today."""
    Phase.objects.filter(project=cast.project, number__in=[0, 1]).update(state="closed", closed_on="2026-02-27")
    Phase.objects.filter(project=cast.project, number=2).update(state="active", started_on="2026-02-28")
    today = clock.today()
    rows = list(PhaseActivity.objects.filter(project=cast.project, phase_number=2).order_by("activity__position"))
    tim = cast.parties["tim"]
    for place, row in enumerate(rows):
        row.status = (
            "verified"
            if place < 38
            else "done"
            if place < 71
            else "blocked"
            if place < 77
            else "in progress"
            if place < 118
            else "not started"
            if place < 168
            else "not applicable"
        )
        row.reason = "Legal review has not begun" if row.status == "blocked" else ""
        row.due = today - timedelta(days=13) if place < 80 else today if place < 82 else today + timedelta(days=30)
        row.accountable = None if 161 <= place < 168 else tim
        row.status_since = NOW - timedelta(days=20)
    PhaseActivity.objects.bulk_update(rows, ["status", "reason", "due", "accountable", "status_since"], batch_size=100)
    return cast


@pytest.mark.parametrize("who", ROLES)
def test_everybody_in_the_project_sees_where_it_stands(in_phase_two: Cast, sign_in, who: str) -> None:
    response = sign_in(in_phase_two.people[who]).get(URL)
    assert response.status_code == 200
    assert (
        "In phase 2: 71 of 168 applicable activities are done or verified; the plan for today is 82, 11 behind plan. "
        "4 more are not applicable."
    ) in text_of(response)


def test_done_and_verified_are_two_figures_and_the_plan_stands_beside_them(in_phase_two: Cast, sign_in) -> None:
    text = text_of(sign_in(in_phase_two.mara).get(URL))
    assert "42% 71 of 168 applicable done or verified" in text
    assert "38 verified" in text
    assert "33 done" in text
    assert "plan for today 82 (49%)" in text
    assert "11 behind plan" in text


def test_it_says_what_is_late_blocked_unassigned_and_to_verify(in_phase_two: Cast, sign_in) -> None:
    text = text_of(sign_in(in_phase_two.mara).get(URL))
    assert "Overdue 9 oldest 13 days" in text
    assert "Blocked 6 oldest 20 days" in text
    assert "Unassigned 7 0 due within 14 days" in text
    assert "To verify 33 oldest 20 days" in text


def test_it_names_who_to_call_with_the_reason_of_a_block(in_phase_two: Cast, sign_in) -> None:
    text = text_of(sign_in(in_phase_two.mara).get(URL))
    assert "10 of 42 in phase 2, most urgent first" in text
    assert "13 days late" in text
    assert "Blocked: Legal review has not begun" in text
    assert "Done 20 days ago, nobody has verified it" in text


def test_there_is_no_figure_over_all_phases(in_phase_two: Cast, sign_in) -> None:
    text = text_of(sign_in(in_phase_two.mara).get(URL))
    assert "471" not in text
    assert "479" not in text.split("Recent changes")[0]


def test_recent_changes_are_sentences_of_the_trail(in_phase_two: Cast, sign_in) -> None:
    row = PhaseActivity.objects.get(project=in_phase_two.project, phase_number=2, activity__ref="CH.i")
    PhaseActivity.objects.filter(pk=row.pk).update(status="not started")
    change_status(
        acting_user=in_phase_two.mara,
        project=in_phase_two.project,
        targets=[in_phase_two.target("CH.i", 2)],
        status="in progress",
    )
    text = text_of(sign_in(in_phase_two.mara).get(URL))
    assert "Mara Moss set CH.i in phase 2 from not started to in progress 2 Mar 09:00" in text


def test_who_may_not_read_the_trail_gets_no_recent_changes(in_phase_two: Cast, sign_in) -> None:
    assert "Recent changes" in text_of(sign_in(in_phase_two.audra).get(URL))
    assert "Recent changes" not in text_of(sign_in(in_phase_two.tim).get(URL))


def test_times_are_those_of_the_project(in_phase_two: Cast, sign_in) -> None:
    Project.objects.filter(pk=in_phase_two.project.pk).update(time_zone="Pacific/Auckland")
    assert "12 Jan 21:00" in text_of(sign_in(in_phase_two.mara).get(URL))


def test_a_day_begins_where_the_project_is(in_phase_two: Cast, sign_in) -> None:
    Project.objects.filter(pk=in_phase_two.project.pk).update(time_zone="Pacific/Auckland")
    with clock.moved_to(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)):
        # It is 3 March in Auckland, so what was due on the 2nd is late.
        assert "Overdue 11 " in text_of(sign_in(in_phase_two.mara).get(URL))


def test_a_scope_that_is_missing_is_said_with_the_way_to_write_it(cast: Cast, sign_in) -> None:
    Project.objects.filter(pk=cast.project.pk).update(scope_statement="to be written")
    manager = sign_in(cast.mara).get(URL)
    assert "The scope is still to be written" in text_of(manager)
    assert 'href="/projects/alder/settings/"' in manager.content.decode()
    reader = sign_in(cast.audra).get(URL)
    assert "The project manager writes it in the settings." in text_of(reader)


def test_a_scope_that_stands_is_shown(cast: Cast, sign_in) -> None:
    assert cast.project.scope_statement in text_of(sign_in(cast.audra).get(URL))


def test_a_phase_that_has_not_started_says_when_it_is_planned(cast: Cast, sign_in) -> None:
    Phase.objects.filter(project=cast.project, number=0).update(state="closed", closed_on="2026-02-20")
    text = text_of(sign_in(cast.mara).get(URL))
    assert "Phase 1 has not started; it is planned from 23 Mar 2026 to 26 Jul 2026. 76 activities are planned." in text
    assert "Start it on the board" in text
    assert "Start it on the board" not in text_of(sign_in(cast.audra).get(URL))


def test_a_phase_without_activities_has_an_empty_page_and_no_error(cast: Cast, sign_in) -> None:
    Phase.objects.filter(project=cast.project, number__lt=4).update(state="closed", closed_on="2026-02-20")
    text = text_of(sign_in(cast.mara).get(URL))
    assert "Phase 4, Operation, has no activities." in text
    assert "Nothing needs attention" in text
    assert "Nothing in this phase is applicable." in text


def test_a_project_without_a_plan_has_an_empty_page_and_no_error(cast: Cast, sign_in) -> None:
    PhaseActivity.objects.filter(project=cast.project).delete()
    text = text_of(sign_in(cast.mara).get(URL))
    assert "This project was started without a plan." in text
    assert "No components yet" in text


def test_when_nobody_is_responsible_the_role_map_is_the_next_step(cast: Cast, sign_in) -> None:
    manager = sign_in(cast.mara).get(URL)
    assert "Nobody is responsible for anything yet" in text_of(manager)
    assert 'class="btn btn-plain" href="/projects/alder/role-map/"' in manager.content.decode()
    reader = sign_in(cast.audra).get(URL)
    assert 'class="btn btn-plain" href="/projects/alder/role-map/"' not in reader.content.decode()


def test_after_the_last_phase_it_stays_at_the_last_one() -> None:
    phases = [Phase(number=number, state="closed") for number in range(5)]
    assert current_phase(phases).number == 4


@pytest.mark.parametrize(
    ("states", "current"),
    [
        (["active", "planned", "planned"], 0),
        (["closed", "planned", "planned"], 1),
        (["closed", "in review", "planned"], 1),
        (["planned", "planned", "planned"], 0),
        (["closed", "closed", "closed"], 2),
    ],
)
def test_a_project_is_in_the_phase_under_way_else_the_next_one_else_the_last(states: list[str], current: int) -> None:
    assert current_phase([Phase(number=n, state=state) for n, state in enumerate(states)]).number == current


def test_the_supplement_stands_apart(in_phase_two: Cast, sign_in) -> None:
    rows = PhaseActivity.objects.filter(project=in_phase_two.project, phase_number=2, status="verified")
    in_phase_two.project.activities.filter(pk=rows.order_by("pk")[0].activity_id).update(is_supplement=True)
    text = text_of(sign_in(in_phase_two.mara).get(URL))
    assert "70 of 167 applicable activities" in text
    assert "Supplement 2018 our own guidance, in no other figure" in text


def queries_of_panels(cast: Cast) -> int:
    """How many queries the registered panels take together for Mara; each may take two."""
    access, taken = access_to(cast.project, cast.mara), 0
    for key in panels["dashboard"].keys():  # noqa: SIM118 (a registry gives its entries when it is walked through)
        # A project as each request has it, so that no panel lives on what another one read.
        project = Project.objects.get(pk=cast.project.pk)
        with CaptureQueriesContext(connection) as asked:
            panels["dashboard"][key].prepare(project, access)
        assert len(asked) <= 2, key
        taken += len(asked)
    return taken


def test_it_takes_at_most_fifteen_queries_and_two_for_each_panel_whatever_the_rows(in_phase_two: Cast, sign_in) -> None:
    client = sign_in(in_phase_two.mara)
    client.get(URL)
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    for place in range(20):
        Party.objects.create(project=in_phase_two.project, name=f"Party {place}")
    PhaseActivity.objects.filter(project=in_phase_two.project).exclude(activity__component="CH").delete()
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    # The page itself has fifteen, each registered panel two at most: what panels leave over is not the page's.
    assert len(many) == len(few)
    assert len(few) - queries_of_panels(in_phase_two) <= 15


def test_projects_that_this_one_is_tied_to_stand_on_it_for_who_sees_them(cast: Cast, sign_in) -> None:
    wider = Project.objects.create(
        organization=cast.alder, name="Alder and Linz", slug="alder-and-linz", start_date=cast.project.start_date
    )
    PlanRules.objects.create(project=wider, made_from=cast.project, made_as="wider scope")
    page = sign_in(cast.olga).get(URL)
    assert "Scope widened by Alder and Linz" in text_of(page)
    assert 'href="/projects/alder-and-linz/"' in page.content.decode()
    assert "Alder and Linz" not in text_of(sign_in(cast.mara).get(URL))


def test_a_registered_panel_is_shown_to_who_may_see_it(cast: Cast, sign_in) -> None:
    register_panel(
        "dashboard",
        "test",
        Panel("components/empty_state.html", lambda _project, _access: {"title": "x"}, "team.manage"),
    )
    try:
        managers = sign_in(cast.mara).get(URL).context["extra_panels"]
        readers = sign_in(cast.petra).get(URL).context["extra_panels"]
    finally:
        panels["dashboard"].remove("test")
    assert [panel["values"] for panel in managers] == [{"title": "x"}]
    assert readers == []


def test_another_clients_project_is_not_there(cast: Cast, sign_in) -> None:
    assert sign_in(cast.mara).get("/projects/birch/").status_code == 404
    assert sign_in(cast.bruno).get(URL).status_code == 404
    assert CANARY not in sign_in(cast.mara).get(URL).content.decode()


@pytest.mark.parametrize("query", ["?phase=2", "?x=", "?view=overdue&view=all"])
def test_it_refuses_an_address_that_no_page_writes(cast: Cast, sign_in, query: str) -> None:
    assert sign_in(cast.mara).get(URL + query).status_code == 400


def test_names_are_escaped(cast: Cast, sign_in) -> None:
    Project.objects.filter(pk=cast.project.pk).update(name="<script>x</script>", scope_statement="<img src=x>")
    body = sign_in(cast.mara).get(URL).content.decode()
    assert "<script>x" not in body
    assert "<img" not in body


def export(client: Client, **values) -> object:
    """Ask for the plan as a file."""
    return client.post(f"{URL}export/", values)


@pytest.mark.parametrize("who", ["mara", "tim", "audra"])
def test_the_plan_can_be_asked_for_as_a_file(cast: Cast, sign_in, who: str) -> None:
    response = export(sign_in(cast.people[who]), nonce=uuid4())
    job = Job.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/jobs/{job.pk}/")
    assert (job.kind, job.project_id, job.requester_id) == ("phases.export_plan", cast.project.pk, cast.people[who].pk)


def test_a_double_click_asks_once(cast: Cast, sign_in) -> None:
    nonce = uuid4()
    client = sign_in(cast.mara)
    export(client, nonce=nonce)
    export(client, nonce=nonce)
    assert Job.objects.count() == 1


def test_the_nonce_of_somebody_else_leads_to_a_job_of_ones_own(cast: Cast, sign_in) -> None:
    nonce = uuid4()
    export(sign_in(cast.mara), nonce=nonce)
    export(sign_in(cast.tim), nonce=nonce)
    assert sorted(Job.objects.values_list("requester__name", flat=True)) == ["Mara Moss", "Tim Tully"]


def test_asking_needs_a_post_and_a_sound_nonce(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert client.get(f"{URL}export/").status_code == 405
    assert export(client, nonce="x").status_code == 400
    assert export(client, nonce=uuid4(), kind="other").status_code == 400
    assert not Job.objects.exists()
