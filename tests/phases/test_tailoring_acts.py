"""Own activities, rows moved and added, activities split and joined, and each act undone."""

from uuid import uuid4

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from notifications.services.comments import add_comment
from phases.choices import Origin, Status
from phases.domain.tailoring import ADDED, MOVED, OWN, PART, SPLIT
from phases.models import ActivityLink, Package, Phase, PhaseActivity, ProjectActivity
from phases.selectors.figures import figures_of
from phases.selectors.tailoring import tailoring_of
from phases.services.rows import RowsRefused, Target, assign_party, change_status, set_due, write_note
from phases.services.tailoring.leave_out import bring_back, leave_out
from phases.services.tailoring.own import OwnActivity, add_own, change_own
from phases.services.tailoring.places import add_to_phase, move_to_phase
from phases.services.tailoring.split import join, split
from phases.services.tailoring.undo import undo, undoing_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def own(**changes) -> OwnActivity:
    """An own activity of change management."""
    said = {
        "title": "Agree changes with the works council",
        "component": "CH",
        "nature": "define",
        "roles": ["Change management"],
        "clauses": ["8.5.1"],
        "is_key": True,
        "description": "Ask **before** the plan is made.",
        "effort": "small",
    }
    return OwnActivity(**{**said, **changes})


def make_own(cast: Cast, phases=(2, 3), **changes) -> ProjectActivity:
    """Mara makes one."""
    return add_own(
        acting_user=cast.mara, project=cast.project, said=own(**changes), phases=phases, reason="Labour law asks it"
    )


def activity(cast: Cast, ref: str = "CH.i") -> ProjectActivity:
    """An activity of Alder's plan."""
    return ProjectActivity.objects.get(project=cast.project, ref=ref)


def halve(cast: Cast, ref: str = "CH.i", names=("Graz", "Vienna")) -> list[ProjectActivity]:
    """Mara splits an activity."""
    return split(
        acting_user=cast.mara, project=cast.project, activity=activity(cast, ref), names=names, reason="Two sites"
    )


def last(cast: Cast, action: str) -> Event:
    """The newest event of an action."""
    return Event.objects.filter(stream_id=cast.project.uuid, action=action).latest("seq")


def set_status(cast: Cast, ref: str, phase: int, status: str, text: str = "") -> None:
    """Mara reports."""
    change_status(
        acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, phase)], status=status, text=text
    )


def applicable(cast: Cast) -> dict[int, int]:
    """The base of every share, by phase."""
    return {number: tally.applicable for number, tally in figures_of(cast.project).phases.items() if number}


def state(cast: Cast) -> list[tuple]:
    """The plan without versions and instants."""
    rows = PhaseActivity.objects.filter(project=cast.project).order_by("activity__ref", "phase_number")
    return list(
        rows.values_list(
            "activity__ref", "phase_number", "status", "reason", "due", "accountable", "origin", "origin_phase"
        )
    )


