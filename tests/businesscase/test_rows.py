"""Lines of a draft: what is taken, what is refused, and what the trail says."""

from datetime import date
from decimal import Decimal

import pytest

from businesscase.domain.flow import cash_flow
from businesscase.models import BusinessCase, CostLine
from businesscase.selectors.content import content_of
from businesscase.services.cases import change_settings, start_case, write_section
from businesscase.services.rows import change_row, remove_row
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from projects.models import Party
from tests.businesscase.conftest import BENEFIT, COST, JAN, PEOPLE, add, submit
from tests.cast import Cast
from tests.phases.test_wording import said

pytestmark = pytest.mark.django_db
D = Decimal


def test_a_case_begins_once_with_the_month_of_the_project(cast: Cast, empty_case: BusinessCase) -> None:
    assert (empty_case.first_month, empty_case.months, empty_case.discount_rate) == (JAN, 60, D("0.06"))
    assert said(cast) == "Mara Moss began Case for the implementation"
    again = start_case(acting_user=cast.mara, project=cast.project, kind="implementation")
    assert again.pk == empty_case.pk


def test_a_line_is_added_with_a_ref_that_nobody_gets_again(cast: Cast, empty_case: BusinessCase) -> None:
    first = add(cast, empty_case, "cost", COST)
    assert (first.ref, first.low, first.high) == ("C-01", 12000, 12000)
    assert said(cast) == "Mara Moss added cost line C-01 Service desk tool"
    remove_row(acting_user=cast.mara, case=empty_case, kind="cost", ref="C-01", version=1)
    assert said(cast) == "Mara Moss took out cost line C-01 Service desk tool"
    assert add(cast, empty_case, "cost", COST).ref == "C-02"


