"""The committee's page as a value: today, and any past day as it was shown then."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from businesscase.models import Risk
from common import clock
from common.canonical import canonical_json, sha256_of
from governance.choices import ActionSource
from governance.domain.board import Board, board_from_plain, to_plain
from governance.models import BoardSnapshot
from governance.selectors.steering import board_of
from governance.services.boards import keep_board, keep_boards_of_yesterday
from phases.selectors.figures import contract_of, figures_of
from phases.services.rows import change_status
from tests.cast import NOW, Cast
from tests.governance.rows import action, asked, decide, lesson, meeting, seat

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def later(days: int):
    return clock.moved_to(NOW + timedelta(days=days))


def step(cast: Cast, ref: str, *statuses: str) -> None:
    for status in statuses:
        change_status(
            acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, 0)], status=status, text="Why"
        )


def a_risk(cast: Cast, ref: str, probability: int = 3, impact: int = 4) -> Risk:
    return Risk.objects.create(
        project=cast.project,
        ref=ref,
        title=f"Risk {ref}",
        category="people",
        probability=probability,
        impact=impact,
    )


def test_it_holds_what_the_committee_must_know(cast: Cast):
    step(cast, "A.a", "in progress", "done")
    held = meeting(cast, "M-01", -14, state="held", minutes="We met.")
    meeting(cast, "M-02", 7, agenda="1. Gate 0")
    meeting(cast, "M-03", 2, state="cancelled")
    lesson(cast, "L-01", captured_at=held.starts_at - timedelta(days=1))
    lesson(cast, "L-02")
    late = asked(cast, "D-02", decide_by=date(2026, 3, 10))
    asked(cast, "D-03", state="withdrawn")
    seat(cast, late, "chen", "for")
    seat(cast, late, "cora")
    made = decide(asked(cast, "D-01"), "approved with conditions")
    action(cast, "A-01", due=TODAY - timedelta(days=3))
    action(cast, "A-02", decision=made, source=ActionSource.CONDITION)
    action(cast, "A-03", decision=made, source=ActionSource.CONDITION, state="done", done_on=TODAY)
    a_risk(cast, "R-01", 1, 2)
    a_risk(cast, "R-02")

    board = board_of(cast.project)

    assert (board.project, board.day, board.phase, board.manager) == ("Alder SMS", TODAY, 0, "Mara Moss")
    assert board.next_meeting is not None
    assert board.next_meeting.ref == "M-02"
    assert board.last_meeting is not None
    assert board.last_meeting.minutes == "We met."
    assert [(one.ref, one.answered, one.seats) for one in board.asked] == [("D-02", 1, 2)]
    assert [(one.ref, one.outcome, one.conditions, one.met) for one in board.decided] == [
        ("D-01", "approved with conditions", 2, 1)
    ]
    assert [one.ref for one in board.actions] == ["A-02", "A-01"]
    assert board.late == 1
    assert [one.ref for one in board.lessons] == ["L-02"]
    assert [(one.ref, one.level) for one in board.risks] == [("R-02", "high"), ("R-01", "low")]
    assert board.current.done == 1
    assert board.next_gate is not None
    assert board.next_gate.number == 0


def test_figures_are_those_of_show_figures(cast: Cast):
    change_status(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 1)], status="not applicable", text="x"
    )
    board = board_of(cast.project)
    for phase, counts in contract_of(figures_of(cast.project))["phases"].items():
        line = next(each for each in board.phases if each.number == int(phase))
        assert {name: getattr(line, name) for name in counts} == counts


def test_it_is_the_same_after_it_was_written_and_read(cast: Cast):
    a_risk(cast, "R-01")
    meeting(cast, "M-01", 3)
    board = board_of(cast.project)
    assert board_from_plain(json.loads(canonical_json(to_plain(board)))) == board
    with pytest.raises(ValueError, match="schema 9"):
        board_from_plain({**to_plain(board), "schema": 9})


def test_a_kept_day_is_shown_later_as_it_was_shown_then(cast: Cast):
    step(cast, "A.a", "in progress", "done")
    asked(cast, "D-01")
    a_risk(cast, "R-01")
    then = board_of(cast.project)
    keep_board(project=cast.project)
    with later(3):
        step(cast, "A.b", "in progress", "done")
        step(cast, "A.a", "in progress")
        a_risk(cast, "R-02")
        Risk.objects.filter(ref="R-01").update(state="closed")
        lesson(cast, "L-01")
        decide(cast.project.decisions.get(ref="D-01"))
    with later(5):
        past = board_of(cast.project, TODAY)
        assert replace(past, figures_from=then.figures_from) == then
        assert board_of(cast.project) != then


def test_a_day_that_nobody_kept_is_made_of_rows_and_their_times(cast: Cast):
    with later(-20):
        a_risk(cast, "R-01")
        keep_board(project=cast.project)
    step(cast, "A.a", "in progress", "done")
    first, second = asked(cast, "D-01"), asked(cast, "D-02")
    action(cast, "A-01")
    then = board_of(cast.project)
    with later(4):
        step(cast, "A.a", "in progress")
        decide(first)
        Risk.objects.update(state="closed")
        cast.project.actions.update(state="done", done_on=clock.now().date())
        asked(cast, "D-03")
    with later(5):
        past = board_of(cast.project, TODAY)
    assert past.phases == then.phases
    assert [one.ref for one in past.asked] == [first.ref, second.ref]
    assert (past.decided, past.actions) == ((), then.actions)
    assert [one.ref for one in past.risks] == ["R-01"]
    assert (past.rest_on, past.loose) == (TODAY - timedelta(days=20), ())


def test_without_any_kept_board_it_says_what_is_of_now(cast: Cast):
    with later(5):
        past = board_of(cast.project, TODAY)
    assert (past.rest_on, past.loose) == (None, ("money", "risks"))


@pytest.mark.parametrize("day", [date(2026, 1, 11), date(2026, 3, 3)])
def test_there_is_no_board_before_the_project_or_ahead(cast: Cast, day: date):
    with pytest.raises(ValueError, match="a day"):
        board_of(cast.project, day)


def test_of_a_running_day_the_later_board_counts_and_of_a_past_one_the_first(cast: Cast):
    keep_board(project=cast.project)
    asked(cast, "D-01")
    keep_board(project=cast.project)
    assert [one.ref for one in kept(cast).asked] == ["D-01"]
    with later(1):
        asked(cast, "D-02")
        assert keep_boards_of_yesterday().failed == ()
        assert [one.ref for one in kept(cast).asked] == ["D-01"]
        Risk.objects.create(project=cast.project, ref="R-01", title="New", category="people", probability=4, impact=4)
        keep_boards_of_yesterday()
    assert kept(cast).risks == ()


def test_a_kept_board_that_somebody_changed_is_not_believed(cast: Cast):
    row = keep_board(project=cast.project)
    row.content["health"] = "on track"
    row.save()
    assert sha256_of(row.content) != row.sha256
    with later(5):
        assert board_of(cast.project, TODAY).loose == ("money", "risks")


def test_it_says_how_it_was_at_the_last_meeting(cast: Cast):
    meeting(cast, "M-01", -14, state="held")
    with later(-14):
        row = keep_board(project=cast.project)
        plain = {**row.content, "health": "late"}
        BoardSnapshot.objects.filter(pk=row.pk).update(content=plain, sha256=sha256_of(plain))
    board = board_of(cast.project)
    assert (board.was, board.was_on) == ("late", TODAY - timedelta(days=14))


def kept(cast: Cast) -> Board:
    return board_from_plain(BoardSnapshot.objects.get(project=cast.project, day=TODAY).content)


def test_amounts_and_days_have_one_text():
    assert to_plain((Decimal("1.50"), date(2026, 3, 2), None)) == ["1.50", "2026-03-02", None]
