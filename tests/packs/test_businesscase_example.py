"""The example in the guide of the business case is one case: what its points say is computed here from its lines."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from businesscase import guide
from businesscase.domain.content import BenefitItem, CaseContent, CostItem, Estimate, Scenario
from businesscase.domain.figures import figures_by_scenario
from businesscase.domain.months import parse_month

RATE, OUTSIDE, MONTHS = Decimal(420), Decimal(1150), 60
PHASE_MONTHS = {0: (1, 3), 1: (4, 7), 2: (8, 12), 3: (13, 20)}
AUDITS = {21: 6000, 22: 7000, 34: 5500, 46: 5500, 58: 9000}  # stages 1 and 2, surveillance twice, recertification
BENEFITS = (  # what a month brings, its confidence, its first month
    (Decimal(5750), Decimal("0.8"), 13),
    (Decimal(3200), Decimal("0.8"), 14),
    (Decimal(5500), Decimal("0.8"), 16),
    (Decimal(7000), Decimal("0.8"), 19),
    (Decimal(7000), Decimal("0.5"), 25),
)


def table_of_costs() -> dict[str, list[int]]:
    """The table under point e: the title of a row, then its figures."""
    rows = {}
    for line in guide.points()["e"].example.splitlines():
        if line.startswith("|") and "---" not in line and "Euro" not in line:
            title, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            rows[title] = [0 if cell == "–" else int(cell.replace(",", "")) for cell in cells]
    return rows


def example_flow(cost: Decimal = Decimal(1), benefit: Decimal = Decimal(1), delay: int = 0) -> list[Decimal]:
    """The net flow of the example, month by month, its lines times a factor, its benefits that many months later."""
    net = [Decimal(0)] * MONTHS
    table = table_of_costs()
    recurring = {2: Decimal(5500), 3: Decimal(8800)}  # the licences, which are no one-off
    for phase, (first, last) in PHASE_MONTHS.items():
        once = table["**Sum**"][phase] - recurring.get(phase, 0)
        for month in range(first, last + 1):
            net[month - 1] -= cost * once / (last - first + 1)
    for month in range(1, MONTHS + 1):
        net[month - 1] -= cost * AUDITS.get(month, 0)
        net[month - 1] -= cost * 1100 if month >= 8 else 0
        net[month - 1] -= cost * (8 * RATE + 200) if month >= 21 else 0
        net[month - 1] += sum(benefit * each * share for each, share, first in BENEFITS if month >= first + delay)
    return net


def thousands(amount: Decimal) -> str:
    rounded = (amount / 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}€{abs(rounded)},000"


def npv(net: list[Decimal]) -> Decimal:
    return sum((each / Decimal("1.06") ** (Decimal(month) / 12) for month, each in enumerate(net)), Decimal(0))


def paid_back(net: list[Decimal]) -> int | None:
    below = [month for month in range(1, MONTHS + 1) if sum(net[:month]) < 0]
    return below[-1] + 1 if below[-1] < MONTHS else None


def test_the_costs_of_the_example_add_up() -> None:
    table = table_of_costs()
    sums = table.pop("**Sum**")
    assert [sum(row[column] for row in table.values()) for column in range(5)] == sums
    assert sum(sums) == 718_700
    assert "€718,700" in guide.points()["e"].example
    assert table["Own people, €420 a day"][4] == 40 * 8 * RATE
    assert all(days % RATE == 0 for days in table["Own people, €420 a day"])
    assert all(days % OUTSIDE == 0 for days in table["People outside"])
    invoices = sum(sum(row) for title, row in table.items() if not title.startswith("Own people"))
    assert invoices == 265_100
    assert "€265,100 are invoices" in guide.points()["e"].example
    assert sum(sums[:3]) == 358_800
    assert "€358,800" in guide.points()["f"].example


def test_the_benefits_of_the_example_add_up() -> None:
    example = guide.points()["d"].example
    for amount, share, _first in BENEFITS:
        assert re.search(rf"€{amount:,} \| [A-Z]\w+ 202\d \| {100 * share:.0f} %", example)
    assert sum(amount * share for amount, share, _first in BENEFITS) == 20_660
    assert sum(amount * share * (MONTHS + 1 - first) for amount, share, first in BENEFITS) == 900_320
    assert "€20,660" in example
    assert "€900,320" in example


@pytest.mark.parametrize(
    ("cost", "benefit", "value", "returned", "month"),
    [
        ("1.15", "0.75", "−€196,000", "−18 %", None),
        ("1", "1", "€91,000", "25 %", 49),
        ("0.95", "1.15", "€237,000", "52 %", 42),
    ],
)
def test_the_scenarios_of_the_example_are_computed_by_the_formulas_of_the_guide(
    cost: str, benefit: str, value: str, returned: str, month: int | None
) -> None:
    net = example_flow(Decimal(cost), Decimal(benefit))
    assert thousands(npv(net)) == value
    assert paid_back(net) == month
    roi = 100 * sum(net) / (Decimal(cost) * 718_700)
    assert f"{roi:.0f} %".replace("-", "−") == returned
    example = guide.points()["g"].example
    assert f"{value} |" in example
    assert f"{returned} |" in example


def example_content() -> CaseContent:
    """The lines of the example as a case, so that the product itself computes them."""
    table, start = table_of_costs(), parse_month("2027-01")

    def cost(amount: int, first: int, last: int | None, rhythm: str = "once") -> CostItem:
        likely = Decimal(amount)
        points = Estimate(likely * Decimal("0.95"), likely, likely * Decimal("1.15"))
        return CostItem("C", "", "other", 0, rhythm, start + first - 1, start + last - 1 if last else None, points)

    lines = [
        cost(table["**Sum**"][phase] - {2: 5500, 3: 8800}.get(phase, 0), first, last)
        for phase, (first, last) in PHASE_MONTHS.items()
    ]
    lines += [cost(amount, month, None) for month, amount in AUDITS.items()]
    lines += [cost(1100, 8, None, "monthly"), cost(8 * 420 + 200, 21, None, "monthly")]
    gains = [
        BenefitItem(
            "B",
            "8",
            "figures",
            "",
            4,
            estimate=Estimate(amount * Decimal("0.75"), amount, amount * Decimal("1.15")),
            from_month=start + first - 1,
            confidence=share,
        )
        for amount, share, first in BENEFITS
    ]
    return CaseContent(
        "implementation", "EUR", start, MONTHS, Decimal("0.06"), costs=tuple(lines), benefits=tuple(gains)
    )


def test_the_product_computes_the_example_to_what_the_guide_says() -> None:
    found = figures_by_scenario(example_content())
    assert [thousands(found[each].npv) for each in Scenario] == ["−€196,000", "€91,000", "€237,000"]
    assert [found[each].payback_month for each in Scenario] == [None, 49, 42]
    likely = found[Scenario.LIKELY]
    assert (likely.cost, likely.benefit) == (Decimal(718_700), Decimal(900_320))
    assert (likely.discounted_payback_month, likely.lowest_month) == (52, 20)
    assert likely.rates.rate is not None
    assert f"{100 * likely.rates.rate:.0f} % against 6 %" in guide.figures()["irr"].reads


def test_the_ways_to_prove_conformity_are_compared_in_money() -> None:
    rows = re.findall(r"\| (€[\d,]+|–) \| (\d+) \| €([\d,]+) \|", guide.points()["h"].example)
    assert len(rows) == 3
    for fees, days, whole in rows:
        paid = 0 if fees == "–" else int(fees.strip("€").replace(",", ""))
        assert paid + int(days) * RATE == int(whole.replace(",", "")), fees


def test_half_a_year_of_delay_costs_the_surplus_of_the_example() -> None:
    assert thousands(npv(example_flow(delay=6))) == "−€22,000"
    assert "−€22,000" in guide.points()["g"].example


def test_the_explanations_of_the_figures_use_those_of_the_example() -> None:
    net = example_flow()
    running = [sum(net[:month]) for month in range(1, MONTHS + 1)]
    assert running.index(min(running)) + 1 == 20
    assert thousands(min(running)) == "−€411,000"
    assert "€411,000 in August 2028" in guide.figures()["cumulative cash flow"].reads
    rate = Decimal("1.06") ** (Decimal(1) / 12)
    discounted = [sum(each / rate**number for number, each in enumerate(net[:month])) for month in range(1, 61)]
    assert max(month for month, value in enumerate(discounted, start=1) if value < 0) + 1 == 52
    assert "month 52 instead of 49" in guide.figures()["discounted payback"].reads
    without = sum(share * each * (MONTHS + 1 - first) for each, share, first in BENEFITS[:-1]) / 718_700 - 1
    assert f"{100 * without:.0f} %" == "8 %"
    assert "it is 8 %" in guide.benefits()["10"].figure_example


def test_the_small_case_of_the_example_adds_up_and_comes_back_in_the_large_one() -> None:
    cost = next(each for each in guide.small_case().points if each.key == "cost").example
    lines = re.findall(r"\| (\d+) \| ([\d,]+) \| ([\d,]+) \|", cost)
    assert all(int(days) * int(rate.replace(",", "")) == int(euro.replace(",", "")) for days, rate, euro in lines)
    assert sum(int(days) for days, _, _ in lines) == 30
    assert sum(int(euro.replace(",", "")) for _, _, euro in lines) == 16_980
    assert "€16,980" in guide.points()["e"].example
