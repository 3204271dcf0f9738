"""Planning by keyboard: a package gets other dates, after a look at what moves."""

import re
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import expect

from phases.models import Package, Phase
from tests.cast import Cast


def ahead(weeks: int) -> date:
    """A day from now on: the server of a journey lives in the real present."""
    return datetime.now(UTC).date() + timedelta(weeks=weeks)  # noqa: TID251 (its clock cannot be moved from here)


def test_a_manager_moves_a_package_by_keyboard(enter, live_server, cast: Cast) -> None:
    phases = Phase.objects.filter(project=cast.project)
    phases.filter(number=2).update(start=ahead(4), end=ahead(30))
    phases.filter(number=3).update(start=ahead(31), end=ahead(60))
    start, end = ahead(8), ahead(20)
    page = enter("mara")
    page.goto(f"{live_server.url}/projects/alder/")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan")

    page.locator("a.tl-a[href$='/plan/packages/RE/2/']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Release management")

    form = page.locator("form.p-form")
    form.locator("[name=start]").fill(start.isoformat())
    form.locator("[name=end]").fill(end.isoformat())
    form.get_by_role("button", name="Preview the change").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What moves if this moves")).to_be_visible()
    expect(page.locator(".moves-sum")).to_contain_text(re.compile(r"[1-9]\d* activities move"))
    releases = Package.objects.filter(project=cast.project, component="RE", phase_number=2)
    assert releases.get().start is None

    # The preview puts the keyboard on "Save".
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main .msgs")).to_contain_text("Saved.")
    assert releases.filter(start=start, end=end).exists()