class TestOwn:
    """Activities of the plan's own."""

    def test_it_counts_where_the_catalogue_counts(self, cast: Cast):
        before = applicable(cast)
        made = make_own(cast)
        assert made.ref == "CH.own-1"
        assert applicable(cast) == {1: before[1], 2: before[2] + 1, 3: before[3] + 1}
        found = tailoring_of(cast.project)
        assert [(line.ref, line.phase, line.kind, line.why) for line in found.differing] == [
            ("CH.own-1", 2, OWN, "Labour law asks it"),
            ("CH.own-1", 3, OWN, "Labour law asks it"),
        ]
        assert found.total.own == 2

    def test_its_rows_are_dated_and_given_out_like_the_catalogues(self, cast: Cast):
        make_own(cast)
        row = cast.row("CH.own-1", 2)
        phase = Phase.objects.get(project=cast.project, number=2)
        assert phase.start <= row.due <= phase.end
        assert Package.objects.filter(project=cast.project, component="CH", phase_number=2).count() == 1

    def test_a_ref_is_never_given_twice(self, cast: Cast):
        make_own(cast)
        undo(acting_user=cast.mara, project=cast.project, seq=last(cast, "create own").seq)
        assert make_own(cast).ref == "CH.own-2"
        assert make_own(cast, component="SU").ref == "SU.own-1"

    def test_it_can_be_changed_and_a_stale_change_is_refused(self, cast: Cast):
        made = make_own(cast)
        change_own(
            acting_user=cast.mara, project=cast.project, activity=made, version=1, said=own(title="Hear the council")
        )
        assert activity(cast, "CH.own-1").title == "Hear the council"
        assert sentence(last(cast, "change own")).text == (
            "Mara Moss changed CH.own-1 Hear the council, an activity of the plan's own"
        )
        with pytest.raises(StaleWrite):
            change_own(acting_user=cast.mara, project=cast.project, activity=made, version=1, said=own())

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("title", {"title": " !"}),
            ("title", {"title": "x" * 121}),
            ("component", {"component": "XX"}),
            ("nature", {"nature": "dream"}),
            ("roles", {"roles": []}),
            ("roles", {"roles": ["Emperor"]}),
            ("clauses", {"clauses": ["99.1"]}),
            ("effort", {"effort": "endless"}),
            ("description", {"description": "x" * 20_001}),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, cast: Cast, field: str, changes):
        with pytest.raises(RuleBroken) as refused:
            make_own(cast, **changes)
        assert refused.value.field == field

    @pytest.mark.parametrize("phases", [(), (7,)])
    def test_it_needs_a_phase_that_is_open(self, cast: Cast, phases):
        with pytest.raises(RuleBroken) as refused:
            make_own(cast, phases=phases)
        assert refused.value.field == "phases"
        Phase.objects.filter(project=cast.project, number=1).update(state="closed")
        with pytest.raises(RuleBroken, match="closed"):
            make_own(cast, phases=(1,))

    def test_an_activity_of_the_catalogue_cannot_be_changed(self, cast: Cast):
        with pytest.raises(RuleBroken, match="from the catalogue"):
            change_own(acting_user=cast.mara, project=cast.project, activity=activity(cast), version=1, said=own())


class TestPlaces:
    """Moving and adding."""

    def test_a_moved_row_keeps_what_was_reported_and_gets_a_date_in_its_new_phase(self, cast: Cast):
        ref, phase = free_row(cast)
        set_status(cast, ref, 1, "in progress")
        write_note(acting_user=cast.mara, project=cast.project, target=cast.target(ref, 1), note="Half way")
        moved = move_to_phase(
            acting_user=cast.mara, project=cast.project, target=cast.target(ref, 1), phase=phase, reason="Too early"
        )
        row = cast.row(ref, phase)
        assert row.pk == moved.pk
        assert (row.status, row.note, row.origin, row.origin_phase) == ("in progress", "Half way", Origin.MOVED, 1)
        window = Phase.objects.get(project=cast.project, number=phase)
        assert window.start <= row.due <= window.end
        (line,) = tailoring_of(cast.project).differing
        assert (line.kind, line.origin_phase, line.why, line.who) == (MOVED, 1, "Too early", "Mara Moss")
        assert sentence(last(cast, "move row")).text == f"Mara Moss moved {ref} to phase {phase}"

    def test_back_in_its_first_place_it_is_the_catalogues_again(self, cast: Cast):
        ref, phase = free_row(cast)
        for number in (phase, 1):
            here = 1 if number == phase else phase
            move_to_phase(
                acting_user=cast.mara,
                project=cast.project,
                target=cast.target(ref, here),
                phase=number,
                reason="To and fro",
            )
        assert tailoring_of(cast.project).differing == ()
        assert cast.row(ref, 1).origin == Origin.CATALOGUE

    def test_a_date_that_somebody_fixed_stays(self, cast: Cast):
        ref, phase = free_row(cast)
        day = cast.row(ref, 1).due
        set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, 1)], due=day)
        move_to_phase(
            acting_user=cast.mara, project=cast.project, target=cast.target(ref, 1), phase=phase, reason="Too early"
        )
        assert cast.row(ref, phase).due == day

    def test_finished_and_left_out_rows_stay_where_they_are(self, cast: Cast):
        ref, phase = free_row(cast)

        def move() -> None:
            move_to_phase(
                acting_user=cast.mara, project=cast.project, target=cast.target(ref, 1), phase=phase, reason="No no"
            )

        set_status(cast, ref, 1, "not applicable", "Not ours")
        with pytest.raises(RuleBroken, match="Bring it back in first"):
            move()
        set_status(cast, ref, 1, "not started")
        set_status(cast, ref, 1, "in progress")
        set_status(cast, ref, 1, "done")
        with pytest.raises(RuleBroken, match="reported done in phase 1"):
            move()

    def test_a_place_that_is_taken_or_closed_is_refused(self, cast: Cast):
        taken = PhaseActivity.objects.filter(project=cast.project, activity__ref="CH.i").count()
        assert taken > 1
        with pytest.raises(RuleBroken, match="stands in phase 2 already"):
            move_to_phase(
                acting_user=cast.mara, project=cast.project, target=cast.target("CH.i", 1), phase=2, reason="No no"
            )
        ref, phase = free_row(cast)
        Phase.objects.filter(project=cast.project, number=phase).update(state="closed")
        with pytest.raises(RuleBroken, match="is closed"):
            add_to_phase(
                acting_user=cast.mara, project=cast.project, activity=activity(cast, ref), phase=phase, reason="No no"
            )
        Phase.objects.filter(project=cast.project, number=1).update(state="closed")
        with pytest.raises(RowsRefused, match="Phase 1 is closed"):
            move_to_phase(
                acting_user=cast.mara, project=cast.project, target=cast.target(ref, 1), phase=4, reason="No no"
            )

    def test_an_added_phase_has_a_row_of_its_own(self, cast: Cast):
        ref, phase = free_row(cast)
        row = add_to_phase(
            acting_user=cast.mara, project=cast.project, activity=activity(cast, ref), phase=phase, reason="Again then"
        )
        assert (row.origin, row.tailored_why, row.status) == (Origin.ADDED, "Again then", Status.NOT_STARTED)
        (line,) = tailoring_of(cast.project).differing
        assert (line.kind, line.why, line.who) == (ADDED, "Again then", "Mara Moss")
        with pytest.raises(RuleBroken, match="already"):
            add_to_phase(
                acting_user=cast.mara, project=cast.project, activity=activity(cast, ref), phase=phase, reason="Twice"
            )


