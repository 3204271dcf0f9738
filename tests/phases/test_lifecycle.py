"""The end of a phase: review, carry-over, frozen rows, and the beginning of the next."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from phases.choices import Origin, PhaseState
from phases.models import Phase, PhaseActivity, Round
from phases.services.lifecycle import close_phase, resume_phase, review_phase, start_phase
from phases.services.operation import finish_round, set_rhythm
from phases.services.rows import Target, assign_party, change_status
from projects.registries import ClosingCheck, closing_checks, register_closing_check
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def phase(cast: Cast, number: int) -> Phase:
    return Phase.objects.get(project=cast.project, number=number)


def to_phase(cast: Cast, number: int) -> None:
    for before in range(number):
        close_phase(acting_user=cast.mara, project=cast.project, number=before, reason="Agreed")
        start_phase(acting_user=cast.mara, project=cast.project, number=before + 1)


def step(cast: Cast, ref: str, number: int, *statuses: str) -> None:
    for status in statuses:
        change_status(
            acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, number)], status=status, text="Why"
        )


def test_a_phase_goes_into_review_and_back(cast: Cast):
    review_phase(acting_user=cast.mara, project=cast.project, number=0)
    assert (phase(cast, 0).state, phase(cast, 0).review_since) == (PhaseState.IN_REVIEW, date(2026, 3, 2))
    with pytest.raises(RuleBroken, match="Say why"):
        resume_phase(acting_user=cast.mara, project=cast.project, number=0)
    resume_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Two reviewers are ill")
    assert (phase(cast, 0).state, phase(cast, 0).review_since) == (PhaseState.ACTIVE, None)


@pytest.mark.parametrize("act", [review_phase, resume_phase, close_phase])
def test_a_planned_phase_has_no_end(cast: Cast, act):
    with pytest.raises(RuleBroken):
        act(acting_user=cast.mara, project=cast.project, number=2, **({} if act is review_phase else {"reason": "So"}))


@pytest.mark.parametrize("who", ["petra", "tim", "chen", "audra"])
@pytest.mark.parametrize("act", [review_phase, close_phase, start_phase])
def test_others_than_the_manager_end_no_phase(cast: Cast, who, act):
    with pytest.raises(NotPermitted):
        act(acting_user=getattr(cast, who), project=cast.project, number=0)


def test_of_two_who_close_at_once_one_does(cast: Cast):
    seen = phase(cast, 0).version
    close_phase(acting_user=cast.mara, project=cast.project, number=0, version=seen, reason="Agreed")
    with pytest.raises(StaleWrite):
        close_phase(acting_user=cast.olga, project=cast.project, number=0, version=seen, reason="Agreed")
    assert Event.objects.filter(stream_id=cast.project.uuid, action="close phase").count() == 1


def test_a_closing_check_that_fails_closes_nothing_and_carries_nothing(cast: Cast):
    register_closing_check("test", ClosingCheck("Gate", lambda project, number: "The gate has not decided."))
    try:
        with pytest.raises(RuleBroken, match="The gate has not decided"):
            close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Agreed")
    finally:
        closing_checks.remove("test")
    assert phase(cast, 0).state == PhaseState.ACTIVE
    assert not PhaseActivity.objects.filter(project=cast.project, carried_from__isnull=False).exists()


def test_what_is_unfinished_goes_on_in_the_row_that_the_next_phase_has(cast: Cast):
    to_phase(cast, 1)
    step(cast, "DR.a", 1, "in progress")
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("DR.a", 1)], party=cast.parties["petra"]
    )
    old, there = cast.row("DR.a", 1), cast.row("DR.a", 2)
    close_phase(acting_user=cast.mara, project=cast.project, number=1, reason="Time is up")
    new = cast.row("DR.a", 2)
    assert (new.pk, new.carried_from_id, new.origin) == (there.pk, old.pk, Origin.CATALOGUE)
    assert (new.status, new.accountable, new.version) == ("in progress", cast.parties["petra"], there.version + 1)
    assert cast.row("DR.a", 1).status == "in progress"


def test_what_the_next_phase_lacks_is_made_there(cast: Cast):
    to_phase(cast, 1)
    lonely = (
        PhaseActivity.objects.filter(project=cast.project, phase_number=1)
        .exclude(activity__in_phases__phase_number=2)
        .filter(activity__ref__contains=".")
        .exclude(carried_from__isnull=False)
        .select_related("activity")
        .first()
    )
    assert lonely is not None
    ref = lonely.activity.ref
    step(cast, ref, 1, "in progress", "blocked")
    close_phase(acting_user=cast.mara, project=cast.project, number=1, reason="Time is up")
    new = cast.row(ref, 2)
    assert (new.status, new.reason, new.origin, new.origin_phase) == ("blocked", "Why", Origin.CARRIED, 1)
    assert new.carried_from_id == lonely.pk
    assert new.due is not None
    assert phase(cast, 2).start <= new.due <= phase(cast, 2).end


def test_what_is_finished_or_left_out_stays_behind(cast: Cast):
    to_phase(cast, 1)
    step(cast, "DR.a", 1, "in progress", "done")
    step(cast, "MR.a", 1, "not applicable")
    close_phase(acting_user=cast.mara, project=cast.project, number=1, reason="Time is up")
    assert cast.row("DR.a", 2).carried_from_id is None
    assert cast.row("MR.a", 2).carried_from_id is None


def test_a_closed_phase_keeps_its_rows_as_they_stood(cast: Cast):
    to_phase(cast, 1)
    step(cast, "DR.a", 1, "in progress")
    close_phase(acting_user=cast.mara, project=cast.project, number=1, reason="Time is up")
    frozen = phase(cast, 1).frozen
    assert frozen is not None
    row = next(row for row in frozen["rows"] if row["ref"] == "DR.a")
    assert (row["status"], row["phase"]) == ("in progress", 1)
    assert (
        len(frozen["rows"])
        == len(frozen["export"])
        == PhaseActivity.objects.filter(project=cast.project, phase_number=1).count()
    )


def done_throughout(cast: Cast, ref: str) -> None:
    """`ref` done in the last phase that has it before operation."""
    number = max(row.phase_number for row in PhaseActivity.objects.filter(project=cast.project, activity__ref=ref))
    step(cast, ref, number, "in progress", "done")


def to_operation(cast: Cast) -> None:
    to_phase(cast, 3)
    done_throughout(cast, "MR.g")
    close_phase(acting_user=cast.mara, project=cast.project, number=3, reason="Agreed")
    start_phase(acting_user=cast.mara, project=cast.project, number=4)


def test_operation_opens_with_what_goes_on(cast: Cast):
    to_operation(cast)
    row = cast.row("MR.g", 4)
    assert (row.activity.nature, row.status, row.rhythm) == ("operate", "in progress", "monthly")
    assert (row.operating_since, row.due) == (date(2026, 3, 2), date(2026, 4, 2))


def test_a_round_moves_the_due_day_by_the_rhythm_and_counts_once(cast: Cast):
    to_operation(cast)
    target = cast.target("MR.g", 4)
    made = finish_round(acting_user=cast.mara, project=cast.project, target=target, note="All tickets sampled")
    assert (made.due, made.done_on, made.note) == (date(2026, 4, 2), date(2026, 3, 2), "All tickets sampled")
    assert cast.row("MR.g", 4).due == date(2026, 5, 2)
    with pytest.raises(StaleWrite):
        finish_round(acting_user=cast.mara, project=cast.project, target=target)
    assert Round.objects.count() == 1


def test_a_late_round_is_due_again_after_the_day_it_was_done(cast: Cast):
    to_operation(cast)
    with clock.moved_to(datetime(2026, 6, 10, 9, tzinfo=UTC)):
        finish_round(acting_user=cast.mara, project=cast.project, target=cast.target("MR.g", 4))
    assert cast.row("MR.g", 4).due == date(2026, 7, 2)


def test_a_round_of_tomorrow_is_refused(cast: Cast):
    to_operation(cast)
    with pytest.raises(RuleBroken, match="not come yet"):
        finish_round(
            acting_user=cast.mara,
            project=cast.project,
            target=cast.target("MR.g", 4),
            done_on=clock.today() + timedelta(days=1),
        )


def test_a_rhythm_can_be_changed_in_operation_alone(cast: Cast):
    to_operation(cast)
    set_rhythm(acting_user=cast.mara, project=cast.project, targets=[cast.target("MR.g", 4)], rhythm="yearly")
    assert cast.row("MR.g", 4).rhythm == "yearly"
    row = cast.row("MR.g", 3)
    with pytest.raises(RuleBroken):
        set_rhythm(acting_user=cast.mara, project=cast.project, targets=[Target(row.pk, row.version)], rhythm="yearly")
