"""What differs between two plans, as pure arithmetic."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phases.domain.baselines import (
    PlannedPackage,
    PlannedPhase,
    PlannedRow,
    PlanState,
    RowChange,
    Shift,
    What,
    compare_plans,
    totals,
)
from phases.domain.working_days import calendar_from

FRIDAY = date(2027, 1, 1)
between = calendar_from(range(5), {date(2027, 1, 6)}).between

days = st.none() | st.dates(date(2026, 12, 1), date(2027, 3, 31))
people = st.none() | st.integers(1, 3)


@st.composite
def plans(draw: st.DrawFn) -> PlanState:
    places = draw(st.sets(st.tuples(st.sampled_from(["CH.a", "CH.b", "IN.a", "IN.b"]), st.integers(0, 3))))
    rows = [
        PlannedRow(ref, phase, ref[:2], draw(days), draw(people), draw(st.booleans()), ref == "IN.b")
        for ref, phase in sorted(places)
    ]
    packages = [
        PlannedPackage(code, phase, draw(days), draw(days), draw(people))
        for code, phase in sorted(draw(st.sets(st.tuples(st.sampled_from(["CH", "IN"]), st.integers(1, 3)))))
    ]
    phases = [PlannedPhase(number, draw(days), draw(days)) for number in sorted(draw(st.sets(st.integers(0, 3))))]
    return PlanState(draw(st.permutations(rows)), packages, phases)


@given(plans())
def test_a_plan_compared_with_itself_gives_nothing(plan: PlanState) -> None:
    found = compare_plans(plan, plan, between)
    assert found.is_same
    assert found.unchanged == len(plan.rows)


@given(plans(), plans())
def test_the_other_order_gives_the_mirror(first: PlanState, second: PlanState) -> None:
    assert compare_plans(second, first, between) == compare_plans(first, second, between).mirrored()


@given(plans(), plans())
def test_every_activity_of_both_plans_is_counted_once(first: PlanState, second: PlanState) -> None:
    found = compare_plans(first, second, between)
    counts = totals(found.rows).counts
    assert len(first.rows) + counts[What.ADDED] - counts[What.REMOVED] == len(second.rows)
    assert len(found.rows) + found.unchanged == len(second.rows) + counts[What.REMOVED]
    sides = [row for change in found.rows for row in (change.before, change.after) if row is not None]
    assert len(sides) == len({id(row) for row in sides})
    applicable = [sum(row.applies for row in plan.rows) for plan in (first, second)]
    come = sum(change.after.applies for change in found.rows if change.before is None and change.after)
    gone = sum(change.before.applies for change in found.rows if change.after is None and change.before)
    assert applicable[0] + come - gone + counts[What.TAKEN_IN] - counts[What.LEFT_OUT] == applicable[1]


@given(plans(), plans(), plans())
def test_what_moved_twice_moved_by_the_sum(first: PlanState, second: PlanState, third: PlanState) -> None:
    def dues(plan: PlanState) -> dict[tuple[str, int], date]:
        return {(row.ref, row.phase): row.due for row in plan.rows if row.due and row.applies}

    def moved(one: PlanState, other: PlanState) -> dict[tuple[str, int], int]:
        return {
            (change.row.ref, change.row.phase): change.days
            for change in compare_plans(one, other, between).rows
            if change.days is not None and What.OTHER_PHASE not in change.what
        }

    steps, whole = (moved(first, second), moved(second, third)), moved(first, third)
    for key in dues(first).keys() & dues(second).keys() & dues(third).keys():
        assert steps[0].get(key, 0) + steps[1].get(key, 0) == whole.get(key, 0)


@given(plans(), plans())
def test_the_phases_add_up_to_the_whole(first: PlanState, second: PlanState) -> None:
    rows = compare_plans(first, second, between).rows
    parts = [totals(change for change in rows if change.row.phase == number) for number in range(4)]
    whole = totals(rows)
    assert whole.changed == sum(part.changed for part in parts)
    assert whole.days_later == sum(part.days_later for part in parts)
    assert whole.most_earlier == max(part.most_earlier for part in parts)
    for what in What:
        assert whole.counts[what] == sum(part.counts[what] for part in parts)


ROW = PlannedRow("CH.a", 1, "CH", FRIDAY, 7)


def change_to(**values) -> RowChange:
    (change,) = compare_plans(PlanState([ROW]), PlanState([replace(ROW, **values)]), between).rows
    return change


@pytest.mark.parametrize(
    ("values", "what", "days"),
    [
        ({"due": date(2027, 1, 8)}, (What.LATER,), 4),  # five weekdays, one of them a holiday
        ({"due": date(2026, 12, 31)}, (What.EARLIER,), -1),
        ({"due": date(2027, 1, 3)}, (What.LATER,), 0),  # over the weekend
        ({"due": None}, (What.UNDATED,), None),
        ({"party_id": None}, (What.PARTY,), None),
        ({"applies": False}, (What.LEFT_OUT,), None),
        ({"phase": 2}, (What.OTHER_PHASE,), None),
        (
            {"phase": 2, "due": date(2027, 1, 4), "party_id": 8},
            (What.OTHER_PHASE, What.LATER, What.PARTY),
            1,
        ),
    ],
)
def test_it_says_what_became_of_an_activity(values, what: tuple[What, ...], days: int | None) -> None:
    change = change_to(**values)
    assert (change.what, change.days) == (what, days)


def test_what_applies_in_neither_plan_has_no_date_or_party_to_change() -> None:
    out = replace(ROW, applies=False)
    found = compare_plans(PlanState([out]), PlanState([replace(out, due=FRIDAY + timedelta(9), party_id=9)]), between)
    assert (found.rows, found.unchanged) == ((), 1)


def test_of_one_ref_in_several_phases_only_what_left_a_phase_went_to_another() -> None:
    first = PlanState([ROW, replace(ROW, phase=2), replace(ROW, ref="IN.a")])
    second = PlanState([replace(ROW, phase=2), replace(ROW, phase=3), replace(ROW, ref="IN.b")])
    found = compare_plans(first, second, between)
    said = {(c.before.phase if c.before else None, c.after.phase if c.after else None): c.what for c in found.rows}
    assert said == {(1, 3): (What.OTHER_PHASE,), (1, None): (What.REMOVED,), (None, 1): (What.ADDED,)}
    assert found.unchanged == 1


def test_packages_and_phases_change_by_dates_and_owner() -> None:
    first = PlanState(
        packages=[PlannedPackage("CH", 1), PlannedPackage("IN", 1, owner_id=3)],
        phases=[PlannedPhase(1, FRIDAY, date(2027, 2, 1)), PlannedPhase(2)],
    )
    second = PlanState(
        packages=[PlannedPackage("CH", 1, FRIDAY, date(2027, 1, 8)), PlannedPackage("IN", 1, owner_id=4)],
        phases=[PlannedPhase(1, FRIDAY, date(2027, 2, 5)), PlannedPhase(2)],
    )
    found = compare_plans(first, second, between)
    change, incident = found.packages
    assert (change.start.what, change.end, change.other_owner) == (
        What.DATED,
        Shift(None, date(2027, 1, 8), None),
        False,
    )
    assert (incident.package.component, incident.other_owner, incident.end.what) == ("IN", True, None)
    (phase,) = found.phases
    assert (phase.number, phase.start.what, phase.end.days) == (1, None, 4)


def test_averages_are_of_what_moved_and_round_half_up() -> None:
    later = [replace(ROW, ref=f"CH.{n}") for n in range(4)]
    moved = [replace(row, due=FRIDAY + timedelta(n)) for row, n in zip(later, (0, 3, 4, 10), strict=True)]
    found = totals(compare_plans(PlanState(later), PlanState(moved), between).rows)
    # 4 Jan, 5 Jan, 11 Jan: one, two and five working days.
    assert (found.counts[What.LATER], found.days_later, found.average_later, found.most_later) == (3, 8, 3, 5)
    assert (found.average_earlier, found.most_earlier) == (0, 0)
