"""Moving a plan to a newer version of its catalogue."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from phases.choices import AssignedBy, PhaseState, Status
from phases.models import Catalogue, CatalogueActivity, Phase, PhaseActivity, ProjectActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.moving import Move, move_of, step_to, versions_of
from phases.services.role_map import set_role_map
from phases.services.rows import assign_party, change_status, write_note
from phases.services.supplement import add_supplement
from phases.services.versions import Choices, move_to_version
from projects.models import Project
from tests.cast import Cast
from tests.phases.packs import change_much, load_version


@pytest.fixture
def newer(cast: Cast, tmp_path: Path) -> Catalogue:
    return load_version(tmp_path, change_much)


def move_for(project: Project) -> Move:
    return move_of(project, versions_of(project)[0])


def go(cast: Cast, **choices) -> Project:
    move = move_for(cast.project)
    return move_to_version(
        acting_user=cast.mara, project=cast.project, step=move.step, choices=Choices(**choices), seen=move.digest
    )


def rows_of(cast: Cast, ref: str) -> dict[int, PhaseActivity]:
    return {row.phase_number: row for row in PhaseActivity.objects.filter(project=cast.project, activity__ref=ref)}


def test_without_a_newer_version_there_is_nothing_to_move_to(cast: Cast) -> None:
    (step,) = versions_of(cast.project)
    assert not step.is_newer
    assert move_of(cast.project, step).is_empty


def test_it_says_item_by_item_what_is_new(cast: Cast, newer: Catalogue) -> None:
    move = move_for(cast.project)
    assert move.step.target == newer
    assert [(each.text.ref, each.phases) for each in move.added] == [("CH.r", (1, 2))]
    assert sorted(each.text.ref for each in move.removed) == ["CH.p", "CH.q"]
    assert [(each.text.ref, each.phase) for each in move.marks_added] == [("CH.a", 2)]
    assert [(each.text.ref, each.row.phase) for each in move.marks_removed] == [("CH.d", 3)]
    assert {change.item.key for change in move.changed} == {"CH.a", "CH.d", "CH.i"}


def test_it_offers_the_newest_version_by_its_number(cast: Cast, newer: Catalogue, tmp_path: Path) -> None:
    tenth = load_version(tmp_path, lambda rows: None, version="1.10")
    load_version(tmp_path, lambda rows: None, version="1.9")
    assert versions_of(cast.project)[0].target == tenth


def test_the_plan_is_pinned_to_the_new_version_with_all_its_rows(cast: Cast, newer: Catalogue) -> None:
    go(cast)
    project = Project.objects.get(pk=cast.project.pk)
    assert (project.catalogue_version, project.catalogue_sha256) == ("1.1", newer.sha256)
    sources = set(
        ProjectActivity.objects.filter(project=project).values_list("catalogue_activity__catalogue", flat=True)
    )
    assert sources == {newer.pk, None}
    texts = texts_for(project)
    assert texts.activities["CH.i"].guidance.endswith("Try it once a quarter.")
    for activity in ProjectActivity.objects.filter(project=project, catalogue_activity__isnull=False):
        assert activity.position == texts.activities[activity.ref].position
    assert ProjectActivity.objects.get(project=project, ref="CH.i").nature == "establish"


def test_status_notes_people_and_dates_stay(cast: Cast, newer: Catalogue) -> None:
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 1)], party=cast.parties["petra"]
    )
    for status in (Status.IN_PROGRESS, Status.DONE):
        change_status(
            acting_user=cast.petra, project=cast.project, targets=[cast.target("CH.i", 1)], status=status, text=""
        )
    write_note(acting_user=cast.mara, project=cast.project, target=cast.target("CH.i", 1), note="Tried it.")
    before = PhaseActivity.objects.filter(project=cast.project, activity__ref="CH.i").order_by("pk").values()
    said = list(before)
    go(cast)
    assert list(before.all()) == said


def test_the_other_project_stays_where_it_is(cast: Cast, newer: Catalogue) -> None:
    go(cast)
    assert Project.objects.get(pk=cast.other.pk).catalogue_version == "1.0"
    assert not ProjectActivity.objects.filter(project=cast.other, catalogue_activity__catalogue=newer).exists()


def test_a_new_activity_is_taken_with_dates_and_with_whom_the_role_map_names(cast: Cast, newer: Catalogue) -> None:
    role = CatalogueActivity.objects.get(catalogue=newer, ref="CH.r").roles[0]
    set_role_map(acting_user=cast.mara, project=cast.project, entries={(role, ""): cast.parties["petra"]})
    go(cast, take=["CH.r"])
    rows = rows_of(cast, "CH.r")
    assert sorted(rows) == [1, 2]
    for number, row in rows.items():
        phase = Phase.objects.get(project=cast.project, number=number)
        assert row.due is not None
        assert phase.start <= row.due <= phase.end
        assert (row.accountable, row.assigned_by) == (cast.parties["petra"], AssignedBy.ROLE_MAP)
        assert row.status == Status.NOT_STARTED
    activity = ProjectActivity.objects.get(project=cast.project, ref="CH.r")
    assert (activity.is_key, activity.catalogue_activity.catalogue) == (True, newer)


def test_a_new_activity_that_is_left_can_be_taken_later(cast: Cast, newer: Catalogue) -> None:
    go(cast)
    assert rows_of(cast, "CH.r") == {}
    move = move_for(cast.project)
    assert (move.step.is_newer, move.is_empty, [each.text.ref for each in move.added]) == (False, False, ["CH.r"])
    with pytest.raises(RuleBroken, match="Nothing is chosen"):
        go(cast)
    go(cast, take=["CH.r"])
    assert sorted(rows_of(cast, "CH.r")) == [1, 2]
    assert move_for(cast.project).is_empty


def test_no_row_comes_into_a_closed_phase(cast: Cast, newer: Catalogue) -> None:
    Phase.objects.filter(project=cast.project, number__in=(0, 1)).update(state=PhaseState.CLOSED)
    (new,) = move_for(cast.project).added
    assert (new.phases, new.elsewhere) == ((2,), False)
    Phase.objects.filter(project=cast.project, number=2).update(state=PhaseState.CLOSED)
    move = move_for(cast.project)
    assert (move.added[0].phases, move.added[0].elsewhere) == ((3,), True)
    assert move.marks_added[0].is_closed
    with pytest.raises(RuleBroken, match="not offered"):
        go(cast, take_marks=[("CH.a", 2)])
    go(cast, take=["CH.r"])
    assert sorted(rows_of(cast, "CH.r")) == [3]


def test_where_every_phase_is_closed_nothing_can_be_taken(cast: Cast, newer: Catalogue) -> None:
    Phase.objects.filter(project=cast.project).update(state=PhaseState.CLOSED)
    assert move_for(cast.project).added[0].phases == ()
    with pytest.raises(RuleBroken, match="not offered"):
        go(cast, take=["CH.r"])


def test_an_activity_that_is_gone_stays_as_one_of_the_plans_own(cast: Cast, newer: Catalogue) -> None:
    before = texts_for(cast.project).activities["CH.q"].title
    go(cast)
    activity = ProjectActivity.objects.get(project=cast.project, ref="CH.q")
    assert (activity.catalogue_activity, activity.title) == (None, before)
    assert {row.status for row in rows_of(cast, "CH.q").values()} == {Status.NOT_STARTED}


def test_or_it_becomes_not_applicable_with_the_reason(cast: Cast, newer: Catalogue) -> None:
    go(cast, leave_out={"CH.q": "Trends are read in the review of problems."})
    (row,) = rows_of(cast, "CH.q").values()
    assert (row.status, row.reason) == (Status.NOT_APPLICABLE, "Trends are read in the review of problems.")


def test_a_reason_without_words_is_refused_and_nothing_changes(cast: Cast, newer: Catalogue) -> None:
    events = Event.objects.count()
    with pytest.raises(RuleBroken) as refused:
        go(cast, take=["CH.r"], leave_out={"CH.q": " . "})
    assert refused.value.field == "why:CH.q"
    assert Project.objects.get(pk=cast.project.pk).catalogue_version == "1.0"
    assert (rows_of(cast, "CH.r"), Event.objects.count()) == ({}, events)


def test_work_that_is_done_never_becomes_not_applicable(cast: Cast, newer: Catalogue) -> None:
    for status in (Status.IN_PROGRESS, Status.DONE):
        change_status(
            acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.q", 3)], status=status, text=""
        )
    gone = next(each for each in move_for(cast.project).removed if each.text.ref == "CH.q")
    assert gone.droppable == ()
    with pytest.raises(RuleBroken, match="not offered"):
        go(cast, leave_out={"CH.q": "Not any more."})
    go(cast)
    assert rows_of(cast, "CH.q")[3].status == Status.DONE


def test_another_phase_is_taken_or_left(cast: Cast, newer: Catalogue) -> None:
    go(cast, take_marks=[("CH.a", 2)])
    rows = rows_of(cast, "CH.a")
    assert sorted(rows) == [2, 3]
    assert rows[2].due is not None


def test_a_phase_that_is_no_longer_asked_for_stays_or_becomes_not_applicable(cast: Cast, newer: Catalogue) -> None:
    go(cast, drop_marks=[("CH.d", 3)])
    row = rows_of(cast, "CH.d")[3]
    assert row.status == Status.NOT_APPLICABLE
    assert row.reason == "Version 1.1 of the catalogue no longer asks for it in phase 3."


def test_it_writes_one_event_on_the_project_and_one_for_each_row(cast: Cast, newer: Catalogue) -> None:
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    go(cast, take=["CH.r"], take_marks=[("CH.a", 2)], drop_marks=[("CH.d", 3)], leave_out={"CH.q": "Read elsewhere."})
    events = list(Event.objects.filter(pk__gt=last).order_by("pk"))
    assert sorted((event.action, event.key) for event in events) == [
        ("add from catalogue", "CH.a@2"),
        ("add from catalogue", "CH.r@1"),
        ("add from catalogue", "CH.r@2"),
        ("change", "CH.i"),
        ("change status", "CH.d@3"),
        ("change status", "CH.q@3"),
        ("keep as own", "CH.p"),
        ("keep as own", "CH.q"),
        ("move to version", "alder"),
    ]
    (moved,) = [event for event in events if event.action == "move to version"]
    assert moved.content["changes"] == {
        "catalogue": ["tr20000-5-2010 1.0", "tr20000-5-2010 1.1"],
        "sha256": [Catalogue.objects.get(version="1.0", pack="tr20000-5-2010").sha256, newer.sha256],
        "taken": "CH.r",
        "phases taken": "CH.a@2",
        "phases dropped": "CH.d@3",
        "kept as own": "CH.p",
        "not applicable": "CH.q",
    }
    assert sentence(moved).text == "Mara Moss moved the plan from tr20000-5-2010 1.0 to tr20000-5-2010 1.1"
    said = {sentence(event).text for event in events}
    assert "Mara Moss took CH.r in phase 1 into the plan" in said
    assert "Mara Moss kept CH.p as an activity of the plan's own" in said


def test_an_older_version_is_refused(cast: Cast, newer: Catalogue) -> None:
    go(cast)
    step = step_to(cast.project, "tr20000-5-2010", "1.0")
    assert step is not None
    with pytest.raises(RuleBroken, match="never goes back"):
        move_to_version(
            acting_user=cast.mara,
            project=cast.project,
            step=step,
            choices=Choices(),
            seen=move_of(cast.project, step).digest,
        )


def test_a_form_from_before_is_stale_and_carries_what_was_written(cast: Cast, newer: Catalogue) -> None:
    move = move_for(cast.project)
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target("CH.q", 3)],
        status=Status.IN_PROGRESS,
        text="",
    )
    with pytest.raises(StaleWrite) as stale:
        move_to_version(
            acting_user=cast.mara,
            project=cast.project,
            step=move.step,
            choices=Choices(take=["CH.r"], leave_out={"CH.q": "A long reason."}),
            seen=move.digest,
        )
    assert "A long reason." in stale.value.sent.values()
    assert Project.objects.get(pk=cast.project.pk).catalogue_version == "1.0"


def test_the_same_form_sent_twice_moves_once(cast: Cast, newer: Catalogue) -> None:
    move = move_for(cast.project)
    send = {"acting_user": cast.mara, "project": cast.project, "step": move.step, "seen": move.digest}
    move_to_version(choices=Choices(take=["CH.r"]), **send)
    with pytest.raises(StaleWrite):
        move_to_version(choices=Choices(take=["CH.r"]), **send)
    assert Event.objects.filter(action="move to version").count() == 1


def test_who_may_not_tailor_may_not_move(cast: Cast, newer: Catalogue) -> None:
    move = move_for(cast.project)
    with pytest.raises(NotPermitted):
        move_to_version(
            acting_user=cast.petra, project=cast.project, step=move.step, choices=Choices(), seen=move.digest
        )


def test_what_the_move_does_not_offer_is_refused(cast: Cast, newer: Catalogue) -> None:
    for choices in ({"take": ["MR.a"]}, {"take_marks": [("MR.a", 1)]}, {"leave_out": {"MR.a": "We do not."}}):
        with pytest.raises(RuleBroken, match="not offered"):
            go(cast, **choices)


def test_an_own_activity_joins_the_catalogue_again_when_it_comes_back(
    cast: Cast, newer: Catalogue, tmp_path: Path
) -> None:
    go(cast)
    write_note(acting_user=cast.mara, project=cast.project, target=cast.target("CH.q", 3), note="Still useful.")
    third = load_version(tmp_path, lambda rows: None, version="1.2")
    move = move_for(cast.project)
    own = ProjectActivity.objects.get(project=cast.project, ref="CH.q")
    assert {each.text.ref: each.own for each in move.added}["CH.q"] == own.pk
    go(cast, take=["CH.q"])
    own.refresh_from_db()
    assert (own.catalogue_activity.catalogue, own.title) == (third, "")
    assert cast.row("CH.q", 3).note == "Still useful."


def test_the_supplement_moves_by_itself(cast: Cast, supplement: Catalogue, tmp_path: Path) -> None:
    add_supplement(acting_user=cast.mara, project=cast.project)

    def add(rows) -> None:
        rows["S.CX.z"] = {**rows["S.CX.a"], "ref": "S.CX.z", "title": "Ask the neighbours what they hear"}

    newer = load_version(tmp_path, add, pack="sms-2018-supplement")
    main, step = versions_of(cast.project)
    assert (main.is_newer, step.is_newer, step.target) == (False, True, newer)
    move = move_of(cast.project, step)
    assert [each.text.ref for each in move.added] == ["S.CX.z"]
    move_to_version(
        acting_user=cast.mara,
        project=cast.project,
        step=step,
        choices=Choices(take=["S.CX.z"]),
        seen=move.digest,
    )
    project = Project.objects.get(pk=cast.project.pk)
    assert (project.catalogue_version, project.supplement_version) == ("1.0", "1.1")
    row = ProjectActivity.objects.get(project=project, ref="S.CX.z")
    assert row.is_supplement
    positions = ProjectActivity.objects.filter(project=project, is_supplement=False).values_list("position", flat=True)
    assert row.position > max(positions)


def test_it_takes_few_queries_whatever_it_moves(cast: Cast, newer: Catalogue) -> None:
    move_for(cast.project)
    with CaptureQueriesContext(connection) as looked:
        move = move_for(cast.project)
    assert len(looked) <= 4
    with CaptureQueriesContext(connection) as written:
        move_to_version(
            acting_user=cast.mara,
            project=cast.project,
            step=move.step,
            choices=Choices(take=["CH.r"], take_marks=[("CH.a", 2)], leave_out={"CH.q": "Read elsewhere."}),
            seen=move.digest,
        )
    assert len(written) <= 60
