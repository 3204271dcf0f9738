"""How the case stands: whether it still pays, and what its phases cost."""

from datetime import date
from decimal import Decimal

import pytest

from businesscase.choices import VersionState
from businesscase.domain.content import Scenario
from businesscase.domain.months import parse_month
from businesscase.models import BusinessCase, CaseVersion, Condition
from businesscase.selectors.standing import Health, Reading, Standing, actuals_of, standing_of
from businesscase.services.approval import ConditionWish, meet_condition
from businesscase.services.money import CostEntry, record_costs, set_phase_money
from businesscase.services.rows import change_row
from phases.models import Phase
from tests.businesscase.conftest import BENEFIT, COST, FEB, JAN, PEOPLE, add, say, submit
from tests.cast import Cast

pytestmark = pytest.mark.django_db
D = Decimal


def standing(cast: Cast) -> Standing:
    found = standing_of(cast.project)
    assert found is not None
    return found


def spend(cast: Cast, case: BusinessCase, amount: int, line: str = "C-02", **more) -> None:
    entry = CostEntry(JAN, D(amount), line=line)
    record_costs(acting_user=cast.mara, case=case, entries=[entry], until=FEB, **more)


def test_a_case_that_was_not_begun_stands_nowhere(cast: Cast) -> None:
    assert standing_of(cast.project) is None


def test_before_approval_the_draft_speaks_for_itself(cast: Cast, case: BusinessCase) -> None:
    found = standing(cast)
    # 12,000 and 30,000 to spend; 1,200 a month (80 percent of 1,500) from July, in three steps.
    assert (found.now.cost, found.now.benefit) == (D(42000), 54 * 1200 - 1200)
    assert (found.health, found.pays, found.then, found.beyond) == (Health.UNKNOWN, True, None, ())
    assert found.payback == parse_month("2029-06")
    assert found.conditions == ()


def test_with_one_side_alone_nobody_can_say_whether_it_pays(cast: Cast, empty_case: BusinessCase) -> None:
    add(cast, empty_case, "cost", COST)
    assert (standing(cast).pays, standing(cast).health) == (None, Health.UNKNOWN)


def test_what_was_approved_stays_when_the_draft_moves_on(cast: Cast, approved: CaseVersion) -> None:
    before = standing(cast)
    assert (before.health, before.months_later) == (Health.ON_TRACK, 0)
    values = {**BENEFIT, "from_month": date(2026, 10, 1)}
    change_row(acting_user=cast.mara, case=approved.case, kind="benefit", ref="B-01", version=1, values=values)
    after = standing(cast)
    assert after.then is not None
    assert before.then is not None
    assert after.then.npv == before.then.npv == before.now.npv
    assert (after.health, after.months_later) == (Health.AT_RISK, 3)
    assert after.in_force == approved


def test_a_case_whose_value_falls_below_nothing_is_off_track(cast: Cast, approved: CaseVersion) -> None:
    values = {**BENEFIT, "low": D(100), "likely": D(200), "high": D(300)}
    change_row(acting_user=cast.mara, case=approved.case, kind="benefit", ref="B-01", version=1, values=values)
    found = standing(cast)
    assert (found.pays, found.payback, found.health) == (False, None, Health.OFF_TRACK)


def test_what_was_spent_takes_the_place_of_what_was_estimated(cast: Cast, approved: CaseVersion) -> None:
    spend(cast, approved.case, 13000)
    found = standing(cast)
    # January and February were to take 10,000 of the people; 20,000 and the tool are still to come.
    assert (found.spent, found.forecast, found.plan) == (13000, 45000, 42000)
    assert found.now.cost == 45000
    assert found.figures[Scenario.LOW].cost == 13000 + 12000 + 28000
    assert [each.phase for each in found.near] == []
    assert found.health == Health.AT_RISK  # it pays back three months later


def test_a_phase_beyond_its_tolerance_is_off_track_until_somebody_says_why(cast: Cast, approved: CaseVersion) -> None:
    spend(cast, approved.case, 16000)
    found = standing(cast)
    assert [(each.phase, each.deviation) for each in found.beyond] == [(1, 6000)]
    assert (found.health, found.unexplained) == (Health.OFF_TRACK, found.beyond)
    set_phase_money(acting_user=cast.mara, case=approved.case, phase=1, version=0, reason="Dearer people")
    explained = standing(cast)
    assert (explained.health, explained.unexplained) == (Health.AT_RISK, ())
    assert explained.reasons == {1: "Dearer people"}


