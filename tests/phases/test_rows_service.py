"""Changing rows through the service: rights, reasons, stale writes, all or none."""

from datetime import date, timedelta

import pytest
from django.db import connection

from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from phases.domain.transitions import STATUSES, refusal, transition
from phases.guards import TransitionGuard, register_transition_guard, transition_guards
from phases.models import Contributor, PhaseActivity
from phases.services.lifecycle import close_phase
from phases.services.rows import RowsRefused, Target, assign_party, change_status, set_due, write_note
from projects.models import GroupMember, Party
from tests.cast import Cast

DEFINE = "CH.b"
OPERATE = "CH.i"


def put(cast: Cast, status: str, ref: str = DEFINE) -> Target:
    """Bring a row of phase 1 straight to `status`, and name it."""
    PhaseActivity.objects.filter(pk=cast.row(ref).pk).update(status=status)
    return cast.target(ref)


def events(cast: Cast) -> list[Event]:
    return list(Event.objects.filter(stream_id=cast.project.uuid, kind="phase activity").order_by("seq"))


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_a_manager_takes_each_step_of_the_table_and_no_other(cast: Cast, before: str, after: str) -> None:
    target = put(cast, before)

    def act() -> None:
        change_status(acting_user=cast.mara, project=cast.project, targets=[target], status=after, text="because")

    if transition(before, after):
        act()
        assert cast.row(DEFINE).status == after
        return
    with pytest.raises(RowsRefused) as refused:
        act()
    expected = f"It is {before} already." if before == after else refusal(before, after)
    assert [(item.ref, item.reason) for item in refused.value.refusals] == [(DEFINE, expected)]
    assert cast.row(DEFINE).status == before
    assert events(cast) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("in progress", "blocked", "what is missing"),
        ("in progress", "not applicable", "auditor"),
        ("verified", "in progress", "goes back"),
    ],
)
def test_it_asks_for_words_where_the_step_needs_them(cast: Cast, before: str, after: str, words: str) -> None:
    target = put(cast, before)
    with pytest.raises(RowsRefused, match=words) as refused:
        change_status(acting_user=cast.mara, project=cast.project, targets=[target], status=after, text="  ")
    assert refused.value.field == "text"


def test_it_records_who_reported_it_done_and_who_verified_it(cast: Cast) -> None:
    done = change_status(
        acting_user=cast.mara, project=cast.project, targets=[put(cast, "in progress")], status="done"
    )[0]
    assert (done.done_by, done.done_at) == (cast.mara, clock.now())
    change_status(acting_user=cast.petra, project=cast.project, targets=[cast.target(DEFINE)], status="verified")
    row = cast.row(DEFINE)
    assert (row.status, row.verified_by, row.version) == ("verified", cast.petra, 3)
    assert [(event.action, event.key) for event in events(cast)] == [("change status", "CH.b@1")] * 2


def test_it_refuses_verification_by_who_reported_it_done(cast: Cast) -> None:
    change_status(acting_user=cast.mara, project=cast.project, targets=[put(cast, "in progress")], status="done")
    with pytest.raises(RowsRefused, match="somebody else verifies"):
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target(DEFINE)], status="verified")


def test_going_back_forgets_who_did_and_who_verified(cast: Cast) -> None:
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[put(cast, "in progress", OPERATE)],
        status="done",
        operating_since=date(2026, 2, 1),
    )
    assert cast.row(OPERATE).operating_since == date(2026, 2, 1)
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target(OPERATE)], status="in progress")
    row = cast.row(OPERATE)
    assert (row.done_by, row.done_at, row.operating_since) == (None, None, None)


def test_what_goes_on_operates_from_today_unless_told_otherwise(cast: Cast) -> None:
    change_status(
        acting_user=cast.mara, project=cast.project, targets=[put(cast, "in progress", OPERATE)], status="done"
    )
    assert cast.row(OPERATE).operating_since == clock.today(cast.project.time_zone)


def test_it_refuses_an_operation_that_begins_tomorrow(cast: Cast) -> None:
    tomorrow = clock.today(cast.project.time_zone) + timedelta(days=1)
    with pytest.raises(RuleBroken) as refused:
        change_status(
            acting_user=cast.mara,
            project=cast.project,
            targets=[put(cast, "in progress", OPERATE)],
            status="done",
            operating_since=tomorrow,
        )
    assert refused.value.field == "operating_since"


def test_an_owner_reports_on_own_rows_alone(cast: Cast) -> None:
    with pytest.raises(RowsRefused, match="another's"):
        change_status(acting_user=cast.tim, project=cast.project, targets=[cast.target(DEFINE)], status="in progress")
    PhaseActivity.objects.filter(pk=cast.row(DEFINE).pk).update(accountable=cast.parties["tim"])
    change_status(acting_user=cast.tim, project=cast.project, targets=[cast.target(DEFINE)], status="in progress")
    assert cast.row(DEFINE).status == "in progress"