def test_the_draft_is_read_into_one_value(cast: Cast, case: BusinessCase) -> None:
    content = content_of(case)
    assert [(each.ref, each.estimate.likely, each.day_rate) for each in content.costs] == [
        ("C-01", 12000, None),
        ("C-02", 50, 600),
    ]
    assert content.benefits[0].confidence == D("0.8")
    flow = cash_flow(content)
    assert (sum(each.cost for each in flow), flow[6].benefit) == (42000, 400)
    assert content.known.phases[1].name == "React"


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"likely": D(-1)}, "likely", "below zero"),
        ({"likely": D("1e30")}, "likely", "too large"),
        ({"likely": D("NaN")}, "likely", "no number"),
        ({"likely": D("Infinity")}, "likely", "no number"),
        ({"likely": None}, "likely", "Give the likely figure"),
        ({"low": D(13000)}, "low", "above the likely"),
        ({"high": D(1)}, "high", "below the likely"),
        ({"title": " "}, "title", "what is paid for"),
        ({"title": "x" * 161}, "title", "longer than 160"),
        ({"category": "gifts"}, "category", "Choose one"),
        ({"phase_number": 5}, "phase_number", "0 to 4"),
        ({"rhythm": "daily"}, "rhythm", "Choose one"),
        ({"first_month": date(2025, 12, 1)}, "first_month", "2025-12 lies outside the horizon"),
        ({"first_month": date(2031, 1, 1)}, "first_month", "from 2026-01 to 2030-12"),
        ({"first_month": None}, "first_month", "Give the month"),
        ({"last_month": JAN}, "last_month", "before the first"),
        ({"category": "own people"}, "day_rate", "rate of a day"),
        ({"day_rate": D(10**11), "likely": D(1000)}, "day_rate", "more than can be kept"),
        ({"service": "Unknown"}, "service", "no service of this name"),
    ],
)
def test_a_cost_that_cannot_be_is_refused(
    cast: Cast, empty_case: BusinessCase, wrong: dict, field: str, words: str
) -> None:
    with pytest.raises(RuleBroken, match=words) as refused:
        add(cast, empty_case, "cost", COST, **wrong)
    assert refused.value.field == field
    assert not CostLine.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "10"}, "kind"),
        ({"kind": "11"}, "kind"),
        ({"from_month": None}, "from_month"),
        ({"until_month": date(2026, 6, 1)}, "until_month"),
        ({"ramp_months": 61}, "ramp_months"),
        ({"confidence": 0}, "confidence"),
        ({"confidence": 101}, "confidence"),
        ({"form": "words"}, "indicator"),
    ],
)
def test_a_benefit_that_cannot_be_is_refused(cast: Cast, empty_case: BusinessCase, wrong: dict, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        add(cast, empty_case, "benefit", {**BENEFIT, **wrong})
    assert refused.value.field == field


def test_a_benefit_in_words_keeps_no_figures(cast: Cast, empty_case: BusinessCase) -> None:
    row = add(cast, empty_case, "benefit", BENEFIT, form="words", indicator="Calls a month", target="800")
    assert (row.likely, row.from_month, row.ramp_months, row.target) == (None, None, 0, "800")


def test_benefits_before_costs_and_costs_alone_are_taken(cast: Cast, empty_case: BusinessCase) -> None:
    add(cast, empty_case, "benefit", BENEFIT, from_month=JAN)
    add(cast, empty_case, "cost", COST, first_month=date(2030, 12, 1))
    assert content_of(empty_case).benefits[0].from_month < content_of(empty_case).costs[0].first_month


def test_two_people_on_one_line_see_both_texts(cast: Cast, case: BusinessCase) -> None:
    change_row(
        acting_user=cast.mara, case=case, kind="cost", ref="C-01", version=1, values={**COST, "likely": D(13000)}
    )
    assert said(cast) == (
        "Mara Moss changed cost line C-01 Service desk tool: high from 12000.00 to 13000.00, "
        "likely from 12000.00 to 13000.00, low from 12000.00 to 13000.00"
    )
    with pytest.raises(StaleWrite) as stale:
        change_row(
            acting_user=cast.olga, case=case, kind="cost", ref="C-01", version=1, values={**COST, "likely": D(11000)}
        )
    assert stale.value.current["likely"] == "13000.00"
    assert stale.value.sent["likely"] == "11000.00"
    assert CostLine.objects.get(case=case, ref="C-01").likely == 13000


@pytest.mark.parametrize("name", ["tim", "petra", "toma", "chen", "cora", "audra"])
def test_only_who_writes_the_case_changes_it(cast: Cast, case: BusinessCase, name: str) -> None:
    with pytest.raises(NotPermitted):
        change_row(
            acting_user=cast.people[name],
            case=case,
            kind="cost",
            ref="C-01",
            version=1,
            values={**COST, "likely": D(1)},
        )


def test_another_clients_party_is_not_there(cast: Cast, case: BusinessCase) -> None:
    other = Party.objects.filter(project=cast.other).first()
    with pytest.raises(Party.DoesNotExist):
        add(cast, case, "benefit", BENEFIT, confirmed_by=other)


def test_while_a_version_waits_the_draft_stays_as_it_is(cast: Cast, case: BusinessCase) -> None:
    submit(cast, case)
    with pytest.raises(RuleBroken, match="Withdraw it first"):
        add(cast, case, "cost", PEOPLE)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"months": 0}, "months"),
        ({"months": None}, "months"),
        ({"months": 121}, "months"),
        ({"discount_rate": D(-1)}, "discount_rate"),
        ({"discount_rate": D(4)}, "discount_rate"),
        ({"discount_rate": None}, "discount_rate"),
        ({"first_month": None}, "first_month"),
        ({"months": 3}, "months"),
        ({"first_month": date(2026, 4, 1)}, "months"),
    ],
)
def test_a_horizon_or_rate_that_cannot_be_is_refused(cast: Cast, case: BusinessCase, wrong: dict, field: str) -> None:
    values = {"first_month": JAN, "months": 60, "discount_rate": D("0.06"), **wrong}
    with pytest.raises(RuleBroken) as refused:
        change_settings(acting_user=cast.mara, case=case, version=1, **values)
    assert refused.value.field == field


def test_settings_are_changed_and_said(cast: Cast, case: BusinessCase) -> None:
    change_settings(acting_user=cast.mara, case=case, version=1, first_month=JAN, months=48, discount_rate=D("0.045"))
    assert "discount rate from 0.06 to 0.045, months from 60 to 48" in said(cast)


def test_two_people_write_one_point_and_none_is_lost(cast: Cast, case: BusinessCase) -> None:
    write_section(acting_user=cast.mara, case=case, point="a", version=0, text="Calls take too long.")
    assert said(cast) == "Mara Moss wrote point a)"
    with pytest.raises(StaleWrite):
        write_section(acting_user=cast.olga, case=case, point="a", version=0, text="Nobody answers.")
    with pytest.raises(RuleBroken):
        write_section(acting_user=cast.mara, case=case, point="m", version=0, text="More")


def test_reading_a_case_takes_the_same_queries_whatever_its_length(
    cast: Cast, case: BusinessCase, django_assert_num_queries
) -> None:
    for number in range(5):
        add(cast, case, "cost", COST, title=f"Tool {number}")
    with django_assert_num_queries(10):
        content_of(case)
