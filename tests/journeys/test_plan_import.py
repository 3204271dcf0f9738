"""A plan that leaves as a workbook, changes outside, and comes back."""

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from phases.exports_plan import COLUMNS
from phases.services.rows import set_due
from tests.cast import Cast
from tests.journeys.test_axe import RULES

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def changed(content: bytes, **cells: object) -> bytes:
    """The workbook with cells of CH.i in phase 1 changed."""
    book = openpyxl.load_workbook(BytesIO(content))
    row = next(row for row in book["Phase 1"].iter_rows(min_row=2) if row[0].value == "CH.i")
    for column, value in cells.items():
        row[COLUMNS.index(column)].value = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_manager_changes_two_cells_in_a_workbook_and_sees_them_on_the_board(enter, live_server, cast: Cast) -> None:
    page = enter("mara")
    page.goto(f"{live_server.url}/projects/alder/")
    page.locator("#nav").get_by_role("link", name="Import").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download XLSX").click()
    content = waiting.value.path().read_bytes()
    sent = changed(content, status="in progress", responsible_party="Tim Tully")
    page.locator("input[name=file]").set_input_files({"name": "plan.xlsx", "mimeType": KIND, "buffer": sent})
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would change")
    lines = page.locator("#changes tbody tr")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text(re.compile("Status.*Not started.*In progress", re.DOTALL))
    expect(lines.nth(1)).to_contain_text("Tim Tully")
    page.locator("button[value=import]").click()
    expect(page.get_by_text("1 row of the plan is changed.")).to_be_visible()
    page.goto(f"{live_server.url}/projects/alder/phases/1/")
    row = page.locator(f"#r{cast.row('CH.i', 1).pk}")
    expect(row.locator(".c-status")).to_contain_text("In progress")
    expect(row).to_contain_text("Tim Tully")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_bad_cells_and_conflicts_can_be_read_and_chosen_by_everybody(
    enter, live_server, cast: Cast, width: int, scheme: str
) -> None:
    page = enter("mara")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    address = f"{live_server.url}/projects/alder/plan/import/"
    content = page.request.get(f"{live_server.url}/projects/alder/plan/download/?format=xlsx").body()
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i")], due=date(2026, 8, 1))
    wrong = []
    for cells, heading in (
        ({"due": "soon"}, "One row to mend"),
        ({"due": date(2026, 9, 1)}, "Changed here and in the file"),
    ):
        page.goto(address)
        file = {"name": "plan.xlsx", "mimeType": KIND, "buffer": changed(content, **cells)}
        page.locator("input[name=file]").set_input_files(file)
        page.locator("#send button[type=submit]").click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        wrong += [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]]
        wrong += ["sideways"] * (page.evaluate("document.documentElement.scrollWidth") > width)
    assert wrong == []
    page.get_by_label("Take the file").check()
    page.locator("button[value=import]").click()
    expect(page.get_by_text("1 row of the plan is changed.")).to_be_visible()
    assert cast.row("CH.i", 1).due == date(2026, 9, 1)
