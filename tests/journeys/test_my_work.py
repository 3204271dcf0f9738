"""My work in a browser, at the width of a phone."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from phases.models import PhaseActivity
from tests.cast import PASSWORD, Cast

PHONE = {"width": 390, "height": 844}
LONG_AGO = date(2020, 1, 6)  # the server of these tests keeps real time


def theirs(cast: Cast, who: str = "petra") -> PhaseActivity:
    PhaseActivity.objects.filter(pk=cast.row("CH.e", 1).pk).update(accountable=cast.parties[who], due=LONG_AGO)
    return cast.row("CH.e", 1)


def test_an_owner_reports_done_with_a_note_and_the_chair_verifies(enter, page: Page, live_server, cast: Cast) -> None:
    page.set_viewport_size(PHONE)
    row = theirs(cast)
    enter("petra")
    page.goto(f"{live_server.url}/work/")
    card = page.locator(f"#w{row.pk}")
    small = [
        box
        for button in card.locator(".mw-set button, summary").all()
        if (box := button.bounding_box()) is not None and box["height"] < 44
    ]
    assert small == []
    card.get_by_text("Note", exact=True).click()
    card.locator("textarea[name=note]").fill("Three records are in the folder of the desk.")
    card.get_by_role("button", name="Done", exact=True).click()
    expect(card.locator(".mw-said")).to_contain_text("CH.e: Done. Saved.")
    expect(card.get_by_role("button", name="Undo")).to_be_focused()
    row = cast.row("CH.e", 1)
    assert (row.status, row.note) == ("done", "Three records are in the folder of the desk.")

    enter("chen")
    page.goto(f"{live_server.url}/work/")
    card = page.locator(f"#w{row.pk}")
    expect(card).to_contain_text("Three records are in the folder of the desk.")
    card.get_by_role("button", name="I saw it, verify").click()
    expect(card.locator(".mw-said")).to_contain_text("CH.e: Verified. Saved.")
    assert cast.row("CH.e", 1).verified_by == cast.chen


def test_a_slip_is_undone_and_blocked_asks_without_a_trip(enter, page: Page, live_server, cast: Cast) -> None:
    page.set_viewport_size(PHONE)
    row = theirs(cast)
    enter("petra")
    page.goto(f"{live_server.url}/work/")
    card = page.locator(f"#w{row.pk}")
    card.get_by_role("button", name="Working").click()
    card.get_by_role("button", name="Undo").click()
    expect(card.locator(".mw-said")).to_contain_text("CH.e is not started again.")
    assert cast.row("CH.e", 1).status == "not started"

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    card.get_by_role("button", name="Blocked", exact=True).click()
    expect(card.locator("textarea[name=text]")).to_be_focused()
    assert "POST" not in sent
    card.locator("textarea[name=text]").fill("The desk owes us the records.")
    card.get_by_role("button", name="Report as blocked").click()
    expect(card.locator(".mw-reason")).to_contain_text("The desk owes us the records.")
    assert cast.row("CH.e", 1).status == "blocked"


def test_a_lost_connection_says_so_beside_the_card_and_keeps_the_text(
    enter, page: Page, live_server, cast: Cast
) -> None:
    row = theirs(cast)
    enter("petra")
    page.goto(f"{live_server.url}/work/")
    card = page.locator(f"#w{row.pk}")
    card.get_by_text("Note", exact=True).click()
    card.locator("textarea[name=note]").fill("Typed in a tunnel.")
    page.route("**/work/*/status/", lambda route: route.abort())
    card.get_by_role("button", name="Working").click()
    expect(card.locator("[data-messages]")).to_contain_text("The server cannot be reached.")
    expect(card.locator("textarea[name=note]")).to_have_value("Typed in a tunnel.")
    page.unroute("**/work/*/status/")
    card.get_by_role("button", name="Working").click()
    expect(card.locator(".mw-said")).to_contain_text("CH.e: In progress. Saved.")
    assert cast.row("CH.e", 1).note == "Typed in a tunnel."


def test_two_taps_at_once_are_one_report(enter, page: Page, live_server, cast: Cast) -> None:
    row = theirs(cast)
    enter("petra")
    page.goto(f"{live_server.url}/work/")
    card = page.locator(f"#w{row.pk}")
    card.get_by_role("button", name="Working").dblclick()
    expect(card.locator(".mw-said")).to_contain_text("CH.e: In progress. Saved.")
    assert cast.row("CH.e", 1).version == row.version + 1


def test_the_enter_key_in_a_field_moves_no_status(enter, page: Page, live_server, cast: Cast) -> None:
    theirs(cast)
    PhaseActivity.objects.filter(pk=cast.row("MR.g", 1).pk).update(accountable=cast.parties["petra"], due=LONG_AGO)
    row = cast.row("MR.g", 1)
    enter("petra")
    page.goto(f"{live_server.url}/work/")
    card = page.locator(f"#w{row.pk}")
    card.get_by_text("Note", exact=True).click()
    card.locator("input[name=operating_since]").press("Enter")
    expect(card.locator(".mw-said")).to_be_visible()
    assert cast.row("MR.g", 1).status == "not started"


def test_it_works_without_script(browser, live_server, cast: Cast) -> None:
    row = theirs(cast)
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/work/")
    page.locator("input[name=login]").fill(cast.petra.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.locator(f"#w{row.pk}").get_by_role("button", name="Blocked", exact=True).click()
    page.locator("textarea[name=text]").fill("No records yet.")
    page.get_by_role("button", name="Report as blocked").click()
    expect(page).to_have_url(re.compile(r"/work/"))
    assert cast.row("CH.e", 1).status == "blocked"
    page.get_by_role("button", name="Undo").first.click()
    assert cast.row("CH.e", 1).status == "not started"
    context.close()


def test_the_keys_g_and_w_lead_there_from_a_project(enter, page: Page, live_server, cast: Cast) -> None:
    enter("petra")
    page.goto(f"{live_server.url}/projects/alder/")
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(page).to_have_url(f"{live_server.url}/work/")
