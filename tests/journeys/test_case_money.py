"""Costs typed by keyboard, a file that is mended and booked, and a benefit confirmed by who was named."""

import re
from datetime import date
from decimal import Decimal

from playwright.sync_api import expect

from businesscase.choices import CaseKind
from businesscase.models import ActualBenefit, ActualCost
from tests.businesscase.conftest import BENEFIT, JAN, add, say, submit
from tests.businesscase.ready import begun
from tests.cast import Cast

BAD = "month;line;amount;currency\n2026-01;C-01;1,234;EUR\n2026-01;C-01;40;USD\n"
GOOD = "month;line;amount;currency\n2026-01;C-01;1234;EUR\n2026-01;C-01;40,50;\n"


def test_money_from_the_first_booking_to_a_confirmed_benefit(enter, live_server, cast: Cast) -> None:
    case = begun(cast, CaseKind.IMPLEMENTATION)
    add(cast, case, "benefit", BENEFIT, from_month=JAN, confirmed_by=cast.parties["petra"])
    say(cast, submit(cast, case))
    page = enter("mara")
    page.goto(f"{live_server.url}/projects/alder/business-case/actuals/")
    page.get_by_label("Month", exact=True).fill("2026-01")
    page.get_by_label("Cost line, row 1").focus()
    for key in "C-01":
        page.keyboard.press(key)
    for _field in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("500,25")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 amount was booked.")).to_be_visible()
    page.get_by_role("link", name="Import a file").click()
    for content in (BAD, GOOD):
        sent = {"name": "costs.csv", "mimeType": "text/csv", "buffer": content.encode()}
        page.locator("input[name=file]").set_input_files(sent)
        page.get_by_role("button", name="Show what would be booked").click()
        if content == BAD:
            expect(page.get_by_role("heading", name="2 rows to mend")).to_be_visible()
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_text("2 amounts were booked from the file.")).to_be_visible()
    booked = sorted(ActualCost.objects.values_list("amount", flat=True))
    assert booked == [Decimal("40.50"), Decimal("500.25"), Decimal("1234.00")]
    page = enter("petra")
    page.goto(f"{live_server.url}/work/")
    page.locator("#benefits").get_by_role("link", name="Fewer calls").click()
    page.get_by_label("Brought in January 2026", exact=True).fill("390")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text(re.compile("1 month was confirmed"))).to_be_visible()
    word = ActualBenefit.objects.get()
    assert (word.month, word.amount, word.confirmed_by) == (date(2026, 1, 1), Decimal(390), cast.petra)
