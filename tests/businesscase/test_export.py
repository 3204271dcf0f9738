"""`export_business_case` as JSON: what it says holds when somebody else computes it from its cash flow."""

import json
import re
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy_financial as npf
import openpyxl
import pytest
from django.core.management import CommandError, call_command

from businesscase.models import BusinessCase, CaseVersion
from businesscase.services.cases import change_settings
from businesscase.services.rows import add_row
from tests.businesscase.conftest import BENEFIT, COST, D, add, submit
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NAMES = ["low", "likely", "high"]


def exported(*more: str) -> dict[str, Any]:
    """What the command writes about Alder's case."""
    out = StringIO()
    call_command("export_business_case", "alder", "--format", "json", *more, stdout=out)
    return json.loads(out.getvalue())


def check_figures(said: dict[str, Any], yearly: float) -> None:
    """Compute all figures of one scenario from its cash flow alone, and compare."""
    rows = said["cash_flow"]
    costs = [Decimal(row["cost"]) for row in rows]
    benefits = [Decimal(row["benefit"]) for row in rows]
    net = [float(benefit - cost) for benefit, cost in zip(benefits, costs, strict=True)]
    monthly = (1 + yearly) ** (1 / 12) - 1
    assert said["npv"] == pytest.approx(float(npf.npv(monthly, net)), abs=0.006)
    assert (Decimal(said["cost"]), Decimal(said["benefit"])) == (sum(costs), sum(benefits))
    if sum(costs):
        assert said["roi"] == pytest.approx(float((sum(benefits) - sum(costs)) / sum(costs)), abs=1e-8)
    else:
        assert said["roi"] is None
    sums = [sum(benefits[: at + 1]) - sum(costs[: at + 1]) for at in range(len(net))]
    stays = [at + 1 for at in range(len(net)) if all(each >= 0 for each in sums[at:])]
    assert said["payback_month"] == (stays[0] if stays else None)
    assert Decimal(said["lowest"]) == min(sums)
    changes = [amount > 0 for amount in net if amount]
    if sorted(changes) == changes and len(set(changes)) == 2:
        assert said["irr_reason"] is None
        assert said["irr_per_year"] == pytest.approx((1 + float(npf.irr(net))) ** 12 - 1, abs=1e-7)
        assert said["irr_roots"] == [said["irr_per_year"]]
    elif len(set(changes)) < 2:
        assert said["irr_per_year"] is None
        assert said["irr_reason"] in ("no flow", "only costs", "only benefits")
    for rate in said["irr_roots"]:
        at_rate = float(npf.npv((1 + rate) ** (1 / 12) - 1, net))
        assert at_rate == pytest.approx(0, abs=1e-6 * sum(abs(amount) for amount in net))