def free_row(cast: Cast) -> tuple[str, int]:
    """An activity of phase 1 that nothing waits for in a later phase, and that phase."""
    for ref in PhaseActivity.objects.filter(project=cast.project, phase_number=1).values_list(
        "activity__ref", flat=True
    ):
        held = set(
            PhaseActivity.objects.filter(project=cast.project, activity__ref=ref).values_list("phase_number", flat=True)
        )
        if 3 not in held:
            return ref, 3
    raise AssertionError("every activity of phase 1 goes on to phase 3")


class TestSplit:
    """Parts for several services or sites."""

    def test_figures_count_the_parts_and_not_the_whole(self, cast: Cast):
        before = applicable(cast)
        halve(cast)
        assert applicable(cast) == {number: count + 1 for number, count in before.items()}
        found = tailoring_of(cast.project)
        assert {(line.ref, line.kind) for line in found.differing} == {
            ("CH.i", SPLIT),
            ("CH.i/1", PART),
            ("CH.i/2", PART),
        }
        assert found.total.parts == 3
        assert found.total.left_out == 0
        assert found.checks.left_out == 0

    def test_each_part_has_the_open_phases_of_the_whole_and_goes_on_as_it_stood(self, cast: Cast):
        party = cast.parties["petra"]
        set_status(cast, "CH.i", 1, "in progress")
        set_status(cast, "CH.i", 1, "done")
        set_status(cast, "CH.i", 2, "in progress")
        assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], party=party)
        halve(cast)
        rows = PhaseActivity.objects.filter(project=cast.project, activity__ref="CH.i/2").order_by("phase_number")
        assert [(row.phase_number, row.status, row.origin) for row in rows] == [
            (2, "in progress", "part"),
            (3, "not started", "part"),
        ]
        assert rows[0].accountable == party
        assert cast.row("CH.i", 1).status == "done"
        assert cast.row("CH.i", 2).reason == "Split into CH.i/1 Graz, CH.i/2 Vienna. Two sites"
        assert activity(cast, "CH.i/2").title.endswith(": Vienna")

    def test_parts_wait_as_the_whole_does(self, cast: Cast):
        link = ActivityLink.objects.filter(project=cast.project).first()
        ref = link.after.ref
        parts = halve(cast, ref)
        for part in parts:
            assert ActivityLink.objects.filter(before=link.before, after=part, from_catalogue=True).exists()

    def test_the_whole_does_not_come_back_beside_its_parts(self, cast: Cast):
        halve(cast)
        with pytest.raises(RowsRefused, match=r"split into CH.i/1, CH.i/2. Join them first"):
            bring_back(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)])

    def test_joined_again_everything_is_as_it_was(self, cast: Cast):
        set_status(cast, "CH.i", 2, "blocked", "no licence yet")
        before, base = state(cast), applicable(cast)
        halve(cast)
        join(acting_user=cast.mara, project=cast.project, activity=activity(cast), reason="One site again")
        assert state(cast) == before
        assert applicable(cast) == base
        assert halve(cast)[0].ref == "CH.i/3"

    def test_parts_that_hold_work_are_not_joined(self, cast: Cast):
        halve(cast)
        set_status(cast, "CH.i/1", 2, "in progress")
        with pytest.raises(RuleBroken, match=r"reported on CH.i/1 in phase 2"):
            join(acting_user=cast.mara, project=cast.project, activity=activity(cast), reason="No no")

    def test_parts_that_somebody_commented_on_are_not_joined(self, cast: Cast):
        halve(cast)
        add_comment(acting_user=cast.petra, project=cast.project, kind="activity", key="CH.i/2", body="Mine")
        with pytest.raises(RuleBroken, match=r"commented on CH.i/2"):
            join(acting_user=cast.mara, project=cast.project, activity=activity(cast), reason="No no")

    @pytest.mark.parametrize(
        "names", [[], ["Graz"], ["Graz", " graz "], ["x" * 81, "Graz"], [f"Site {n}" for n in range(21)]]
    )
    def test_it_takes_two_names_or_more_all_different(self, cast: Cast, names):
        with pytest.raises(RuleBroken) as refused:
            halve(cast, names=names)
        assert refused.value.field == "names"

    def test_a_part_or_a_split_activity_is_not_split(self, cast: Cast):
        halve(cast)
        with pytest.raises(RuleBroken, match="split already"):
            halve(cast)
        with pytest.raises(RuleBroken, match="is a part already"):
            halve(cast, "CH.i/1")

    def test_the_address_of_a_part_works_with_its_comments(self, cast: Cast, sign_in):
        halve(cast)
        client = sign_in(cast.petra)
        assert "Vienna" in client.get("/projects/alder/activities/CH.i/2/").content.decode()
        assert client.get("/projects/alder/activities/CH.i/").status_code == 200
        answer = client.post(
            "/projects/alder/activities/CH.i/2/comments/", {"body": "Hello from Vienna", "nonce": str(uuid4())}
        )
        assert answer.status_code == 302
        assert "Hello from Vienna" in client.get("/projects/alder/activities/CH.i/2/").content.decode()
        assert "Hello from Vienna" not in client.get("/projects/alder/activities/CH.i/").content.decode()


