"""Another approach for a running project, and the page on which it is chosen."""

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse

from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from notifications.services.comments import add_comment, withdraw_comment
from phases.choices import Approach, Origin
from phases.domain.approaches import PROPOSED
from phases.models import Package, Phase, PhaseActivity, PlanRules, ProjectActivity
from phases.selectors.approach import ApproachChange, approach_change
from phases.selectors.as_of import live_rows, replayed
from phases.services.approach import PlanMoved, change_approach
from phases.services.contributors import set_row_contributors
from phases.services.placing import WayOfWorking
from phases.services.rows import assign_party, change_status, set_due
from phases.services.start import ProjectPlan, start_project
from phases.services.tailoring.places import add_to_phase, move_to_phase
from phases.services.tailoring.split import split
from projects.models import Project
from tests.cast import NOW, START, Cast

LEVELS = WayOfWorking(Approach.LEVELS)
SUBSETS = WayOfWorking(Approach.SUBSETS, PROPOSED)
PAGE = "/projects/alder/plan/approach/"


def counts(project: Project) -> dict[int, int]:
    rows = PhaseActivity.objects.filter(project=project, phase_number__gte=1)
    return dict(Counter(rows.values_list("phase_number", flat=True)))


def held_by(change: ApproachChange) -> dict[str, str]:
    """Why activities stay, by their refs."""
    return {each.text.ref: str(each.why_held) for component in change.components for each in component.held}


def phases_of(project: Project, ref: str) -> list[int]:
    rows = PhaseActivity.objects.filter(project=project, activity__ref=ref).order_by("phase_number")
    return list(rows.values_list("phase_number", flat=True))


# --- a new project -------------------------------------------------------------------------------------------------
def test_a_new_plan_in_levels_has_every_activity_once(cast: Cast) -> None:
    plan = ProjectPlan(name="Levels", start=START, scope_statement="x", way=LEVELS)
    project = start_project(acting_user=None, organization=cast.alder, plan=plan)
    assert counts(project) == {1: 123, 2: 121, 3: 35}
    row = PhaseActivity.objects.get(project=project, activity__ref="CH.i")
    assert (row.phase_number, row.origin, row.origin_phase) == (2, "", None)


def test_a_new_plan_of_subsets_says_which_rows_the_catalogue_has_elsewhere(cast: Cast) -> None:
    plan = ProjectPlan(name="Subsets", start=START, scope_statement="x", way=SUBSETS)
    project = start_project(acting_user=None, organization=cast.alder, plan=plan)
    assert set(
        PhaseActivity.objects.filter(project=project, activity__component="NC").values_list("phase_number", flat=True)
    ) == {3}
    moved = PhaseActivity.objects.filter(project=project, origin=Origin.APPROACH)
    assert set(moved.values_list("activity__component", "phase_number", "origin_phase")) >= {("BA", 3, 2), ("CH", 1, 2)}
    assert not moved.filter(activity__component="MR").exists()
    assert counts(cast.project) == {1: 76, 2: 172, 3: 223}


@pytest.mark.parametrize(
    ("way", "field", "words"),
    [
        (WayOfWorking("four phases"), "approach", "There is no such approach."),
        (WayOfWorking(Approach.SUBSETS, {}), "phase_NC", "Choose a phase for"),
        (WayOfWorking(Approach.SUBSETS, {**PROPOSED, "CH": 4}), "phase_CH", "phase 1, 2 or 3"),
        (WayOfWorking(Approach.SUBSETS, {**PROPOSED, "XX": 1}), "approach", "no component XX"),
    ],
)
def test_a_way_that_is_not_sound_starts_nothing(cast: Cast, way: WayOfWorking, field: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words) as refused:
        start_project(
            acting_user=None,
            organization=cast.alder,
            plan=ProjectPlan(name="Wrong", start=START, scope_statement="x", way=way),
        )
    assert refused.value.field == field
    assert not Project.objects.filter(name="Wrong").exists()


