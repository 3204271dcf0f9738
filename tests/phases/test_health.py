"""The rules of health: each fires where it should, and the worst decides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from phases.domain.figures import FigureRow
from phases.domain.health import AT_RISK, LATE, ON_TRACK, UNKNOWN, Health, Rule, Signs, health_of

TODAY = date(2026, 9, 1)
SIGNS = Signs(today=TODAY, started=date(2026, 1, 5), last_update=TODAY, gate_slip=0)


def row(status: str = "verified", days_ago: int = 30, party: int | None = 1, since: int = 0) -> FigureRow:
    return FigureRow(
        2, "CH", status, TODAY - timedelta(days=days_ago), party, since=TODAY - timedelta(days=since), done_on=None
    )


def rows_with(overdue: int, of: int) -> list[FigureRow]:
    return [row("in progress", days_ago=11)] * overdue + [row()] * (of - overdue)


def test_a_project_without_concerns_is_on_track():
    assert health_of([row()], SIGNS) == Health(ON_TRACK)


def test_the_first_four_weeks_are_unknown_whatever_the_rows_say():
    young = replace(SIGNS, started=TODAY - timedelta(days=27))
    assert health_of(rows_with(9, 10), young).level == UNKNOWN


@pytest.mark.parametrize(("slip", "level"), [(5, ON_TRACK), (6, AT_RISK), (10, AT_RISK), (11, LATE), (-3, ON_TRACK)])
def test_the_forecast_of_the_gate_decides_by_working_days(slip, level):
    assert health_of([row()], replace(SIGNS, gate_slip=slip)).level == level


def test_without_a_forecast_the_other_rules_speak():
    assert health_of([row()], replace(SIGNS, gate_slip=None)).level == ON_TRACK


@pytest.mark.parametrize(
    ("overdue", "of", "level"), [(1, 21, ON_TRACK), (1, 20, AT_RISK), (2, 20, LATE), (9, 100, AT_RISK)]
)
def test_the_share_of_what_is_over_ten_days_overdue_decides(overdue, of, level):
    assert health_of(rows_with(overdue, of), SIGNS).level == level


def test_ten_days_overdue_is_not_yet_over_ten():
    assert health_of([row("in progress", days_ago=10)], SIGNS) == Health(ON_TRACK)


def test_what_is_not_applicable_was_never_due():
    assert health_of([row("not applicable"), *rows_with(1, 20)], SIGNS).rules == (Rule("overdue", AT_RISK, 1, 20),)


def test_a_block_older_than_ten_days_is_a_risk():
    future = row("blocked", days_ago=-5, since=11)
    assert health_of([future], SIGNS).rules == (Rule("blocked", AT_RISK, 11, 1),)
    assert health_of([row("blocked", days_ago=-5, since=10)], SIGNS).level == ON_TRACK


@pytest.mark.parametrize(("ahead", "level"), [(30, AT_RISK), (31, ON_TRACK)])
def test_work_that_nobody_has_is_a_risk_when_it_is_due_within_thirty_days(ahead, level):
    assert health_of([row("not started", days_ago=-ahead, party=None)], SIGNS).level == level


@pytest.mark.parametrize(("quiet", "level"), [(13, ON_TRACK), (14, AT_RISK)])
def test_a_fortnight_without_an_update_is_a_risk(quiet, level):
    assert health_of([row()], replace(SIGNS, last_update=TODAY - timedelta(days=quiet))).level == level


def test_the_rule_that_decides_comes_first():
    health = health_of(rows_with(5, 10), replace(SIGNS, gate_slip=7))
    assert [rule.key for rule in health.rules] == ["overdue", "forecast"]


def test_a_project_that_is_over_is_on_track():
    assert health_of(rows_with(9, 10), replace(SIGNS, is_over=True)).level == ON_TRACK
