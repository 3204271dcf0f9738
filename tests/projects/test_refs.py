"""Refs are counted in one place, and none is given twice."""

import pytest

from projects.services.refs import next_ref
from tests.cast import Cast


@pytest.mark.django_db
def test_each_letter_and_each_series_counts_for_itself(cast: Cast) -> None:
    asked = [("C", "gap analysis"), ("C", "gap analysis"), ("C", "implementation"), ("R", "")]
    assert [next_ref(cast.project, letter, series=series) for letter, series in asked] == [
        "C-01",
        "C-02",
        "C-01",
        "R-01",
    ]
    assert next_ref(cast.project, "E", width=4) == "E-0001"
