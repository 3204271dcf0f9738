"""Where the chain of a clause breaks off."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits.domain.chain import Gap, Links, above, gaps_in, leaves, rolled_up

COUNTS = st.integers(0, 3)
LINKS = st.builds(
    Links,
    is_leaf=st.booleans(),
    activities=COUNTS,
    above=COUNTS,
    documents=COUNTS,
    documents_missing=COUNTS,
    proofs=COUNTS,
    proofs_above=COUNTS,
    operating=COUNTS,
    running=COUNTS,
    behind=COUNTS,
)


@pytest.mark.parametrize(
    ("links", "gaps"),
    [
        (Links(is_leaf=True), (Gap.ACTIVITY, Gap.PROOF)),
        (Links(is_leaf=True, activities=2, proofs=1), ()),
        (Links(is_leaf=True, activities=2, documents=2, documents_missing=1, proofs=1), (Gap.DOCUMENT,)),
        (Links(is_leaf=True, activities=2, operating=2, running=1, behind=1), (Gap.PROOF, Gap.RECORDS)),
        (Links(is_leaf=True, activities=2, operating=2, running=1, proofs=1), ()),
        (Links(is_leaf=True, activities=2, operating=2, proofs=1), (Gap.RECORDS,)),
        (Links(is_leaf=True, above=1, proofs_above=1), ()),
        (Links(is_leaf=True, above=1, activities=1, proofs_above=1), (Gap.PROOF,)),
        (Links(is_leaf=False), ()),
        (Links(is_leaf=False, documents=1, documents_missing=1), (Gap.DOCUMENT,)),
        (Links(is_leaf=False, activities=1), (Gap.PROOF,)),
    ],
)
def test_a_gap_is_what_is_asked_for_and_not_there(links: Links, gaps: tuple[Gap, ...]) -> None:
    assert gaps_in(links) == gaps


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(LINKS)
def test_gaps_stand_in_the_order_of_the_chain_and_proof_only_closes_them(links: Links) -> None:
    gaps = gaps_in(links)
    assert list(gaps) == [gap for gap in Gap if gap in gaps]
    fuller = Links(
        is_leaf=links.is_leaf, activities=links.activities + 1, above=links.above, documents=links.documents, proofs=1
    )
    assert gaps_in(fuller) == ()
    assert (Gap.DOCUMENT in gaps) == bool(links.documents_missing)
    assert (Gap.RECORDS in gaps) == bool(links.behind or (links.operating and not links.running))


NUMBERS = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(NUMBERS, st.integers(0, 5), max_size=12))
def test_a_clause_counts_itself_and_all_below_it_once(counts: dict[str, int]) -> None:
    every = {each for number in counts for each in (number, *above(number))}
    found = rolled_up(counts, every)
    assert set(found) == every
    for number in every:
        own = [count for each, count in counts.items() if each == number or each.startswith(f"{number}.")]
        assert found[number] == sum(own)
    tops = [number for number in every if "." not in number]
    assert sum(found[number] for number in tops) == sum(counts.values())


def test_leaves_are_not_divided() -> None:
    assert leaves(["8", "8.5", "8.5.1", "8.5.10", "9"]) == {"8.5.1", "8.5.10", "9"}
    assert above("8.5.1.3") == ("8.5.1", "8.5", "8")
    assert above("4") == ()