# --- a running one -------------------------------------------------------------------------------------------------
def test_rows_move_with_their_party_and_get_a_date_in_their_new_phase(cast: Cast) -> None:
    # IN.a stands in one phase only and is placed elsewhere by hand of the approach.
    PhaseActivity.objects.filter(project=cast.project, activity__ref="SC.a").update(accountable=cast.parties["petra"])
    before = {
        row.activity.ref: row.pk
        for row in PhaseActivity.objects.filter(
            project=cast.project, phase_number=2, activity__component="SC"
        ).select_related("activity")
    }
    change_approach(
        acting_user=cast.mara, project=cast.project, way=WayOfWorking(Approach.SUBSETS, {**PROPOSED, "SC": 1})
    )
    rows = PhaseActivity.objects.filter(project=cast.project, activity__component="SC").select_related("activity")
    assert {row.phase_number for row in rows} == {1}
    phase = Phase.objects.get(project=cast.project, number=1)
    for row in rows:
        assert phase.start <= row.due <= phase.end
        assert (row.origin, row.origin_phase is not None) == (Origin.APPROACH, True)
        if row.activity.ref in before:
            assert row.pk == before[row.activity.ref]


def test_there_and_back_again_is_the_plan_of_the_catalogue(cast: Cast) -> None:
    change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert counts(cast.project) == {1: 123, 2: 121, 3: 35}
    change_approach(acting_user=cast.mara, project=cast.project, way=WayOfWorking())
    assert counts(cast.project) == {1: 76, 2: 172, 3: 223}
    assert not PhaseActivity.objects.filter(project=cast.project).exclude(origin="").exists()
    assert Package.objects.filter(project=cast.project, phase_number__gte=1).count() == 55


def test_what_has_begun_stays_with_all_its_rows(cast: Cast) -> None:
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], status="in progress")
    before = phases_of(cast.project, "CH.i")
    change = change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert phases_of(cast.project, "CH.i") == before
    held = [each for component in change.components for each in component.held]
    assert [(each.text.ref, str(each.why_held)) for each in held] == [("CH.i", "Work has begun.")]


def test_what_would_touch_a_closed_phase_stays(cast: Cast) -> None:
    Phase.objects.filter(project=cast.project, number=1).update(state="closed")
    change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert counts(cast.project)[1] == 76


def test_what_was_tailored_by_hand_stays(cast: Cast) -> None:
    PhaseActivity.objects.filter(pk=cast.row("SC.a", 2).pk).update(origin=Origin.ADDED)
    before = phases_of(cast.project, "SC.a")
    change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert phases_of(cast.project, "SC.a") == before


def test_a_row_with_a_note_is_not_taken_away(cast: Cast) -> None:
    row = cast.row("MR.a", 3)
    PhaseActivity.objects.filter(pk=row.pk).update(note="Ask the board first.")
    change = change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert PhaseActivity.objects.get(pk=row.pk).phase_number == 3
    assert "A row that would go has a note." in {str(e.why_held) for c in change.components for e in c.held}


@pytest.mark.parametrize("way", [WayOfWorking(very_small=True), LEVELS, SUBSETS])
def test_what_was_moved_to_operation_by_hand_is_not_brought_back(cast: Cast, way: WayOfWorking) -> None:
    assert phases_of(cast.project, "CH.j") == [2, 3]
    move_to_phase(
        acting_user=cast.mara, project=cast.project, target=cast.target("CH.j", 3), phase=4, reason="Once it runs"
    )
    change = change_approach(acting_user=cast.mara, project=cast.project, way=way)
    assert phases_of(cast.project, "CH.j") == [2, 4]
    assert held_by(change) == {"CH.j": "It was moved, added or split by hand."}


