"""Canonical JSON: one value, one text, one hash."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import canonical_json, sha256_of

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(blacklist_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def test_keys_are_sorted_without_spaces_and_letters_stay_letters() -> None:
    assert canonical_json({"b": 1, "a": ["é", None, True]}) == '{"a":["é",null,true],"b":1}'


def test_an_instant_is_written_in_utc_wherever_it_was_taken() -> None:
    there = datetime(2026, 3, 2, 11, 0, tzinfo=timezone(timedelta(hours=2)))
    assert (
        canonical_json(there)
        == canonical_json(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
        == '"2026-03-02T09:00:00.000000Z"'
    )


def test_days_decimals_and_uuids_are_texts() -> None:
    value = [date(2026, 3, 2), Decimal("1.50"), UUID(int=1)]
    assert canonical_json(value) == '["2026-03-02","1.50","00000000-0000-0000-0000-000000000001"]'


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object()])
def test_it_refuses_what_has_no_canonical_form(value: object) -> None:
    with pytest.raises(TypeError, match="has no canonical form"):
        canonical_json(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_it_refuses_what_is_no_number(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(value)


@given(plain)
def test_reading_and_writing_again_gives_the_same_text(value: object) -> None:
    text = canonical_json(value)
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=6))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(list(value.items())))) == canonical_json(value)


def test_the_hash_is_that_of_the_text_in_utf_8() -> None:
    assert sha256_of({"a": "é"}) == hashlib.sha256('{"a":"é"}'.encode()).hexdigest()
