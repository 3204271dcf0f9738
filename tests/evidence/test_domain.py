"""Names of files, freshness, months."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.domain.file_names import LONGEST, extension_of, safe_name, same_file_name, shown_name
from evidence.domain.freshness import Freshness, Span, coverage_of, freshness_of, months_between, next_month

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\tim\\report.pdf", "report.pdf"),
        ("re\u202etxt.exe", "retxt.exe"),
        ("nul\0byte.pdf", "nulbyte.pdf"),
        ("  two   spaces .pdf ", "two spaces .pdf"),
        ("...", "file"),
        ("", "file"),
        ("Zo\u0065\u0308.pdf", "Zo\u00eb.pdf"),
    ],
)
def test_a_name_is_shown_without_what_deceives(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown


def test_a_long_name_keeps_its_ending() -> None:
    name = shown_name("x" * 300 + ".pdf")
    assert (len(name), name[-4:]) == (LONGEST, ".pdf")


@given(st.text(max_size=200))
def test_every_name_can_be_stored_anywhere(name: str) -> None:
    found = safe_name(name)
    assert found
    assert not set(found) & set('/\\<>:"|?*\0')
    assert len(found) <= LONGEST + 1


def test_devices_of_windows_are_no_names() -> None:
    assert safe_name("aux.pdf") == "_aux.pdf"


def test_names_that_differ_by_case_or_form_alone_are_the_same() -> None:
    assert same_file_name("Plan.PDF") == same_file_name("plan.pdf")
    assert same_file_name("Zo\u0065\u0308.pdf") == same_file_name("zo\u00eb.PDF")
    assert extension_of("a.tar.GZ") == "gz"


@pytest.mark.parametrize(
    ("days", "freshness"),
    [(None, "fresh"), (31, "fresh"), (30, "expiring"), (0, "expiring"), (-1, "expired")],
)
def test_proof_expires_the_day_after_its_last_day(days: int | None, freshness: str) -> None:
    until = None if days is None else TODAY + timedelta(days=days)
    assert freshness_of(until, TODAY) == Freshness(freshness)
    assert freshness_of(until, TODAY, is_current=False) == Freshness.SUPERSEDED


def test_holes_are_months_between_that_nothing_covers() -> None:
    spans = [Span(date(2026, 1, 20), date(2026, 2, 3)), Span(date(2026, 5, 1), date(2026, 5, 31))]
    found = coverage_of(spans, date(2025, 12, 1), date(2026, 6, 1))
    assert sorted(found.covered) == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 5, 1)]
    assert found.holes == (date(2026, 3, 1), date(2026, 4, 1))
    assert found.newest_run == 1
    assert coverage_of([], date(2026, 1, 1), date(2026, 3, 1)).holes == ()


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 400))
def test_months_follow_one_another(first: date, days: int) -> None:
    months = months_between(first, first + timedelta(days=days))
    assert months[0] == first.replace(day=1)
    assert all(next_month(before) == after for before, after in itertools.pairwise(months))
