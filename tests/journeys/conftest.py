"""What every journey needs: a signed-in page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, Cast


@pytest.fixture
def enter(page: Page, live_server, cast: Cast) -> Callable[[str], Page]:
    """`enter("mara")` signs somebody of the cast in, through the form, and leaves the page on the start page."""
    page.set_default_timeout(15_000)
    # What a page says comes later on a busy machine: five seconds, the usual, were too few once.
    expect.set_options(timeout=15_000)

    def enter_as(who: str) -> Page:
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/accounts/login/")
        page.get_by_role("textbox", name="mail").fill(cast.people[who].email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(f"{live_server.url}/")
        return page

    return enter_as
