"""The workbook of a case: live formulas that LibreOffice computes to our figures, and texts that stay text."""

import random
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from businesscase.domain.content import (
    BenefitItem,
    CaseContent,
    CostItem,
    Estimate,
    Known,
    PhaseFact,
    RiskItem,
    Scenario,
)
from businesscase.domain.export import case_plain
from businesscase.domain.figures import Figures, figures_by_scenario
from businesscase.domain.flow import benefits_by_line, costs_by_line
from businesscase.domain.months import first_day
from businesscase.domain.parts import by_category, by_phase, by_service
from businesscase.exports_shown import Shown
from businesscase.exports_workbook import case_xlsx

D = Decimal
SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (libreoffice-calc-nogui) is not installed")
BEGIN = 2026 * 12
AGREES = "This workbook finds what smsplan says."
CATEGORIES = ["own people", "people outside", "technology", "training", "certification", "travel", "other"]
HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "'=1",
    '"quotes" & <b>',
    '=HYPERLINK("http://x.example")',
    "*",
    ">0",
]


def three(low: str, likely: str, high: str) -> Estimate:
    """Three points."""
    return Estimate(D(low), D(likely), D(high))


def small_case(**more: Any) -> CaseContent:
    """Two costs and two benefits over five years."""
    values: dict[str, Any] = {
        "kind": "implementation",
        "currency": "EUR",
        "first_month": BEGIN,
        "months": 60,
        "discount_rate": D("0.06"),
        "costs": (
            CostItem("C-01", "Tool", "technology", 1, "once", BEGIN + 2, None, three("11000", "12000", "15000")),
            CostItem("C-02", "Days", "own people", 1, "once", BEGIN, BEGIN + 6, three("40", "50", "70"), D("601.37")),
            CostItem("C-03", "Audit", "certification", 4, "yearly", BEGIN + 14, None, three("990", "1000", "1100")),
        ),
        "benefits": (
            BenefitItem(
                "B-01",
                "2",
                "figures",
                "Calls",
                1,
                estimate=three("1000", "1500.55", "2000"),
                from_month=BEGIN + 6,
                ramp_months=7,
                confidence=D("0.77"),
            ),
            BenefitItem("B-02", "6", "words", "Content", 2, indicator="Survey", baseline="3.1", target="3.8"),
        ),
        "services": ("mail", "desk"),
        "known": Known(project="Alder SMS", organization="Alder", phases=(PhaseFact(1, "React"),)),
    }
    return CaseContent(**{**values, **more})


def many_lines(seed: int, months: int) -> CaseContent:
    """Lines of every rhythm, with cents, thirds and halves of cents; reproducible."""
    dice = random.Random(seed)

    def points(most: int) -> Estimate:
        return Estimate(*sorted(D(dice.randint(0, most * 100)) / 100 for _ in range(3)))

    costs = []
    for number in range(60):
        first = dice.randrange(months)
        costs.append(
            CostItem(
                f"C-{number:02d}",
                f"Line {number}",
                dice.choice(CATEGORIES),
                dice.randrange(5),
                dice.choice(["once", "once", "monthly", "quarterly", "yearly"]),
                BEGIN + first,
                dice.choice([None, BEGIN + dice.randrange(first, months)]),
                points(900),
                D(dice.randint(1, 90000)) / 100 if number % 3 == 0 else None,
                service=dice.choice(["", "", "mail", "desk"]),
            )
        )
    benefits = []
    for number in range(25):
        first = dice.randrange(months)
        benefits.append(
            BenefitItem(
                f"B-{number:02d}",
                str(dice.randint(1, 9)),
                "figures",
                f"Benefit {number}",
                dice.randrange(5),
                estimate=points(90_000),
                from_month=BEGIN + first,
                until_month=dice.choice([None, BEGIN + dice.randrange(first, months)]),
                ramp_months=dice.randint(0, 18),
                confidence=D(dice.randint(1, 100)) / 100,
            )
        )
    return small_case(months=months, costs=tuple(costs), benefits=tuple(benefits), discount_rate=D("0.0425"))