def test_a_member_of_the_accountable_group_reports_too(cast: Cast) -> None:
    desk = Party.objects.create(project=cast.project, name="Desk", kind="group")
    GroupMember.objects.create(project=cast.project, group=desk, person=cast.parties["tim"])
    PhaseActivity.objects.filter(pk=cast.row(DEFINE).pk).update(accountable=desk)
    change_status(acting_user=cast.tim, project=cast.project, targets=[cast.target(DEFINE)], status="in progress")
    assert cast.row(DEFINE).status == "in progress"


def test_a_contributor_reports_too(cast: Cast) -> None:
    row = cast.row(DEFINE)
    Contributor.objects.create(project=cast.project, phase_activity=row, party=cast.parties["tim"])
    change_status(acting_user=cast.tim, project=cast.project, targets=[cast.target(DEFINE)], status="in progress")
    assert cast.row(DEFINE).status == "in progress"


@pytest.mark.parametrize("who", ["tim", "petra", "toma", "chen", "cora", "audra"])
def test_only_the_manager_leaves_an_activity_out(cast: Cast, who: str) -> None:
    PhaseActivity.objects.filter(pk=cast.row(DEFINE).pk).update(accountable=cast.parties.get(who))
    with pytest.raises(RowsRefused, match="Your role in this project does not allow this"):
        change_status(
            acting_user=cast.people[who],
            project=cast.project,
            targets=[cast.target(DEFINE)],
            status="not applicable",
            text="no",
        )


def test_a_stale_row_is_refused_with_both_texts_before_anything_else(cast: Cast) -> None:
    stale = cast.target(DEFINE)
    change_status(acting_user=cast.mara, project=cast.project, targets=[stale], status="blocked", text="No licence")
    with pytest.raises(StaleWrite) as refused:
        change_status(acting_user=cast.mara, project=cast.project, targets=[stale], status="in progress")
    assert refused.value.current == {"Status": "Blocked", "Reason": "No licence"}
    assert refused.value.sent == {"Status": "In progress", "Reason": ""}
    assert len(events(cast)) == 1


def test_the_same_change_twice_is_stale_and_says_that_both_are_equal(cast: Cast) -> None:
    stale = cast.target(DEFINE)
    change_status(acting_user=cast.mara, project=cast.project, targets=[stale], status="in progress")
    with pytest.raises(StaleWrite) as refused:
        change_status(acting_user=cast.mara, project=cast.project, targets=[stale], status="in progress")
    assert refused.value.current == refused.value.sent == {"Status": "In progress"}


def test_one_forbidden_row_keeps_all_from_changing(cast: Cast) -> None:
    put(cast, "done", "CH.b")
    targets = [cast.target("CH.b"), cast.target("CH.d"), cast.target("CH.e")]
    with pytest.raises(RowsRefused) as refused:
        change_status(acting_user=cast.mara, project=cast.project, targets=targets, status="blocked", text="No licence")
    assert str(refused.value) == "Nothing was changed: 1 of 3 rows do not allow it."
    assert [item.ref for item in refused.value.refusals] == ["CH.b"]
    assert [cast.row(ref).status for ref in ("CH.b", "CH.d", "CH.e")] == ["done", "not started", "not started"]
    assert events(cast) == []


def test_many_rows_take_as_many_queries_as_updates_and_a_few_more(cast: Cast, django_assert_num_queries) -> None:
    locks = int(connection.features.has_select_for_update)
    targets = [cast.target(ref) for ref in ("CH.b", "CH.d", "CH.e", "CH.h")]
    with django_assert_num_queries(9 + locks + len(targets)):
        change_status(acting_user=cast.mara, project=cast.project, targets=targets, status="in progress")
    assert len(events(cast)) == 4


def test_it_refuses_a_row_named_twice_no_row_and_another_clients_row(cast: Cast) -> None:
    target = cast.target(DEFINE)
    foreign = PhaseActivity.objects.filter(project=cast.other).first()
    assert foreign is not None
    for targets, error in (
        ([], RuleBroken),
        ([target, target], RuleBroken),
        ([target, Target(foreign.pk, foreign.version)], PhaseActivity.DoesNotExist),
    ):
        with pytest.raises(error):
            change_status(acting_user=cast.mara, project=cast.project, targets=targets, status="in progress")
    assert cast.row(DEFINE).status == "not started"


def test_a_registered_guard_can_refuse_a_step(cast: Cast) -> None:
    register_transition_guard("test", TransitionGuard(lambda _project, rows, _after: {rows[0].pk: "Not yet."}))
    try:
        with pytest.raises(RowsRefused, match=r"Not yet\."):
            change_status(
                acting_user=cast.mara, project=cast.project, targets=[cast.target(DEFINE)], status="in progress"
            )
    finally:
        transition_guards.remove("test")


