"""From a clause to a pack that holds, by the people who do it: auditor, who is asked, who corrects, who checks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from audits.models import AuditFinding, AuditRequest
from evidence.models import EvidenceItem
from tests.cast import Cast
from tests.evidence.conftest import PDF
from tests.journeys.test_documents import as_, breaks_no_rule  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.slow]
AUDITS = "/projects/alder/audits"
# The application runs by the clock of the machine.
AHEAD = "2035-01-08"
CLAUSE = "/projects/alder/clauses/2018/8.5.1/"


def test_an_auditor_asks_is_given_proof_raises_a_finding_sees_it_corrected_and_takes_a_pack_away(
    as_: Callable[[str], Page],  # noqa: F811 (it is the fixture)
    cast: Cast,
    tmp_path: Path,
) -> None:
    auditor, team = as_("audra"), as_("tim")
    _asks(auditor, "Tim Tully")
    _gives(team, tmp_path)
    assert EvidenceItem.objects.get().title == "The record of March"
    _accepts_and_finds(auditor)
    assert AuditRequest.objects.get().state == "accepted"
    _corrects(as_("mara"))
    assert AuditFinding.objects.get().state == "verifying"
    _verifies(auditor)
    assert AuditFinding.objects.get().state == "closed"
    _takes_a_pack_and_checks_it(auditor, tmp_path)


def _asks(page: Page, of: str) -> None:
    page.goto(CLAUSE)
    breaks_no_rule(page)
    page.get_by_role("link", name="Ask for something").click()
    expect(page.get_by_label("Clause")).to_have_value("8.5.1")
    page.get_by_label("What you want to see").fill("The record of one change that was undone.")
    page.get_by_label("Who gives it").select_option(label=of)
    page.get_by_label("By", exact=True).fill(AHEAD)
    page.get_by_label("Activity").fill("CH.i")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"asks {of}")


def _gives(page: Page, folder: Path) -> None:
    """In two presses from My work; the request shows it as given."""
    page.goto("/work/")
    page.get_by_role("link", name="Give evidence for AR-01").click()
    file = folder / "record.pdf"
    file.write_bytes(PDF)
    page.locator("#f-file").set_input_files(file)
    page.get_by_label("Title").fill("The record of March")
    page.get_by_role("button", name="Keep and give it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("AR-01")
    expect(page.get_by_role("link", name="The record of March")).to_be_visible()


def _accepts_and_finds(page: Page) -> None:
    page.goto("/work/")
    page.get_by_role("link", name="The record of one change that was undone.").click()
    breaks_no_rule(page)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted by Audra Ames")).to_be_visible()
    page.get_by_role("link", name="Raise a finding").click()
    page.get_by_label("In a few words").fill("Nobody approved the way back")
    page.get_by_role("radio", name="Minor nonconformity").check()
    page.get_by_label("What is", exact=True).fill("The record of March names no approval.")
    page.get_by_label("Who corrects it").select_option(label="Petra Pohl")
    page.get_by_role("button", name="Raise it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("F-01 Nobody approved the way back")


def _corrects(page: Page) -> None:
    page.goto(f"{AUDITS}/findings/F-01/?edit=treat")
    page.get_by_role("textbox", name="Cause").fill("The form does not ask for it.")
    page.get_by_label("Effect looked at from").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.get_by_role("button", name="Save").click()
    page.get_by_label("What is to be done").fill("Let the form ask for the approval.")
    page.get_by_label("Who does it").select_option(label="Tim Tully")
    page.get_by_label("By", exact=True).fill(AHEAD)
    page.get_by_role("button", name="Add it").click()
    page.locator("summary", has_text="It is done").click()
    page.get_by_label("What was done, and where it shows").fill("The form asks since today.")
    page.get_by_role("button", name="It is done").click()
    breaks_no_rule(page)
    page.get_by_role("button", name="All is done").click()
    expect(page.get_by_text("Effect to be verified").first).to_be_visible()


def _verifies(page: Page) -> None:
    page.goto(f"{AUDITS}/findings/F-01/")
    page.get_by_label("What you looked at, and what you saw").fill("Three changes since then carry it.")
    page.get_by_role("button", name="It works").click()
    expect(page.get_by_text("Three changes since then carry it.").first).to_be_visible()


def _takes_a_pack_and_checks_it(page: Page, folder: Path) -> None:
    page.goto("/projects/alder/packs/new/?edition=2018&clause=8.5.1")
    breaks_no_rule(page)
    page.get_by_label("What it is for").fill("Stage 1")
    page.get_by_role("button", name="Build the pack").click()
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Fetch the pack").click()
    pack = folder / "pack.zip"
    fetched.value.save_as(pack)
    page.goto("/projects/alder/packs/check/")
    page.locator("input[type=file]").first.set_input_files(pack)
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("main")).to_contain_text("The pack holds")
    breaks_no_rule(page)
    pack.write_bytes(pack.read_bytes()[:-40])
    page.locator("input[type=file]").first.set_input_files(pack)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("status").last).to_contain_text("There is no pack that could be verified")
