"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.numbers_in import UnclearNumber, parse_decimal

D = Decimal


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", "0"),
        ("1234", "1234"),
        (" 1234.5 ", "1234.5"),
        ("1234,5", "1234.5"),
        ("12,50", "12.50"),
        (",5", "0.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1234,567", "1234.567"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1 234", "1234"),
        ("1\u00a0234,567", "1234.567"),
        ("1\u202f234\u202f567.89", "1234567.89"),
        ("1'234.50", "1234.50"),
        ("1\u2019234", "1234"),
        ("-12", "-12"),
        ("\u2212 1 234,50", "-1234.50"),
        ("+3", "3"),
        ("-0", "0"),
        ("1,2345", "1.2345"),
    ],
)
def test_a_number_is_read_with_either_mark_and_any_way_to_keep_thousands_apart(typed: str, number: str) -> None:
    assert str(parse_decimal(typed)) == number


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1,234", "1,234 can be read in two ways. Write 1234, or 1,23 with two places."),
        ("12.500", "12.500 can be read in two ways. Write 12500, or 12.50 with two places."),
        ("-1,234", "-1,234 can be read in two ways. Write 1234, or 1,23 with two places."),
    ],
)
def test_what_could_be_two_numbers_is_refused_with_advice(typed: str, said: str) -> None:
    with pytest.raises(UnclearNumber, match="two ways") as refused:
        parse_decimal(typed)
    assert str(refused.value) == said


def test_a_bound_settles_what_could_be_two_numbers() -> None:
    assert parse_decimal("6,125", at_most=D(100)) == D("6.125")
    with pytest.raises(UnclearNumber, match="two ways"):
        parse_decimal("6,125", at_most=D(10_000))


@pytest.mark.parametrize(
    "typed",
    [
        *["", "  ", "-", "+", ".", ",", "\x01", "abc", "12 days", "€ 12", "12 EUR", "(12)", "--1", "1-2", "NaN", "inf"],
        *["5,", "5.", "1,23,456", "12,34,567", "1234,567,890", "1,,234", "1.2.3", "1,234.567.890", "1,234,56", "0x10"],
        *["1,2 3", "1 23", "1 2,3 4", "1.234,5.6", "١٢", "\uff11\uff12", "½", "1_000", "1" * 41],
    ],
)
def test_anything_else_is_no_number(typed: str) -> None:
    with pytest.raises(UnclearNumber):
        parse_decimal(typed)


@pytest.mark.parametrize("typed", ["1e30", "1E3", "-2.5e-3"])
def test_an_exponent_is_refused_by_name(typed: str) -> None:
    with pytest.raises(UnclearNumber, match="Write the number out: 1000 instead of 1e3"):
        parse_decimal(typed)


@given(
    number=st.decimals(-(10**12), 10**12, places=2, allow_nan=False, allow_infinity=False),
    marks=st.sampled_from(
        [(",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("\u202f", ","), ("", "."), ("", ",")]
    ),
)
def test_what_is_written_in_a_known_way_is_read_back(number: Decimal, marks: tuple[str, str]) -> None:
    thousands, point = marks
    typed = f"{number:,.2f}".translate(str.maketrans({",": thousands, ".": point}))
    assert parse_decimal(typed) == number


@given(st.text(max_size=50))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    try:
        number = parse_decimal(text)
    except UnclearNumber:
        return
    assert number.is_finite()
    assert set(text) & set("0123456789")