def test_what_was_added_to_initiation_or_moved_there_altogether_stays(cast: Cast) -> None:
    activity = ProjectActivity.objects.get(project=cast.project, ref="CH.j")
    add_to_phase(acting_user=cast.mara, project=cast.project, activity=activity, phase=0, reason="Begin early")
    for number, phase in ((2, 0), (3, 4)):
        move_to_phase(
            acting_user=cast.mara, project=cast.project, target=cast.target("CH.k", number), phase=phase, reason="So"
        )
    change = change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert (phases_of(cast.project, "CH.j"), phases_of(cast.project, "CH.k")) == ([0, 2, 3], [0, 4])
    assert set(held_by(change)) == {"CH.j", "CH.k"}


def test_a_row_with_a_date_of_its_own_is_not_taken_away(cast: Cast) -> None:
    row = cast.row("CH.j", 3)
    day = row.due + timedelta(days=1)
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.j", 3)], due=day)
    change = change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert held_by(change) == {"CH.j": "A row that would go has a due date of its own."}
    assert phases_of(cast.project, "CH.j") == [2, 3]
    assert cast.row("CH.j", 3).due == day


def test_a_row_given_to_somebody_by_hand_is_not_taken_away(cast: Cast) -> None:
    petra = cast.parties["petra"]
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.j", 3)], party=petra)
    change = change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert held_by(change) == {"CH.j": "A row that would go was given to its responsible party by hand."}
    assert cast.row("CH.j", 3).accountable == petra


def test_a_row_with_contributors_chosen_by_hand_is_not_taken_away(cast: Cast) -> None:
    tim = cast.parties["tim"]
    set_row_contributors(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.j", 3)], parties=[tim])
    change = change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert held_by(change) == {"CH.j": "A row that would go has contributors chosen by hand."}
    assert [each.party for each in cast.row("CH.j", 3).contributors.all()] == [tim]


def test_an_activity_that_people_talk_about_keeps_its_rows(cast: Cast) -> None:
    said = {
        ref: add_comment(acting_user=cast.petra, project=cast.project, kind="activity", key=ref, body="Both, please")
        for ref in ("CH.j", "CH.k")
    }
    taken_back = said["CH.k"]
    withdraw_comment(acting_user=cast.petra, project=cast.project, comment_id=taken_back.pk, version=taken_back.version)
    change = change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert held_by(change) == {"CH.j": "A row would go, and there are comments on the activity."}
    assert phases_of(cast.project, "CH.j") == [2, 3]


def test_what_somebody_gave_a_row_that_stays_holds_nothing(cast: Cast) -> None:
    targets = [cast.target("CH.j", 2)]
    assign_party(acting_user=cast.mara, project=cast.project, targets=targets, party=cast.parties["petra"])
    change = change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    assert held_by(change) == {}
    assert phases_of(cast.project, "CH.j") == [2]


def test_a_past_day_shows_the_plan_as_it_was(cast: Cast) -> None:
    before = {(row.name, row.due) for row in live_rows([cast.project.pk])[cast.project.pk]}
    with clock.moved_to(NOW + timedelta(days=2)):
        change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
        past = replayed(cast.project, NOW.date(), list(cast.project.phases.all()))
    assert {(row.name, row.due) for row in past.rows} == before


def test_it_writes_what_moved_and_one_event_for_the_change(cast: Cast) -> None:
    change = change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    events = Event.objects.filter(stream_id=cast.project.uuid)
    assert events.filter(action="move by approach").count() == change.moved
    assert events.filter(action="add from catalogue").count() == change.new
    said = events.get(action="change approach").content["changes"]
    assert said["approach"] == ["three phases", "levels"]
    assert len(said["rows removed"]) == change.gone


def test_only_who_tailors_changes_it(cast: Cast) -> None:
    for who in (cast.petra, cast.chen, cast.audra, cast.bruno):
        with pytest.raises(NotPermitted):
            change_approach(acting_user=who, project=cast.project, way=LEVELS)
    assert counts(cast.project) == {1: 76, 2: 172, 3: 223}


def test_a_stale_page_and_a_stale_preview_change_nothing(cast: Cast) -> None:
    seen = approach_change(cast.project, LEVELS.approach, {}, []).seen
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], status="in progress")
    with pytest.raises(PlanMoved):
        change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS, version=1, seen=seen)
    with pytest.raises(StaleWrite):
        change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS, version=7, seen=None)


