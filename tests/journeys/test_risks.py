"""The weekly round through the risk register in a browser, on a phone too; nothing of it needs JavaScript."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from businesscase.models import Risk
from businesscase.services.risks import report_risk
from tests.cast import Cast

REGISTER = "/projects/alder/risks/"
RISK = {"title": "Suppliers refuse", "category": "financial", "probability": 4, "impact": 3}


@pytest.mark.parametrize(("width", "script"), [(1440, True), (390, False)])
def test_what_somebody_reports_is_assessed_looked_at_and_settled(
    browser: Browser, live_server, sign_in, cast: Cast, width: int, script: bool
) -> None:
    report_risk(acting_user=cast.tim, project=cast.project, values=RISK)
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, java_script_enabled=script
    )
    cookie = sign_in(cast.mara).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    # What nobody has decided about comes first, and leads to where it is decided.
    page.goto(REGISTER)
    first = page.locator("#first")
    expect(first).to_contain_text("no response")
    expect(first).to_contain_text("no owner")
    first.get_by_role("link", name="Suppliers refuse").click()
    page.get_by_role("link", name="Choose a response").click()
    page.get_by_role("radio", name="Reduce").check()
    page.get_by_label("What is done, by when").fill("Offer of a third one by May")
    page.get_by_label("Owner").select_option(label="Petra Pohl")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Petra Pohl owns it")
    expect(page.locator("#response")).to_contain_text("Offer of a third one by May")
    # It was looked at: it stands with the day of the next look that is suggested, and needs nobody.
    page.get_by_role("button", name="It stands as it is").click()
    expect(page.locator("main")).to_contain_text("The day of the next look is set.")
    page.goto(REGISTER)
    expect(first).to_contain_text("Nothing.")
    expect(first).to_contain_text("Looks within two weeks")
    # It happened: it leaves the list, and what came of it stays.
    page.goto(f"{REGISTER}R-01/")
    page.get_by_label("What became of it", exact=True).select_option(label="Happened")
    page.get_by_label("What came of it", exact=True).fill("Two left us")
    page.locator("#settle").get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Two left us")
    page.goto(f"{REGISTER}?state=happened")
    expect(page.locator("#register")).to_contain_text("Suppliers refuse")
    assert Risk.objects.get().state == "happened"
    context.close()