def test_rows_of_a_closed_phase_stay_as_they_were(cast: Cast) -> None:
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Nothing is left to prepare")
    row = PhaseActivity.objects.filter(project=cast.project, phase_number=0).first()
    assert row is not None
    target = Target(row.pk, row.version)
    for act in (
        lambda: change_status(acting_user=cast.mara, project=cast.project, targets=[target], status="in progress"),
        lambda: assign_party(acting_user=cast.mara, project=cast.project, targets=[target], party=None),
        lambda: set_due(acting_user=cast.mara, project=cast.project, targets=[target], due=None),
        lambda: write_note(acting_user=cast.mara, project=cast.project, target=target, note="x"),
    ):
        with pytest.raises(RowsRefused, match="Phase 0 is closed"):
            act()


def test_a_party_is_given_by_hand_and_taken_away_again(cast: Cast) -> None:
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target(DEFINE)], party=cast.parties["tim"])
    assert (cast.row(DEFINE).accountable, cast.row(DEFINE).assigned_by) == (cast.parties["tim"], "hand")
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target(DEFINE)], party=None)
    assert (cast.row(DEFINE).accountable, cast.row(DEFINE).assigned_by) == (None, "")
    changes = [event.content["changes"]["responsible party"] for event in events(cast)]
    assert changes == [[None, "Tim Tully"], ["Tim Tully", None]]


def test_it_refuses_a_party_that_left_and_one_of_another_project(cast: Cast) -> None:
    gone = cast.parties["tim"]
    gone.is_active = False
    gone.save()
    with pytest.raises(RuleBroken, match="Tim Tully can no longer be given activities"):
        assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target(DEFINE)], party=gone)
    foreign = Party.objects.filter(project=cast.other).first()
    with pytest.raises(Party.DoesNotExist):
        assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target(DEFINE)], party=foreign)


@pytest.mark.parametrize("who", ["petra", "tim", "audra"])
def test_only_the_manager_assigns_and_sets_dates(cast: Cast, who: str) -> None:
    user = cast.people[who]
    with pytest.raises(NotPermitted):
        assign_party(acting_user=user, project=cast.project, targets=[cast.target(DEFINE)], party=None)
    with pytest.raises(NotPermitted):
        set_due(acting_user=user, project=cast.project, targets=[cast.target(DEFINE)], due=None)


def test_a_due_date_of_its_own_can_be_set_and_taken_off_again(cast: Cast) -> None:
    planned = cast.row(DEFINE).due
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target(DEFINE)], due=date(2026, 5, 4))
    assert (cast.row(DEFINE).due, cast.row(DEFINE).due_is_own) == (date(2026, 5, 4), True)
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target(DEFINE)], due=None)
    assert (cast.row(DEFINE).due, cast.row(DEFINE).due_is_own) == (planned, False)


@pytest.mark.parametrize("due", [date(2026, 1, 11), date(2037, 1, 1)])
def test_it_refuses_a_due_date_outside_the_project(cast: Cast, due: date) -> None:
    with pytest.raises(RuleBroken) as refused:
        set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target(DEFINE)], due=due)
    assert refused.value.field == "due"


def test_a_note_is_replaced_and_a_stale_one_comes_back_with_both_texts(cast: Cast) -> None:
    target = cast.target(DEFINE)
    write_note(acting_user=cast.mara, project=cast.project, target=target, note="First")
    with pytest.raises(StaleWrite) as refused:
        write_note(acting_user=cast.mara, project=cast.project, target=target, note="Second")
    assert (refused.value.current, refused.value.sent) == ({"Note": "First"}, {"Note": "Second"})
    with pytest.raises(RuleBroken, match="20,000 characters"):
        write_note(acting_user=cast.mara, project=cast.project, target=cast.target(DEFINE), note="x" * 20_001)


def test_it_cannot_have_operated_for_longer_than_anybody_keeps_records(cast: Cast) -> None:
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target()], status="in progress")
    with pytest.raises(RuleBroken) as refused:
        change_status(
            acting_user=cast.mara,
            project=cast.project,
            targets=[cast.target()],
            status="done",
            operating_since=date(1999, 1, 1),
        )
    assert refused.value.field == "operating_since"


def test_a_due_date_lies_within_half_a_year_after_the_last_phase(cast: Cast) -> None:
    end = cast.project.phases.get(number=3).end
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target()], due=end + timedelta(days=183))
    with pytest.raises(RuleBroken) as refused:
        set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target()], due=end + timedelta(days=184))
    assert refused.value.field == "due"


def test_a_reason_that_shows_nothing_is_no_reason(cast: Cast) -> None:
    with pytest.raises(RowsRefused, match="Say in a line what is missing"):
        change_status(
            acting_user=cast.mara, project=cast.project, targets=[cast.target()], status="blocked", text="\u200b \u2060"
        )
