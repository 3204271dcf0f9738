"""What was spent and confirmed."""

from datetime import date
from decimal import Decimal

import pytest

from businesscase.models import ActualBenefit, ActualCost, BenefitLine, BusinessCase, PhaseMoney
from businesscase.services.money import CostEntry, confirm_benefit, record_costs, remove_cost, set_phase_money
from businesscase.services.rows import change_row, remove_row
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from tests.businesscase.conftest import BENEFIT, FEB, JAN, MAR, add
from tests.cast import Cast
from tests.phases.test_wording import said

pytestmark = pytest.mark.django_db
D = Decimal


def book(cast: Cast, case: BusinessCase, *entries: CostEntry, **more) -> list[ActualCost]:
    return record_costs(**{"acting_user": cast.mara, "case": case, "entries": entries, **more})


def test_an_amount_on_a_line_has_its_phase_and_category(cast: Cast, case: BusinessCase) -> None:
    (row,) = book(cast, case, CostEntry(JAN, D("5100.50"), line="C-02", note="8.5 days"), until=FEB)
    assert (row.phase_number, row.category, row.amount) == (1, "own people", D("5100.50"))
    assert said(cast) == "Mara Moss booked 5100.50 in 2026-01 on Project manager"
    case.refresh_from_db()
    assert case.actual_until == FEB


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (CostEntry(JAN, D(-1), 1, "travel"), "amount"),
        (CostEntry(JAN, D(0), 1, "travel"), "amount"),
        (CostEntry(JAN, D("1e30"), 1, "travel"), "amount"),
        (CostEntry(date(2026, 4, 1), D(1), 1, "travel"), "month"),
        (CostEntry(date(2025, 12, 1), D(1), 1, "travel"), "month"),
        (CostEntry(JAN, D(1), 7, "travel"), "phase"),
        (CostEntry(JAN, D(1), 1, "gifts"), "category"),
        (CostEntry(JAN, D(1), line="C-99"), "line"),
    ],
)
def test_a_wrong_amount_is_refused_and_nothing_of_all_is_booked(
    cast: Cast, case: BusinessCase, entry: CostEntry, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        book(cast, case, CostEntry(JAN, D(1), 1, "travel"), entry)
    assert refused.value.field == field
    assert not ActualCost.objects.exists()


def test_what_was_booked_by_mistake_is_taken_back(cast: Cast, case: BusinessCase) -> None:
    (row,) = book(cast, case, CostEntry(JAN, D(70), 1, "travel"))
    with pytest.raises(StaleWrite):
        remove_cost(acting_user=cast.mara, row=row, version=2)
    remove_cost(acting_user=cast.mara, row=row, version=1)
    assert said(cast) == "Mara Moss took back 70.00 in 2026-01 on Travel and accommodation"


def test_a_line_with_amounts_stays(cast: Cast, case: BusinessCase) -> None:
    book(cast, case, CostEntry(JAN, D(70), line="C-02"))
    with pytest.raises(RuleBroken, match="booked or confirmed"):
        remove_row(acting_user=cast.mara, case=case, kind="cost", ref="C-02", version=1)


def test_only_who_keeps_the_figures_books(cast: Cast, case: BusinessCase) -> None:
    for name in ("tim", "petra", "toma", "chen", "audra"):
        with pytest.raises(NotPermitted):
            book(cast, case, CostEntry(JAN, D(70), 1, "travel"), acting_user=cast.people[name])


def test_the_money_of_a_phase_is_settled(cast: Cast, case: BusinessCase) -> None:
    set_phase_money(
        acting_user=cast.mara, case=case, phase=1, version=0, tolerance=D("0.05"), remaining=D(9000), reason="Offer"
    )
    assert said(cast) == "Mara Moss settled the money of phase 1, reason Offer, still to come 9000, tolerance 0.05"
    with pytest.raises(StaleWrite):
        set_phase_money(acting_user=cast.olga, case=case, phase=1, version=0, remaining=D(1))
    with pytest.raises(RuleBroken):
        set_phase_money(acting_user=cast.mara, case=case, phase=1, version=2, tolerance=D(2))
    assert PhaseMoney.objects.get().remaining == 9000


def test_a_benefit_is_confirmed_by_who_was_named(cast: Cast, case: BusinessCase) -> None:
    petra = cast.parties["petra"]
    change_row(
        acting_user=cast.mara,
        case=case,
        kind="benefit",
        ref="B-01",
        version=1,
        values={**BENEFIT, "from_month": FEB, "confirmed_by": petra},
    )
    line = BenefitLine.objects.get()
    confirm_benefit(acting_user=cast.petra, line=line, month=FEB, amount=D(0), note="Not yet")
    confirm_benefit(acting_user=cast.petra, line=line, month=MAR, amount=D(380))
    assert said(cast) == "Petra Pohl confirmed 380 for 2026-03 of B-01 Fewer calls"
    with pytest.raises(NotPermitted, match="Somebody else"):
        confirm_benefit(acting_user=cast.toma, line=line, month=MAR, amount=D(9), version=2)
    with pytest.raises(StaleWrite):
        confirm_benefit(acting_user=cast.mara, line=line, month=MAR, amount=D(9), version=1)
    with pytest.raises(RuleBroken, match="has not come yet"):
        confirm_benefit(acting_user=cast.mara, line=line, month=date(2026, 5, 1), amount=D(9))
    assert [each.amount for each in ActualBenefit.objects.all()] == [0, 380]


def test_a_benefit_in_words_is_confirmed_by_what_was_seen(cast: Cast, case: BusinessCase) -> None:
    add(cast, case, "benefit", BENEFIT, form="words", indicator="Calls a month", target="800")
    line = BenefitLine.objects.get(ref="B-02")
    with pytest.raises(RuleBroken, match="what the indicator showed"):
        confirm_benefit(acting_user=cast.mara, line=line, month=FEB)
    row = confirm_benefit(acting_user=cast.mara, line=line, month=FEB, observed="910 calls")
    assert (row.amount, row.observed) == (None, "910 calls")
