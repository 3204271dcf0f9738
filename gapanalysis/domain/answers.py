"""What an answer to a requirement question can be."""

from enum import StrEnum


class Value(StrEnum):
    """An answer. There is no "not applicable": who claims conformity fulfils every requirement."""

    CONFORMS = "conforms"
    MINOR = "minor gap"
    MAJOR = "major gap"
    NO_CASE = "no case yet"
    EXCLUDED = "excluded"
    UNANSWERED = "unanswered"


GAPS = frozenset({Value.MINOR, Value.MAJOR, Value.EXCLUDED})
"""The answers that something must follow from."""

ANSWERED = frozenset(Value) - {Value.UNANSWERED}

# From the strongest to the weakest: what a clause is said to be, when its questions differ.
ORDER = (Value.CONFORMS, Value.NO_CASE, Value.UNANSWERED, Value.MINOR, Value.MAJOR, Value.EXCLUDED)
RANK = {value: place for place, value in enumerate(ORDER)}


def is_worse(now: Value, before: Value) -> bool:
    """Whether `now` is weaker than `before`. An unanswered question is never a comparison."""
    if Value.UNANSWERED in (now, before):
        return False
    return RANK[now] > RANK[before]