# --- the page ------------------------------------------------------------------------------------------------------
def form(approach: str, **changes: str) -> dict[str, str]:
    phases = {f"phase_{code}": str(number) for code, number in PROPOSED.items()}
    return {"approach": approach, "version": "1", **phases, **changes}


def test_the_page_shows_first_what_would_move_and_saves_then(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    page = client.get(PAGE).content.decode()
    assert "Three phases, as in the catalogue" in page
    answer = client.post(PAGE, form("levels", do="preview"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "nothing is saved yet" in page
    assert PlanRules.objects.get(project=cast.project).approach == "three phases"
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = client.post(PAGE, form("levels", do="save", seen=seen))
    assert answer.status_code == 302
    assert PlanRules.objects.get(project=cast.project).approach == "levels"
    assert "Phases 1, 2 and 3 are the levels" in client.get(PAGE).content.decode()


def test_the_page_names_what_comes_before_what_it_depends_on(cast: Cast, sign_in) -> None:
    page = sign_in(cast.mara).post(PAGE, form("subsets", do="preview", phase_PR="1", phase_IN="2")).content.decode()
    assert "Problem management is planned in phase 1, before Incident management" in page


def test_the_page_calls_parts_by_their_own_refs_and_says_why_rows_stay(cast: Cast, sign_in) -> None:
    activity = ProjectActivity.objects.get(project=cast.project, ref="CH.j")
    split(acting_user=cast.mara, project=cast.project, activity=activity, names=["Graz", "Wien"], reason="Two sites")
    move_to_phase(
        acting_user=cast.mara, project=cast.project, target=cast.target("CH.k", 3), phase=4, reason="Once it runs"
    )
    page = sign_in(cast.mara).post(PAGE, form("levels", do="preview")).content.decode()
    for ref in ("CH.j", "CH.j/1", "CH.j/2", "CH.k"):
        assert page.count(f'<span class="ref">{ref}</span>') == 1
    assert ": Graz</span>" in page
    assert "stays in 2, 4: It was moved, added or split by hand." in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"approach": "four"}, "There is no such approach."),
        ({"approach": ""}, "Choose an approach."),
        ({"phase_CH": ""}, "Choose a phase for Change management."),
        ({"phase_CH": "9"}, "Choose phase 1, 2 or 3."),
    ],
)
def test_the_page_refuses_what_is_not_sound_and_keeps_what_was_chosen(cast: Cast, sign_in, change, words) -> None:
    answer = sign_in(cast.mara).post(PAGE, {**form("subsets", do="save", seen=""), **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert PlanRules.objects.get(project=cast.project).approach == "three phases"


def test_a_preview_that_no_longer_holds_is_shown_anew(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.mara).post(PAGE, form("levels", do="save", seen="old"))
    assert answer.status_code == 409
    assert "Something else would move now" in answer.content.decode()


def test_who_cannot_tailor_reads_how_it_goes(cast: Cast, sign_in) -> None:
    page = sign_in(cast.petra).get(PAGE).content.decode()
    assert "Ask the project manager" in page
    assert 'name="approach"' not in page


def test_boards_and_figures_follow_another_approach(cast: Cast, sign_in) -> None:
    change_approach(acting_user=cast.mara, project=cast.project, way=LEVELS)
    client = sign_in(cast.mara)
    for name, arguments in (
        ("dashboard", []),
        ("board", [1]),
        ("board", [3]),
        ("activity", ["CH.i"]),
        ("report", []),
        ("role_map", []),
        ("search", []),
        ("project_catalogue", []),
        ("phase_end", [1]),
        ("trail", []),
    ):
        assert client.get(reverse(name, args=["alder", *arguments])).status_code == 200, name
    assert client.get("/projects/alder/phases/3/export/?format=csv").content.decode().count("\n") >= 35
