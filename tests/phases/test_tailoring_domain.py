"""A plan beside its catalogue: the counts add up, and a clause is called lost exactly when it is."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phases.domain.tailoring import (
    ADDED,
    LEFT_OUT,
    MISSING,
    MOVED,
    OWN,
    PART,
    SPLIT,
    Difference,
    PhaseCount,
    TailoredRow,
    bare_clauses,
    counts,
    differences,
    hanging_clauses,
    lost_clauses,
    newly_hanging,
    total,
)

REFS, PHASES, CLAUSES = ("CH.a", "CH.b", "SU.f"), (1, 2, 3), ("8.2.3", "8.5.1", "9.1")


@st.composite
def plans(draw: st.DrawFn) -> tuple[set[tuple[str, int]], list[TailoredRow]]:
    """A catalogue and a plan: each place once, split activities without an applicable whole."""
    places = st.tuples(st.sampled_from(REFS), st.sampled_from(PHASES))
    asked = draw(st.sets(places))
    clauses = {ref: tuple(draw(st.sets(st.sampled_from(CLAUSES)))) for ref in REFS}
    rows = []
    for ref, phase in sorted(draw(st.sets(places))):
        parts = draw(st.integers(0, 2))
        applies = draw(st.booleans()) and not parts
        origin = draw(st.sampled_from(["", "moved", "added", "carried", "approach"]))
        came = draw(st.sampled_from(PHASES)) if origin in ("moved", "approach") else None
        rows.append(TailoredRow(ref, phase, applies, clauses[ref], origin, came))
        rows += [
            TailoredRow(f"{ref}/{n}", phase, draw(st.booleans()), clauses[ref], "part", whole=ref)
            for n in range(1, parts + 1)
        ]
    own = draw(st.sets(st.sampled_from(PHASES)))
    rows += [TailoredRow("CH.own-1", phase, draw(st.booleans()), ("9.1",), "own", is_own=True) for phase in own]
    return asked, rows


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(plans())
def test_the_counts_of_each_phase_add_up(plan):
    asked, rows = plan
    for phase, count in counts(asked, rows).items():
        assert count.marked == sum(1 for _ref, number in asked if number == phase)
        assert count.in_catalogue == count.marked - count.left_out - count.moved_away - count.missing
        beyond = count.own + count.added + count.moved + count.approach + count.carried + count.parts
        assert count.applicable == count.in_catalogue + beyond
        assert count.applicable == sum(row.applies for row in rows if row.phase == phase)
        assert min(getattr(count, name) for name in PhaseCount.__slots__) >= 0


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(plans())
def test_a_place_differs_once_at_most_and_what_is_like_the_catalogue_does_not(plan):
    asked, rows = plan
    found = differences(asked, rows)
    assert len({(each.ref, each.phase) for each in found}) == len(found)
    told = {(each.ref, each.phase) for each in found}
    for row in rows:
        stays = row.origin in ("", "added") and row.place in asked
        plain = row.applies and stays and not row.whole and not row.is_own
        assert (row.place not in told) == plain


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(plans(), st.data())
def test_a_clause_is_lost_exactly_when_its_last_applicable_row_goes(plan, data):
    _asked, rows = plan
    leaving = data.draw(st.sets(st.sampled_from([row.place for row in rows]))) if rows else set()
    lost = lost_clauses(rows, leaving)
    for clause in CLAUSES:
        before = {row.activity for row in rows if row.applies and clause in row.clauses}
        after = {row.activity for row in rows if row.applies and clause in row.clauses and row.place not in leaving}
        assert (clause in lost) == (bool(before) and not after)
        if clause in lost:
            assert set(lost[clause]) == before
        assert (clause in hanging_clauses(rows, leaving)) == (len(after) == 1)
        assert (clause in newly_hanging(rows, leaving)) == (len(after) == 1 < len(before))
        known = any(clause in row.clauses for row in rows)
        assert (clause in bare_clauses(rows)) == (known and not before)


def test_every_kind_of_difference_is_told_by_its_own_name():
    asked = {("CH.a", 1), ("CH.a", 2), ("CH.b", 1), ("SU.f", 1), ("SU.f", 3)}
    rows = [
        TailoredRow("CH.a", 1, False),
        TailoredRow("CH.a", 3, True, origin="moved", origin_phase=2),
        TailoredRow("CH.b", 1, True),
        TailoredRow("CH.b", 2, True, origin="added"),
        TailoredRow("SU.f", 1, False),
        TailoredRow("SU.f/1", 1, True, origin="part", whole="SU.f"),
        TailoredRow("SU.f/2", 1, True, origin="part", whole="SU.f"),
        TailoredRow("CH.own-1", 2, True, origin="own", is_own=True),
    ]
    assert differences(asked, rows) == [
        Difference(LEFT_OUT, "CH.a", 1),
        Difference(MOVED, "CH.a", 3, 2),
        Difference(ADDED, "CH.b", 2),
        Difference(OWN, "CH.own-1", 2),
        Difference(SPLIT, "SU.f", 1),
        Difference(MISSING, "SU.f", 3),
        Difference(PART, "SU.f/1", 1),
        Difference(PART, "SU.f/2", 1),
    ]
    found = counts(asked, rows)
    assert found[1] == PhaseCount(marked=3, left_out=1, in_catalogue=2, parts=1, applicable=3)
    assert found[2] == PhaseCount(marked=1, moved_away=1, own=1, added=1, applicable=2)
    assert found[3] == PhaseCount(marked=1, missing=1, moved=1, applicable=1)
    assert total(found.values()).applicable == 6


def test_who_serves_a_clause_below_serves_the_one_above():
    rows = [TailoredRow("CH.a", 1, True, ("8.5.1.2",)), TailoredRow("CH.own-1", 1, True, ("8.5.1",), is_own=True)]
    assert hanging_clauses(rows) == {"8.5.1.2": "CH.a"}
    assert lost_clauses(rows, {("CH.own-1", 1)}) == {}
    assert lost_clauses(rows, {("CH.a", 1)}) == {"8.5.1.2": ("CH.a",)}


def test_parts_of_one_activity_are_one_to_a_clause():
    rows = [
        TailoredRow("SU.f", 1, False, ("8.2.3",)),
        TailoredRow("SU.f/1", 1, True, ("8.2.3",), whole="SU.f"),
        TailoredRow("SU.f/2", 1, True, ("8.2.3",), whole="SU.f"),
    ]
    assert hanging_clauses(rows) == {"8.2.3": "SU.f"}
    assert lost_clauses(rows, {("SU.f/1", 1)}) == {}
    assert lost_clauses(rows, {("SU.f/1", 1), ("SU.f/2", 1)}) == {"8.2.3": ("SU.f",)}
