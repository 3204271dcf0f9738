"""The scope sentence."""

import pytest

from projects.domain import ScopeParts, joined, scope_pieces, scope_sentence

WHOLE = ScopeParts(
    services=["network access", "telephony", "remote access"],
    delivered_by="Alder IT",
    locations=["Utrecht", "Brno"],
    customers=["the four companies of the group"],
)


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", " b ", "", "c"], "a, b and c")],
)
def test_it_joins_names_as_a_person_would(names: list[str], text: str) -> None:
    assert joined(names) == text


def test_it_forms_a_sentence_from_all_parts() -> None:
    assert scope_sentence(WHOLE) == (
        "The SMS of Alder IT supports network access, telephony and remote access for the four companies of the "
        "group, delivered from Utrecht and Brno."
    )


def test_it_names_what_is_left_out() -> None:
    parts = ScopeParts(WHOLE.services, WHOLE.delivered_by, WHOLE.locations, WHOLE.customers, ["factory networks"])
    assert scope_sentence(parts).endswith("from Utrecht and Brno. Left out: factory networks.")


@pytest.mark.parametrize("lacking", ["services", "delivered_by", "locations", "customers"])
def test_it_gives_no_sentence_while_a_part_is_missing_and_marks_that_part(lacking: str) -> None:
    values = {name: getattr(WHOLE, name) for name in ("services", "delivered_by", "locations", "customers")}
    values[lacking] = "  " if lacking == "delivered_by" else [" "]
    parts = ScopeParts(**values)
    assert scope_sentence(parts) == ""
    assert [piece.missing for piece in scope_pieces(parts)].count(True) == 1


def test_it_needs_nothing_left_out() -> None:
    assert "Left out" not in scope_sentence(WHOLE)
