"""The table of transitions: every pair of statuses, and what each asks for."""

from itertools import product

import pytest

from phases.domain.transitions import STATUSES, Transition, refusal, steps_from, transition

REPORT, VERIFY, TAILOR = "phases.report", "phases.verify", "phases.tailor"

# One line per status: what can follow it, by whose right, and the words it needs.
TABLE = {
    "not started": {
        "in progress": (REPORT, ""),
        "blocked": (REPORT, "reason"),
        "not applicable": (TAILOR, "justification"),
    },
    "in progress": {
        "not started": (REPORT, ""),
        "done": (REPORT, ""),
        "blocked": (REPORT, "reason"),
        "not applicable": (TAILOR, "justification"),
    },
    "blocked": {
        "not started": (REPORT, ""),
        "in progress": (REPORT, ""),
        "not applicable": (TAILOR, "justification"),
    },
    "done": {"in progress": (REPORT, ""), "verified": (VERIFY, "")},
    "verified": {"in progress": (VERIFY, "reason")},
    "not applicable": {"not started": (TAILOR, "")},
}
PAIRS = list(product(STATUSES, STATUSES))
REFUSED = [(before, after) for before, after in PAIRS if before != after and after not in TABLE[before]]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_each_pair_asks_for_what_the_table_says(before: str, after: str) -> None:
    expected = TABLE[before].get(after)
    assert transition(before, after) == (Transition(*expected) if expected else None)


@pytest.mark.parametrize(("before", "after"), REFUSED)
def test_each_refusal_is_a_sentence_that_helps(before: str, after: str) -> None:
    said = refusal(before, after)
    assert said.endswith(".")
    assert "cannot become" not in said, "each pair that people try has words of its own"


@pytest.mark.parametrize("before", STATUSES)
def test_a_menu_offers_what_the_table_has_in_one_order(before: str) -> None:
    assert steps_from(before) == [status for status in STATUSES if status in TABLE[before]]


def test_only_verified_rows_need_somebody_elses_word() -> None:
    asked = {pair for pair in PAIRS if (step := transition(*pair)) is not None and step.capability == VERIFY}
    assert asked == {("done", "verified"), ("verified", "in progress")}