class TestUndo:
    """Every act of tailoring taken back, or refused with why."""

    def test_leaving_out_is_undone_with_the_status_and_words_before(self, cast: Cast):
        set_status(cast, "CH.i", 2, "blocked", "no licence yet")
        before = state(cast)
        leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], reason="Not ours")
        seq = last(cast, "change status").seq
        assert (
            undo(acting_user=cast.mara, project=cast.project, seq=seq) == "It applies again and is blocked, as before."
        )
        assert state(cast) == before
        event = last(cast, "change status")
        assert event.content["reason"] == f"Undo of event {seq}"
        assert event.seq > seq

    def test_bringing_back_is_undone_with_the_justification(self, cast: Cast):
        leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], reason="Not ours")
        before = state(cast)
        bring_back(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)])
        undo(acting_user=cast.mara, project=cast.project, seq=last(cast, "change status").seq)
        assert state(cast) == before
        assert cast.row("CH.i", 2).reason == "Not ours"

    def test_a_move_an_added_phase_a_split_and_an_own_activity_are_undone(self, cast: Cast):
        ref, phase = free_row(cast)
        before = state(cast)
        move_to_phase(
            acting_user=cast.mara, project=cast.project, target=cast.target(ref, 1), phase=phase, reason="Too early"
        )
        undo(acting_user=cast.mara, project=cast.project, seq=last(cast, "move row").seq)
        again = state(cast)
        assert [row[:4] for row in again] == [row[:4] for row in before]
        assert [row[6:] for row in again] == [row[6:] for row in before]
        add_to_phase(
            acting_user=cast.mara, project=cast.project, activity=activity(cast, ref), phase=phase, reason="Again"
        )
        undo(acting_user=cast.mara, project=cast.project, seq=last(cast, "add phase").seq)
        halve(cast)
        undo(acting_user=cast.mara, project=cast.project, seq=last(cast, "split").seq)
        make_own(cast)
        undo(acting_user=cast.mara, project=cast.project, seq=last(cast, "create own").seq)
        assert state(cast) == again
        assert not ProjectActivity.objects.filter(project=cast.project, ref="CH.own-1").exists()

    def test_what_moved_on_is_refused_with_what_happened(self, cast: Cast):
        leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], reason="Not ours")
        seq = last(cast, "change status").seq
        bring_back(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)])
        with pytest.raises(RuleBroken, match=r"moved on since: Mara Moss set CH.i in phase 2 from not applicable"):
            undo(acting_user=cast.mara, project=cast.project, seq=seq)
        assert "moved on since" in undoing_of(cast.project, seq).why_not

    def test_a_row_that_was_reported_on_is_not_taken_out(self, cast: Cast):
        make_own(cast)
        set_status(cast, "CH.own-1", 2, "in progress")
        for action in ("create own", "add own row"):
            event = Event.objects.filter(stream_id=cast.project.uuid, action=action).order_by("seq").first()
            with pytest.raises(RuleBroken, match=r"reported on CH.own-1 in phase 2"):
                undo(acting_user=cast.mara, project=cast.project, seq=event.seq)

    def test_a_closed_phase_stays(self, cast: Cast):
        leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], reason="Not ours")
        Phase.objects.filter(project=cast.project, number=2).update(state="closed")
        with pytest.raises(RuleBroken, match="Phase 2 is closed"):
            undo(acting_user=cast.mara, project=cast.project, seq=last(cast, "change status").seq)

    def test_a_report_or_an_act_of_another_kind_cannot_be_undone(self, cast: Cast):
        set_status(cast, "CH.i", 2, "in progress")
        with pytest.raises(RuleBroken, match="no act of tailoring"):
            undo(acting_user=cast.mara, project=cast.project, seq=last(cast, "change status").seq)
        with pytest.raises(RuleBroken, match="Only acts of tailoring"):
            undo(acting_user=cast.mara, project=cast.project, seq=1)
        with pytest.raises(Event.DoesNotExist):
            undo(acting_user=cast.mara, project=cast.project, seq=10_000)

    def test_only_who_may_tailor_undoes(self, cast: Cast):
        leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], reason="Not ours")
        with pytest.raises(NotPermitted):
            undo(acting_user=cast.petra, project=cast.project, seq=last(cast, "change status").seq)