def ties() -> CaseContent:
    """Amounts whose parts end in exactly half a cent: where rounding shows."""
    costs = [
        CostItem(f"C-{at}", "Tie", "other", 1, "once", BEGIN, BEGIN + at, three(f"{at}.05", f"{at}.15", f"{at}.35"))
        for at in range(1, 8)
    ]
    benefits = [
        BenefitItem(f"B-{at}", "1", "figures", "Tie", 1, estimate=three(f"0.0{at}", f"{at}.01", f"{at}0.03"),
                    from_month=BEGIN + at, ramp_months=ramp, confidence=D(share) / 100)
        for at, ramp, share in [(1, 2, 50), (2, 3, 75), (3, 6, 50), (4, 4, 25), (5, 8, 35), (6, 12, 45), (9, 6, 5)]
    ]  # fmt: skip
    return small_case(costs=tuple(costs), benefits=tuple(benefits), discount_rate=D(0))


def hostile() -> CaseContent:
    """Every text tries to be a formula."""
    texts = iter(HOSTILE * 20)
    base = small_case()
    return replace(
        base,
        costs=tuple(
            replace(each, title=next(texts), source=next(texts), role=next(texts), service=HOSTILE[at])
            for at, each in enumerate(base.costs)
        ),
        benefits=tuple(
            replace(each, title=next(texts), source=next(texts), confirmed_by=next(texts), indicator=next(texts))
            for each in base.benefits
        ),
        risks=(
            RiskItem(
                "R-01",
                next(texts),
                "financial",
                next(texts),
                next(texts),
                next(texts),
                3,
                4,
                "open",
                response_text=next(texts),
                owner=next(texts),
            ),
        ),
        services=tuple(HOSTILE),
        known=Known(project="=Alder", organization="@Alder", phases=(PhaseFact(1, '=1+"x"'),)),
    )


def shown(content: CaseContent) -> Shown:
    """The draft of a project named alder."""
    return Shown("alder", content, case_plain(content), None, "draft", "0" * 64)