def check_all(said: dict[str, Any], first: str, months: int) -> None:
    """The form of the whole, and the figures of every scenario."""
    assert list(said["scenarios"]) == NAMES
    for name in NAMES:
        check_figures(said["scenarios"][name], said["discount_rate_per_year"])
    assert {name: said[name] for name in said["scenarios"]["likely"]} == said["scenarios"]["likely"]
    year, month = int(first[:4]), int(first[5:]) - 1
    days = [date(year + (month + at) // 12, (month + at) % 12 + 1, 1) for at in range(months)]
    assert [row["month"] for row in said["cash_flow"]] == [f"{day:%Y-%m}" for day in days]
    for row in said["cash_flow"]:
        assert set(row) == {"month", "cost", "benefit"}
        for name in ("cost", "benefit"):
            assert row[name] == f"{Decimal(row[name]):.2f}"


def test_the_draft_is_exported_with_figures_that_hold(case: BusinessCase) -> None:
    said = exported()
    check_all(said, "2026-01", 60)
    assert {name: said[name] for name in ("project", "case", "version", "state", "currency")} == {
        "project": "alder",
        "case": "implementation",
        "version": None,
        "state": "draft",
        "currency": "EUR",
    }
    assert said["discount_rate_per_year"] == 0.06
    # The tool in March, and a sixth of fifty days at 600.
    assert said["cash_flow"][2] == {"month": "2026-03", "cost": "17000.00", "benefit": "0.00"}
    assert said["cash_flow"][6] == {"month": "2026-07", "cost": "0.00", "benefit": "400.00"}
    assert said["payback_month"] == 42
    assert said["scenarios"]["low"]["npv"] < said["npv"] < said["scenarios"]["high"]["npv"]


def test_lines_of_every_rhythm_hold(cast: Cast, case: BusinessCase) -> None:
    for rhythm in ("monthly", "quarterly", "yearly"):
        add(cast, case, "cost", COST, rhythm=rhythm, first_month=date(2027, 2, 1), low=D("10.01"), likely=D("33.33"))
    add(cast, case, "cost", COST, last_month=date(2026, 9, 1), likely=D("10000"))
    add(cast, case, "benefit", BENEFIT, likely=D("1777.77"), high=D("4000"), ramp_months=7, confidence=33)
    add(cast, case, "benefit", BENEFIT, until_month=date(2028, 3, 1))
    check_all(exported(), "2026-01", 60)


def test_costs_alone_have_no_rate_and_no_payback(cast: Cast, empty_case: BusinessCase) -> None:
    add(cast, empty_case, "cost", COST)
    said = exported()
    check_all(said, "2026-01", 60)
    assert (said["irr_per_year"], said["irr_reason"], said["irr_roots"]) == (None, "only costs", [])
    assert (said["payback_month"], said["roi"]) == (None, -1)


def test_a_case_without_lines_says_so(empty_case: BusinessCase) -> None:
    said = exported()
    check_all(said, "2026-01", 60)
    assert (said["irr_reason"], said["roi"], said["npv"], said["payback_month"]) == ("no flow", None, 0, 1)


def test_several_rates_are_all_given(cast: Cast, empty_case: BusinessCase) -> None:
    """Money goes out, comes in, and goes out again: two rates, and no figure that hides one of them."""
    for month, cost in ((date(2026, 1, 1), D(100_000)), (date(2028, 1, 1), D(132_000))):
        add(cast, empty_case, "cost", COST, first_month=month, likely=cost)
    ends = date(2027, 1, 1)
    add(cast, empty_case, "benefit", BENEFIT, from_month=ends, until_month=ends, low=D(230_000), likely=D(230_000),
        high=D(230_000), ramp_months=0, confidence=100)  # fmt: skip
    said = exported()
    check_all(said, "2026-01", 60)
    assert (said["irr_per_year"], said["irr_reason"]) == (None, "several")
    assert said["irr_roots"] == pytest.approx([0.1, 0.2], abs=1e-7)


@pytest.mark.parametrize(("rate", "months"), [(D(0), 18), (D(1), 120), (D("0.0375"), 37)])
def test_other_rates_and_horizons_hold(cast: Cast, case: BusinessCase, rate: Decimal, months: int) -> None:
    change_settings(
        acting_user=cast.mara,
        case=case,
        version=case.version,
        first_month=case.first_month,
        months=months,
        discount_rate=rate,
    )
    said = exported()
    check_all(said, "2026-01", months)
    assert said["discount_rate_per_year"] == float(rate)


def test_a_version_keeps_the_figures_that_were_approved(cast: Cast, case: BusinessCase, approved: CaseVersion) -> None:
    """Its hash is that of the draft that was submitted; the draft goes on and has another."""
    then = exported("--version", "approved")
    assert (then["version"], then["state"], then["sha256"]) == (1, "approved", approved.sha256)
    assert exported()["sha256"] == approved.sha256
    add_row(acting_user=cast.mara, case=case, kind="cost", values=COST)
    now = exported()
    assert (now["version"], now["state"]) == (None, "draft")
    assert now["sha256"] != approved.sha256
    assert Decimal(now["cost"]) == Decimal(then["cost"]) + 12_000
    assert exported("--version", "1") == then == exported("--version", "approved")
    check_all(then, "2026-01", 60)


def test_it_is_written_to_a_file(case: BusinessCase, tmp_path: Path) -> None:
    call_command("export_business_case", "alder", "--output", str(tmp_path / "case.json"), stderr=StringIO())
    assert json.loads((tmp_path / "case.json").read_text(encoding="utf-8")) == exported()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--version", "2"], r"there is no version '2'; there are: 1 \(submitted\)"),
        (["--version", "approved"], r"there is no version 'approved'; there are: 1 \(submitted\)"),
        (["--version", "last"], "'last' is neither a number nor draft nor approved"),
        (["--version", "-1"], "expected one argument|'-1' is neither"),
        (["--case", "gap-analysis"], "alder has no business case for the gap analysis yet"),
        (["--as", "bruno@birch.example"], "there is no project 'alder'"),
    ],
)
def test_what_cannot_be_exported_is_said(cast: Cast, case: BusinessCase, more: list[str], why: str) -> None:
    submit(cast, case)
    with pytest.raises(CommandError, match=why):
        exported(*more)


