"""Where activities stand by each approach, and how rows come to stand there."""

from hypothesis import given
from hypothesis import strategies as st

from phases.domain.approaches import (
    LEVEL_OF,
    LEVELS,
    MANAGEMENT,
    PHASES,
    PROPOSED,
    SUBSETS,
    THREE_PHASES,
    Standing,
    came_from,
    faster,
    half,
    out_of_order,
    phases_for,
    step_of,
    tailored,
)
from phases.domain.schedule import DEFAULT_WEEKS

some_phases = st.sets(st.sampled_from(PHASES), min_size=1).map(lambda chosen: tuple(sorted(chosen)))
natures = st.sampled_from(sorted(LEVEL_OF))
components = st.sampled_from(["CH", "IN", "MR", "S.KN"])
chosen_phases = st.dictionaries(components, st.sampled_from(PHASES))
standings = st.builds(
    lambda phases, held: [Standing(10 + n, n, held if n == phases[0] else "") for n in phases],
    some_phases,
    st.sampled_from(["", "", "begun"]),
)


@given(components, natures, some_phases, chosen_phases)
def test_three_phases_are_those_of_the_catalogue(component, nature, marked, chosen) -> None:
    assert phases_for(THREE_PHASES, component, nature, marked, chosen) == marked


@given(components, natures, some_phases, chosen_phases)
def test_levels_plan_every_activity_once_by_what_it_is(component, nature, marked, chosen) -> None:
    assert phases_for(LEVELS, component, nature, marked, chosen) == (LEVEL_OF[nature],)


@given(components, natures, some_phases, chosen_phases)
def test_subsets_plan_a_chosen_component_in_one_phase_and_leave_the_others(component, nature, marked, chosen) -> None:
    expected = (chosen[component],) if component in chosen else marked
    assert phases_for(SUBSETS, component, nature, marked, chosen) == expected


@given(st.sampled_from([THREE_PHASES, SUBSETS, LEVELS]), components, natures, chosen_phases)
def test_initiation_comes_before_everything(approach, component, nature, chosen) -> None:
    assert phases_for(approach, component, nature, (0,), chosen) == (0,)


@given(some_phases, st.sampled_from(PHASES))
def test_only_a_row_where_the_catalogue_has_none_came_from_elsewhere(marked, phase) -> None:
    assert came_from(marked, phase) == (None if phase in marked else marked[0])


@given(standings, some_phases, st.sets(st.sampled_from(PHASES)))
def test_a_step_ends_in_the_wanted_phases_or_changes_nothing(rows, wanted, closed) -> None:
    step = step_of(rows, wanted, closed)
    there = {row.key: row.phase for row in rows}
    if step.held:
        assert not step.changes
        return
    after = {key: phase for key, phase in there.items() if key not in step.gone} | dict(step.moves)
    assert sorted([*after.values(), *step.new]) == sorted(wanted)
    assert not {phase for _key, phase in step.moves} & closed
    assert not set(step.new) & closed


@given(standings, some_phases)
def test_a_step_keeps_as_many_rows_as_it_can(rows, wanted) -> None:
    step = step_of(rows, wanted, ())
    if not step.held:
        assert len(step.gone) == max(0, len(rows) - len(wanted))
        assert len(step.new) == max(0, len(wanted) - len(rows))


def test_work_that_began_holds_the_whole_activity() -> None:
    rows = [Standing(1, 1, "begun"), Standing(2, 3)]
    assert step_of(rows, (2,), ()).held == "begun"
    assert step_of(rows, (1, 3), ()).held == ""


def test_nothing_goes_into_a_closed_phase() -> None:
    assert step_of([Standing(1, 2)], (1,), (1,)).held == "closed"


def test_what_waits_for_something_planned_later_is_named() -> None:
    order = [("SL", "SR"), ("IN", "PR"), ("CH", "RE")]
    assert out_of_order({"SL": 2, "SR": 1, "IN": 1, "PR": 1, "CH": 3}, order) == [("SL", "SR", 2, 1)]


def test_the_proposal_keeps_the_order_of_components_and_leaves_the_management_system_alone() -> None:
    assert out_of_order(PROPOSED, [("SL", "SR"), ("IN", "PR"), ("CF", "RE"), ("CH", "RE")]) == []
    assert not set(PROPOSED) & set(MANAGEMENT)


def test_half_the_time_keeps_three_months_for_records() -> None:
    assert half(DEFAULT_WEEKS) == {0: 5, 1: 9, 2: 12, 3: 15}
    assert half({0: 1, 1: 8, 2: 9, 3: 20}) == {0: 1, 1: 4, 2: 4, 3: 13}


def test_a_wider_scope_takes_six_tenths_of_the_time() -> None:
    assert faster({0: 10, 1: 18, 2: 24, 3: 30}) == {0: 6, 1: 11, 2: 14, 3: 18}
    assert faster({3: 14}) == {3: 13}


@given(some_phases, st.lists(st.tuples(st.sampled_from(PHASES), st.sampled_from(PHASES))), st.sets(st.integers(1, 3)))
def test_what_was_tailored_before_never_takes_the_last_phase_away(wanted, moved, added) -> None:
    after = tailored(wanted, moved, added)
    assert after
    assert after == tuple(sorted(set(after)))
    assert added <= set(after)