def book_of(content: CaseContent, **cells: Any) -> bytes:
    """The workbook; `cells` are changed on the sheets named before the underscore."""
    made = case_xlsx(shown(content), made_on=date(2026, 3, 1))
    if not cells:
        return made
    book = openpyxl.load_workbook(BytesIO(made))
    for place, value in cells.items():
        sheet, _, cell = place.partition("_")
        book[sheet][cell] = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def recomputed(folder: Path, books: Iterable[bytes]) -> list[Any]:
    """The workbooks as LibreOffice computes them; one call, because it takes seconds to start."""
    paths = [folder / f"case-{number}.xlsx" for number, _ in enumerate(books)]
    for path, content in zip(paths, books, strict=True):
        path.write_bytes(content)
    profile = (folder / "profile").as_uri()
    options = ["--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={profile}", *options, *map(str, paths)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return [openpyxl.load_workbook(folder / "out" / path.name, data_only=True) for path in paths]


def same(value: Any, ours: Decimal | int) -> None:
    """To the cent."""
    assert abs(value - float(ours)) < 0.005, (value, ours)


def check_summary(book: Any, found: Figures, content: CaseContent) -> None:
    """The figures of the scenario that is picked."""
    sheet = book["Summary"]
    values = [sheet.cell(row, 2).value for row in range(10, 20)]
    never, none = "never", "none"
    same(values[0], found.cost)
    same(values[1], found.benefit)
    same(values[2], found.net)
    same(values[3], found.npv)
    if found.rates.rate is not None:
        assert values[4] == pytest.approx(float(found.rates.rate), abs=1.5e-6)
    elif found.rates.reason != "several":
        assert values[4] == none
    assert values[5] == (none if found.roi is None else pytest.approx(float(found.roi), abs=1e-6))
    assert values[6] == (found.payback_month or never)
    assert values[7] == (found.discounted_payback_month or never)
    same(values[8], found.lowest)
    assert values[9] == found.lowest_month
    phases = by_phase(content, Scenario(found.scenario))
    for each in phases:
        same(sheet.cell(23 + each.phase, 2).value, each.cost)
        same(sheet.cell(23 + each.phase, 3).value, each.benefit)


def check_flow(book: Any, found: Figures) -> None:
    """The months of the scenario that is picked."""
    sheet = book["Cash flow"]
    for row, (month, running) in enumerate(zip(found.flow, found.cumulative, strict=True), start=4):
        assert sheet.cell(row, 2).value.date() == first_day(month.month)
        same(sheet.cell(row, 3).value, month.cost)
        same(sheet.cell(row, 4).value, month.benefit)
        same(sheet.cell(row, 6).value, running)


def check_scenarios(book: Any, content: CaseContent) -> None:
    """All three at once, month by month, and the sentence above them."""
    sheet = book["Scenarios"]
    assert sheet["A2"].value == AGREES
    first = next(row for row in range(10, 40) if sheet.cell(row, 1).value == "No.") + 1
    for place, found in enumerate(figures_by_scenario(content).values()):
        for row, month in enumerate(found.flow, start=first):
            same(sheet.cell(row, 4 + 5 * place).value, month.cost)
            same(sheet.cell(row, 5 + 5 * place).value, month.benefit)
        for at in range(len(found.rates.roots)):
            assert sheet.cell(16 + at, 2 + place).value == 0


def check_lines(book: Any, content: CaseContent, scenario: Scenario) -> None:
    """Every month of every line, on the sheets of costs and benefits."""
    for name, lines in (("Costs", costs_by_line(content, scenario)), ("Benefits", benefits_by_line(content, scenario))):
        rows = [row[-content.months :] for row in book[name].iter_rows(min_row=4, values_only=True)]
        for row, (_item, flow) in zip(rows, lines, strict=False):
            for at, value in enumerate(row):
                same(value, flow.get(content.first_month + at, D(0)))


CONTENTS = {
    "two costs": small_case(),
    "many lines over 84 months": many_lines(1, 84),
    "many lines over 13 months": many_lines(2, 13),
    "halves of cents": ties(),
    "hostile texts": hostile(),
    "costs only": small_case(benefits=()),
    "benefits only": small_case(costs=()),
    "nothing": small_case(costs=(), benefits=()),
    "one month": small_case(months=1),
    "benefits before costs": small_case(
        costs=(CostItem("C-01", "Late", "other", 3, "once", BEGIN + 50, None, three("9e5", "9e5", "9e5")),)
    ),
    "several rates": small_case(
        costs=(
            CostItem("C-01", "First", "other", 1, "once", BEGIN, None, three("1e5", "1e5", "1e5")),
            CostItem("C-02", "Last", "other", 3, "once", BEGIN + 24, None, three("132000", "132000", "132000")),
        ),
        benefits=(
            BenefitItem(
                "B-01",
                "1",
                "figures",
                "Once",
                1,
                estimate=three("230000", "230000", "230000"),
                from_month=BEGIN + 12,
                until_month=BEGIN + 12,
            ),
        ),
    ),
    "large amounts": small_case(
        costs=(CostItem("C-01", "Large", "other", 1, "monthly", BEGIN, None, three("1e9", "1.1e9", "1.2e9")),)
    ),
}


@pytest.mark.slow
@needs_libreoffice
def test_libreoffice_finds_our_figures_to_the_cent(tmp_path: Path) -> None:
    """Line by line and month by month, in all scenarios."""
    books = recomputed(tmp_path, [book_of(content) for content in CONTENTS.values()])
    for content, book in zip(CONTENTS.values(), books, strict=True):
        likely = figures_by_scenario(content)[Scenario.LIKELY]
        check_lines(book, content, Scenario.LIKELY)
        check_flow(book, likely)
        check_summary(book, likely, content)
        check_scenarios(book, content)
        assert book["Summary"]["A5"].value == AGREES
        errors = [
            cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "e"
        ]
        assert errors == []


@pytest.mark.slow
@needs_libreoffice
def test_another_scenario_and_another_figure_follow_at_once(tmp_path: Path) -> None:
    content = many_lines(3, 48)
    books = recomputed(
        tmp_path,
        [
            book_of(content, Summary_B7="Cautious"),
            book_of(content, Summary_B7="Good"),
            book_of(content, Settings_B5=0.11),
            book_of(content, Costs_N4=5000),
        ],
    )
    found = figures_by_scenario(content)
    for book, scenario in zip(books, (Scenario.LOW, Scenario.HIGH), strict=False):
        check_lines(book, content, scenario)
        check_flow(book, found[scenario])
        check_summary(book, found[scenario], content)
        check_scenarios(book, content)
    dearer = replace(content, discount_rate=D("0.11"))
    check_summary(books[2], figures_by_scenario(dearer)[Scenario.LIKELY], dearer)
    assert books[2]["Scenarios"]["A2"].value.endswith("something was changed here.")
    item = content.costs[0]
    changed = replace(item, estimate=replace(item.estimate, likely=D(5000)))
    other = replace(content, costs=(changed, *content.costs[1:]))
    check_summary(books[3], figures_by_scenario(other)[Scenario.LIKELY], other)


@pytest.mark.slow
@needs_libreoffice
def test_costs_are_taken_apart_as_we_do(tmp_path: Path) -> None:
    content = many_lines(4, 36)
    [book] = recomputed(tmp_path, [book_of(content)])
    rows = {row[0]: row[1:] for row in book["Summary"].iter_rows(min_row=30, max_col=3, values_only=True) if row[0]}
    same(rows["Own people"][0], by_category(content)["own people"])
    for each in by_service(content):
        same(rows[each.service][0], each.own)
        same(rows[each.service][1], each.share)


def test_what_people_typed_is_text_and_what_we_compute_is_a_formula() -> None:
    content = hostile()
    book = openpyxl.load_workbook(BytesIO(case_xlsx(shown(content), made_on=date(2026, 3, 1))))
    formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) > 600
    for cell in formulas:
        for text in HOSTILE[:7]:
            assert text.lstrip("=") not in str(cell.value) or len(text) < 4
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "s"}
    assert {"'=1+1", "'@SUM(A1)", "'+cmd|' /C calc'!A0", "'-2+3", "''=1", "*", ">0"} <= texts
    assert book["Costs"]["B4"].value == "'=1+1"
    assert book["Costs"]["B4"].data_type == "s"


def test_a_version_says_which_it_is() -> None:
    """The scenario is picked from a list of three, and our figures stand beside."""
    book = openpyxl.load_workbook(BytesIO(case_xlsx(shown(small_case()), made_on=date(2026, 3, 1))))
    assert book.sheetnames == [
        "Summary",
        "Settings",
        "Costs",
        "Benefits",
        "Cash flow",
        "Scenarios",
        "Risks",
        "Benefits in words",
    ]
    summary = book["Summary"]
    assert [summary.cell(row, 1).value for row in range(1, 4)] == [
        "Business case: Alder SMS",
        "Alder",
        "Draft as of 2026-03-01",
    ]
    assert [each.formula1 for each in summary.data_validations.dataValidation] == ["='Settings'!$A$10:$A$12"]
    assert [book["Settings"].cell(row, 1).value for row in range(10, 13)] == ["Cautious", "Expected", "Good"]
    assert book["Scenarios"]["F7"].value == float(figures_by_scenario(small_case())[Scenario.LIKELY].npv)