def test_what_somebody_said_is_to_come_counts(cast: Cast, approved: CaseVersion) -> None:
    spend(cast, approved.case, 10000)
    set_phase_money(acting_user=cast.mara, case=approved.case, phase=1, version=0, remaining=D(36000))
    found = standing(cast)
    assert (found.forecast, found.now.cost) == (46000, 46000)
    # 36,000 where the lines hold 32,000, so the cautious one, 40,000 by its lines, is 45,000.
    assert found.figures[Scenario.LOW].cost == 10000 + 45000


def test_a_closed_phase_has_nothing_to_come(cast: Cast, approved: CaseVersion) -> None:
    spend(cast, approved.case, 40000)
    Phase.objects.filter(project=cast.project, number__lte=1).update(state="closed")
    found = standing(cast)
    assert (found.forecast, found.closed) == (40000, {0, 1})
    assert found.running is not None
    assert found.running.number == 2


def test_conditions_are_open_until_they_are_met(cast: Cast, case: BusinessCase) -> None:
    wishes = [ConditionWish("Measure hours"), ConditionWish("Show the contracts", date(2026, 4, 1))]
    version = say(cast, submit(cast, case), verdict="conditions", conditions=wishes)
    Condition.objects.filter(due__isnull=False).update(due=date(2026, 2, 1))
    found = standing(cast)
    assert [each.text for each in found.open_conditions] == ["Show the contracts", "Measure hours"]
    assert [each.text for each in found.overdue_conditions] == ["Show the contracts"]
    assert found.health == Health.AT_RISK
    meet_condition(
        acting_user=cast.mara, condition=found.conditions[0], version=1, met_on=date(2026, 2, 20), note="Shown"
    )
    assert [each.text for each in standing(cast).open_conditions] == ["Measure hours"]
    assert standing(cast).health == Health.ON_TRACK
    assert version.state == VersionState.CONDITIONS


def test_a_version_that_waits_is_not_in_force(cast: Cast, approved: CaseVersion) -> None:
    change_row(
        acting_user=cast.mara,
        case=approved.case,
        kind="cost",
        ref="C-02",
        version=1,
        values={**PEOPLE, "likely": D(52)},
    )
    waiting = submit(cast, approved.case)
    found = standing(cast)
    assert (found.in_force, found.waiting) == (approved, waiting)


@pytest.mark.parametrize(("reading", "count"), [(Reading.AMOUNTS, 2), (Reading.LINES, 4), (Reading.ALL, 9)])
def test_reading_takes_the_same_queries_whatever_was_spent(
    cast: Cast, approved: CaseVersion, django_assert_num_queries, reading: Reading, count: int
) -> None:
    for _ in range(2):
        spend(cast, approved.case, 100)
        with django_assert_num_queries(count):
            found = standing_of(cast.project, reading)
            assert found is not None
            assert found.in_force is not None
            assert str(found.in_force.submitted_by) == "Mara Moss"


def test_however_little_is_read_the_figures_are_the_same(cast: Cast, case: BusinessCase) -> None:
    wish = ConditionWish("Show the contracts", date(2026, 4, 1))
    say(cast, submit(cast, case), verdict="conditions", conditions=[wish])
    add(cast, case, "cost", COST, rhythm="yearly", low=D("0.07"), likely=D("99.99"), high=D("123456.78"))
    spend(cast, case, 16000)
    tolerance = D("0.1234")
    set_phase_money(acting_user=cast.mara, case=case, phase=1, version=0, tolerance=tolerance, reason="Dearer")
    whole, brief = standing(cast), standing_of(cast.project, Reading.AMOUNTS)
    assert brief is not None
    assert (brief.figures, brief.outlooks, brief.health) == (whole.figures, whole.outlooks, whole.health)
    assert [(each.text, each.due, each.met_on) for each in brief.conditions] == [("Show the contracts", wish.due, None)]
    assert actuals_of(whole.case) == whole.actuals
    assert (brief.outlooks[1].tolerance, brief.reasons, brief.closed) == (tolerance, {1: "Dearer"}, whole.closed)
