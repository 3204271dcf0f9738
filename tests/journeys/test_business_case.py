"""The manager submits a case, top management approves it with a condition, and the money of phase 1 is released."""

from playwright.sync_api import Page, expect

from businesscase.models import CaseVersion, Condition, Release
from tests.businesscase.conftest import BENEFIT, add
from tests.businesscase.ready import begun
from tests.cast import Cast

CASE = "/projects/alder/business-case/"


def test_a_case_is_submitted_approved_with_a_condition_and_paid_for(enter, page: Page, live_server, cast: Cast) -> None:
    case = begun(cast, "implementation")
    add(cast, case, "benefit", BENEFIT)

    enter("mara")
    page.goto(f"{live_server.url}{CASE}versions/")
    page.get_by_role("link", name="Submit the draft").click()
    page.get_by_label("Toma Tate").check()
    page.get_by_label("To those who decide").fill("Phase 1 begins on 1 April.")
    page.get_by_label("Submit it although points are missing").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Version 1 lies with Toma Tate")).to_be_visible()
    expect(page.get_by_role("button", name="Record my decision")).to_have_count(0)

    enter("toma")
    page.goto(f"{live_server.url}/work/")
    page.get_by_role("link", name="Business case, version 1").click()
    expect(page.get_by_text("Phase 1 begins on 1 April.")).to_be_visible()
    condition = page.get_by_label("Condition 1")
    expect(condition).to_be_hidden()
    page.get_by_label("Approve", exact=True).check()
    expect(condition).to_be_hidden()
    page.get_by_label("Approve with conditions").check()
    condition.fill("Desk hours are measured from July on")
    page.get_by_label("Until").first.fill("2099-07-01")
    page.get_by_label("Approve", exact=True).check()
    page.get_by_role("button", name="Record my decision").click()
    expect(page.get_by_text("You wrote a condition.")).to_be_visible()
    expect(condition).to_have_value("Desk hours are measured from July on")
    page.get_by_label("Approve with conditions").check()
    page.get_by_role("button", name="Record my decision").click()
    expect(page.get_by_text("Version 1 is approved with conditions and in force.")).to_be_visible()

    page.get_by_role("link", name="Release of money").click()
    page.get_by_label("Amount").fill("6.000,50")
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("are released for phase 1")).to_be_visible()

    enter("mara")
    page.goto(f"{live_server.url}{CASE}versions/1/")
    page.get_by_text("It is met").click()
    page.get_by_label("By what").fill("Report of the desk")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("The condition is met.")).to_be_visible()

    assert CaseVersion.objects.get().state == "approved with conditions"
    assert Condition.objects.get().met_note == "Report of the desk"
    assert str(Release.objects.get().amount) == "6000.50"
