"""Packages get dates and owners, phases other dates; what follows them moves along."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from phases.models import Package, Phase, PhaseActivity
from phases.selectors.plan_state import plan_state
from phases.selectors.what_moves import outcome_of, what_moves
from phases.selectors.wishes import PackageWish, PhaseWish, RowWish, Wishes
from phases.services.links import add_link
from phases.services.packages import set_packages
from phases.services.phase_dates import set_phase_dates
from phases.services.rows import assign_party, set_due
from phases.services.schedule import move_rows, recompute_plan
from projects.models import Party
from tests.cast import Cast


def wish(cast: Cast, component: str = "CH", phase: int = 2, **values) -> PackageWish:
    package = Package.objects.get(project=cast.project, component=component, phase_number=phase)
    plain = PackageWish(component, phase, package.version, package.start, package.end, package.owner)
    return replace(plain, **values)


def rows_of(cast: Cast, component: str = "CH", phase: int = 2) -> list[PhaseActivity]:
    return list(
        PhaseActivity.objects.filter(
            project=cast.project, activity__component=component, phase_number=phase
        ).select_related("activity")
    )


def sentences(cast: Cast, kind: str) -> list[str]:
    return [
        sentence(event).text for event in Event.objects.filter(stream_id=cast.project.uuid, kind=kind).order_by("seq")
    ]


LATER = (date(2026, 10, 5), date(2026, 11, 20))


def test_a_plan_that_nobody_touched_has_nothing_to_move(cast: Cast) -> None:
    what = outcome_of(plan_state(cast.project), Wishes(everything=True)).what
    assert (what.moves, what.packages, what.phases, what.parties) == ((), (), (), ())


def test_rows_follow_their_package_unless_they_have_a_date_of_their_own(cast: Cast) -> None:
    own = date(2026, 9, 1)
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], due=own)
    what = set_packages(
        acting_user=cast.mara, project=cast.project, wishes=[wish(cast, start=LATER[0], end=LATER[1])], seen=""
    )
    rows = rows_of(cast)
    assert {row.due for row in rows if row.activity.ref == "CH.i"} == {own}
    assert all(LATER[0] <= row.due <= LATER[1] for row in rows if row.activity.ref != "CH.i")
    assert what.kept == 1
    assert {move.component for move in what.moves if move.component == "CH"} == {"CH"}
    assert sentences(cast, "package") == ["Mara Moss gave package CH, phase 2 5 Oct 2026 to 20 Nov 2026"]


def test_release_waits_for_change(cast: Cast) -> None:
    what = what_moves(cast.project, [wish(cast, start=date(2026, 11, 23), end=date(2026, 12, 18))])
    moved = {move.component for move in what.moves}
    assert "RE" in moved
    assert moved <= {"CH", "RE"}


def test_the_preview_writes_nothing_and_says_what_saving_does(cast: Cast) -> None:
    before = {row.pk: (row.due, row.version) for row in rows_of(cast)}
    events = Event.objects.count()
    wishes = [wish(cast, start=LATER[0], end=LATER[1])]
    preview = what_moves(cast.project, wishes)
    assert {row.pk: (row.due, row.version) for row in rows_of(cast)} == before
    assert Event.objects.count() == events
    assert set_packages(acting_user=cast.mara, project=cast.project, wishes=wishes, seen=preview.digest) == preview
    assert {row.pk: row.due for row in rows_of(cast)} == {
        row.pk: next((move.after for move in preview.moves if move.pk == row.pk), before[row.pk][0])
        for row in rows_of(cast)
    }


def test_a_preview_of_a_plan_that_moved_on_is_not_saved(cast: Cast) -> None:
    wishes = [wish(cast, start=LATER[0], end=LATER[1])]
    preview = what_moves(cast.project, wishes)
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], due=date(2026, 9, 1))
    with pytest.raises(StaleWrite):
        set_packages(acting_user=cast.mara, project=cast.project, wishes=wishes, seen=preview.digest)
    assert Package.objects.get(project=cast.project, component="CH", phase_number=2).start is None


def test_a_package_that_somebody_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    first = wish(cast, start=LATER[0], end=LATER[1])
    set_packages(acting_user=cast.mara, project=cast.project, wishes=[first])
    with pytest.raises(StaleWrite) as refused:
        set_packages(acting_user=cast.mara, project=cast.project, wishes=[replace(first, end=date(2026, 12, 1))])
    assert refused.value.current["End"] == "2026-11-20"


def test_without_dates_a_package_follows_its_phase_again_and_all_is_as_before(cast: Cast) -> None:
    before = {row.pk: row.due for row in PhaseActivity.objects.filter(project=cast.project)}
    set_packages(acting_user=cast.mara, project=cast.project, wishes=[wish(cast, start=LATER[0], end=LATER[1])])
    set_packages(acting_user=cast.mara, project=cast.project, wishes=[wish(cast, start=None, end=None)])
    recompute_plan(acting_user=cast.mara, project=cast.project, seen="")
    assert {row.pk: row.due for row in PhaseActivity.objects.filter(project=cast.project)} == before


def test_open_rows_go_to_the_owner_of_the_package_unless_given_by_hand(cast: Cast) -> None:
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], party=cast.parties["tim"]
    )
    wishes = [wish(cast, owner=cast.parties["petra"])]
    preview = what_moves(cast.project, wishes)
    assert {(move.before, move.after) for move in preview.parties} == {("", "Petra Pohl")}
    set_packages(acting_user=cast.mara, project=cast.project, wishes=wishes, seen=preview.digest)
    assert {(row.activity.ref == "CH.i", row.accountable_id) for row in rows_of(cast)} == {
        (True, cast.parties["tim"].pk),
        (False, cast.parties["petra"].pk),
    }
    assert len(preview.parties) == len(rows_of(cast)) - 1


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (date(2026, 10, 5), None, "end"),
        (None, date(2026, 10, 5), "start"),
        (date(2026, 10, 5), date(2026, 10, 4), "end"),
        (date(2026, 1, 11), date(2026, 10, 4), "start"),
        (date(2026, 10, 5), date(2029, 10, 4), "end"),
    ],
)
def test_days_that_cannot_be_are_refused(cast: Cast, start, end, field) -> None:
    with pytest.raises(RuleBroken) as refused:
        set_packages(acting_user=cast.mara, project=cast.project, wishes=[wish(cast, start=start, end=end)])
    assert refused.value.field == field


def test_a_package_past_its_phase_is_warned_of(cast: Cast) -> None:
    end = Phase.objects.get(project=cast.project, number=2).end
    what = what_moves(cast.project, [wish(cast, start=LATER[0], end=end + timedelta(days=20))])
    assert what.warnings[0].startswith("CH ends after phase 2")


def test_only_who_schedules_sets_packages_and_only_ones_own_project(cast: Cast) -> None:
    for person in (cast.petra, cast.audra, cast.bruno):
        with pytest.raises(NotPermitted):
            set_packages(acting_user=person, project=cast.project, wishes=[wish(cast)])
    stranger = Party.objects.create(project=cast.other, name="Stranger")
    with pytest.raises(Party.DoesNotExist):
        set_packages(acting_user=cast.mara, project=cast.project, wishes=[wish(cast, owner=stranger)])


def test_a_phase_that_ends_later_takes_the_later_ones_along(cast: Cast) -> None:
    phases = {phase.number: phase for phase in Phase.objects.filter(project=cast.project)}
    moved = PhaseWish(1, phases[1].version, phases[1].start, phases[1].end + timedelta(days=14))
    what = set_phase_dates(acting_user=cast.mara, project=cast.project, wish=moved, reason="The supplier is late.")
    after = {phase.number: phase for phase in Phase.objects.filter(project=cast.project)}
    assert [move.number for move in what.phases] == [1, 2, 3]
    for number in (2, 3):
        assert after[number].start == phases[number].start + timedelta(days=14)
        assert after[number].end == phases[number].end + timedelta(days=14)
    for row in PhaseActivity.objects.filter(project=cast.project, phase_number__in=[2, 3]):
        assert after[row.phase_number].start <= row.due <= after[row.phase_number].end


def test_a_package_with_dates_moves_along_with_its_phase(cast: Cast) -> None:
    set_packages(acting_user=cast.mara, project=cast.project, wishes=[wish(cast, start=LATER[0], end=LATER[1])])
    phase = Phase.objects.get(project=cast.project, number=1)
    moved = PhaseWish(1, phase.version, phase.start, phase.end + timedelta(days=7))
    set_phase_dates(acting_user=cast.mara, project=cast.project, wish=moved)
    package = Package.objects.get(project=cast.project, component="CH", phase_number=2)
    assert (package.start, package.end) == (LATER[0] + timedelta(days=7), LATER[1] + timedelta(days=7))


def test_a_phase_does_not_run_into_the_next_unless_that_moves_along(cast: Cast) -> None:
    phase = Phase.objects.get(project=cast.project, number=1)
    late = PhaseWish(1, phase.version, phase.start, phase.end + timedelta(days=7), shift_later=False)
    with pytest.raises(RuleBroken, match="let the later phases move along"):
        set_phase_dates(acting_user=cast.mara, project=cast.project, wish=late)


def test_what_waits_for_a_date_set_by_hand_gives_way(cast: Cast) -> None:
    first = sorted(rows_of(cast, "CH"), key=lambda row: str(row.due))[0]
    second = next(row for row in rows_of(cast, "IN") if row.due >= first.due)
    add_link(acting_user=cast.mara, project=cast.project, before=first.activity, after=second.activity)
    late = second.due + timedelta(days=14)
    wishes = [RowWish(first.pk, first.version, late)]
    what = outcome_of(plan_state(cast.project), Wishes(rows=tuple(wishes))).what
    assert {move.ref for move in what.moves} >= {first.activity.ref, second.activity.ref}
    move_rows(acting_user=cast.mara, project=cast.project, wishes=wishes, seen=what.digest)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.due, first.due_is_own) == (late, True)
    assert second.due > late
    assert not second.due_is_own


def test_a_date_taken_off_a_row_gives_it_that_of_the_plan(cast: Cast) -> None:
    planned = cast.row("CH.i", 2).due
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], due=date(2026, 9, 1))
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], due=None)
    row = cast.row("CH.i", 2)
    assert (row.due, row.due_is_own) == (planned, False)


def test_late_rows_keep_their_dates_unless_asked(cast: Cast) -> None:
    PhaseActivity.objects.filter(project=cast.project, phase_number=0).update(status="done")
    PhaseActivity.objects.filter(pk=cast.row("CH.i", 1).pk).update(due=date(2026, 2, 2))
    assert outcome_of(plan_state(cast.project), Wishes(everything=True)).what.moves == ()
    what = outcome_of(plan_state(cast.project), Wishes(everything=True, late=True)).what
    assert [move.ref for move in what.moves] == ["CH.i"]
    recompute_plan(acting_user=cast.mara, project=cast.project, seen=what.digest, late=True)
    assert cast.row("CH.i", 1).due == what.moves[0].after
    assert sentences(cast, "plan") == ["Mara Moss recomputed the plan: 1 date moved"]


def test_recomputing_takes_few_queries(cast: Cast, django_assert_max_num_queries) -> None:
    PhaseActivity.objects.filter(project=cast.project, phase_number=2).update(due=date(2026, 12, 24))
    with django_assert_max_num_queries(30):
        what = recompute_plan(acting_user=cast.mara, project=cast.project, seen="")
    assert len(what.moves) > 150