def test_who_may_not_see_the_case_gets_none(cast: Cast, case: BusinessCase) -> None:
    with pytest.raises(CommandError):
        exported("--as", cast.tim.email)
    assert exported("--as", cast.audra.email)["project"] == "alder"


def test_the_workbook_is_written_and_saved_from_its_page(cast: Cast, sign_in, approved: CaseVersion, tmp_path) -> None:
    """The command and the page give the same sheets; a version has its number in its name."""
    path = tmp_path / "case.xlsx"
    call_command("export_business_case", "alder", "--format", "xlsx", "--output", str(path), stderr=StringIO())
    client = sign_in(cast.audra)
    address = "/projects/alder/business-case/workbook/"
    answer = client.get(address, {"version": "1"})
    assert answer["Content-Disposition"] == 'attachment; filename="alder-business-case-v1.xlsx"'
    assert client.get(address)["Content-Disposition"] == 'attachment; filename="alder-business-case-draft.xlsx"'
    book, saved = openpyxl.load_workbook(path), openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == saved.sheetnames
    assert str(book["Summary"]["A3"].value).startswith("Draft as of ")
    assert saved["Summary"]["A3"].value == "Version 1, approved"
    assert saved["Summary"]["A4"].value == f"Hash of what was exported: {approved.sha256}"
    assert [cell.value for cell in saved["Costs"]["B"]][3:5] == ["Service desk tool", "Project manager"]


@pytest.mark.slow
def test_the_board_paper_is_written(cast: Cast, approved: CaseVersion, tmp_path: Path) -> None:
    """Of the draft and of a version, whole or not at all."""
    path, said = tmp_path / "case.pdf", StringIO()
    more = ["--format", "pdf", "--version", "approved"]
    call_command("export_business_case", "alder", *more, "--output", str(path), stderr=said)
    assert path.read_bytes().startswith(b"%PDF-")
    assert re.fullmatch(rf"Wrote {re.escape(str(path))}, \d+ pages\.\n", said.getvalue())
    with pytest.raises(CommandError, match=r"--output: .* cannot be written"):
        call_command("export_business_case", "alder", *more, "--output", str(tmp_path / "no" / "case.pdf"))
    with pytest.raises(CommandError, match="give --output FILE"):
        call_command("export_business_case", "alder", *more)


@pytest.mark.parametrize(("query", "status"), [("version=7", 404), ("version=last", 400), ("versions=1", 400)])
def test_a_version_that_is_not_there_is_not_found(
    cast: Cast, sign_in, case: BusinessCase, query: str, status: int
) -> None:
    assert sign_in(cast.mara).get(f"/projects/alder/business-case/workbook/?{query}").status_code == status
    assert sign_in(cast.mara).get("/projects/alder/business-case/gap-analysis/workbook/").status_code == 404