def test_nothing_of_another_project_is_tailored(cast: Cast):
    strange = ProjectActivity.objects.filter(project=cast.other).first()
    row = PhaseActivity.objects.filter(project=cast.other).first()
    with pytest.raises(ProjectActivity.DoesNotExist):
        add_to_phase(acting_user=cast.mara, project=cast.project, activity=strange, phase=4, reason="No no")
    with pytest.raises(ProjectActivity.DoesNotExist):
        split(acting_user=cast.mara, project=cast.project, activity=strange, names=["A", "B"], reason="No no")
    with pytest.raises(ProjectActivity.DoesNotExist):
        join(acting_user=cast.mara, project=cast.project, activity=strange, reason="No no")
    with pytest.raises(PhaseActivity.DoesNotExist):
        move_to_phase(
            acting_user=cast.mara, project=cast.project, target=Target(row.pk, row.version), phase=4, reason="No no"
        )


def test_only_who_may_tailor_tailors(cast: Cast):
    acts = [
        lambda who: add_own(acting_user=who, project=cast.project, said=own(), phases=[2], reason="No no"),
        lambda who: add_to_phase(
            acting_user=who, project=cast.project, activity=activity(cast), phase=4, reason="No no"
        ),
        lambda who: move_to_phase(acting_user=who, project=cast.project, target=cast.target(), phase=4, reason="No no"),
        lambda who: split(
            acting_user=who, project=cast.project, activity=activity(cast), names=["A", "B"], reason="No no"
        ),
    ]
    for who in (cast.petra, cast.audra, cast.bruno):
        for act in acts:
            with pytest.raises(NotPermitted):
                act(who)
