"""Whether what a decision keeps agrees with itself: read by the check that looks for changes behind our back."""

from collections.abc import Iterator, Mapping
from typing import Any

from governance.domain.voting import count

PASSING = ("go", "go with conditions")
WITH_CONDITIONS = ("go with conditions", "approved with conditions")
YES = (*PASSING, "approved", "approved with conditions")


def contradictions(frozen: Mapping[str, Any]) -> Iterator[str]:
    """A few words for each thing that a decision could not have been made with."""
    outcome = frozen["outcome"]
    if outcome in PASSING and any(each["met"] is False for each in frozen["criteria"]):
        yield "goes on although a criterion is not met"
    if (outcome in WITH_CONDITIONS) != bool(frozen["conditions"]):
        yield "has conditions, or lacks them, against its outcome"
    tally = count(((each["choice"], each["left"]) for each in frozen["seats"]), frozen["quorum"])
    if frozen["manner"] == "vote" and tally.is_carried != (outcome in YES):
        yield "says another outcome than its votes"
    if frozen["manner"] == "consensus" and tally.votes_against:
        yield "counts as consensus against a vote"
