"""A procedure from its template to a draft that can be sent."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from documents.selectors import open_version
from documents.services.begin import begin_from_template
from tests.cast import Cast
from tests.journeys.test_axe import RULES

pytestmark = [pytest.mark.slow]
KEY = "change-request-procedure"


def breaks_no_rule(page: Page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in found] == []


def test_a_template_becomes_a_draft_that_can_be_sent(
    enter: Callable[[str], Page], live_server, cast: Cast, tmp_path, settings
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    document = begin_from_template(acting_user=cast.mara, project=cast.project, key=KEY)
    page = enter("mara")
    page.goto(f"{live_server.url}/projects/alder/documents/{KEY}/")
    breaks_no_rule(page)
    page.get_by_role("link", name="Fill in what is missing").click()
    page.get_by_label("Where do you keep the change log?").fill("the ticket system")
    page.get_by_role("radio", name="twice a week").check()
    breaks_no_rule(page)
    page.get_by_role("button", name="Save the answers").click()
    expect(page.get_by_label("Where do you keep the change log?")).to_have_value("the ticket system")

    page.get_by_role("link", name="Edit the text").click()
    text = page.get_by_role("textbox", name="Text of the document")
    text.evaluate("field => field.setSelectionRange(0, 0)")
    state = page.locator("[data-doc-state]")
    text.press_sequentially("Read this first. ")
    expect(state).to_contain_text("Saved")
    preview = page.get_by_role("region", name="How it will look")
    expect(preview).to_contain_text("Fill in the record in the ticket system")
    page.context.set_offline(True)
    text.press_sequentially("Then go on. ")
    expect(state).to_contain_text("no connection")
    page.context.set_offline(False)
    expect(state).to_contain_text("Saved")
    page.get_by_role("button", name="Section", exact=True).click()
    page.get_by_role("button", name="Preview").click()
    breaks_no_rule(page)
    page.get_by_role("button", name="Save and close").click()
    expect(page.get_by_role("heading", name="Read this first. Then go on.")).to_be_visible()
    assert (draft := open_version(document)) is not None
    assert draft.body.startswith("## Read this first. Then go on. ")
