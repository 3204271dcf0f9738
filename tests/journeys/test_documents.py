"""A procedure from its template to its readers, by the people who do it: writer, approver, manager, team."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from documents.models import Document
from documents.selectors import open_version, version_in_force
from tests.cast import Cast
from tests.journeys.test_axe import RULES

pytestmark = [pytest.mark.slow]
KEY = "change-request-procedure"


def breaks_no_rule(page: Page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in found] == []


@pytest.fixture
def as_(browser: Browser, live_server, cast: Cast, settings, tmp_path) -> Iterator[Callable[[str], Page]]:
    """`as_("petra")` is the page of somebody who has signed in, each in a browser of their own."""
    settings.MEDIA_ROOT = str(tmp_path)
    expect.set_options(timeout=15_000)
    pages: dict[str, Page] = {}

    def page_of(who: str) -> Page:
        if who not in pages:
            client = Client()
            client.force_login(cast.people[who])
            context = browser.new_context(base_url=live_server.url)
            context.add_cookies(
                [{"name": name, "value": each.value, "url": live_server.url} for name, each in client.cookies.items()]
            )
            pages[who] = context.new_page()
            pages[who].set_default_timeout(15_000)
        return pages[who]

    yield page_of
    for page in pages.values():
        page.context.close()


def test_a_procedure_is_written_sent_back_approved_published_and_read(as_: Callable[[str], Page], cast: Cast) -> None:
    place = f"/projects/alder/documents/{KEY}/"
    page = as_("petra")
    _begins_and_fills_in(page, place)
    _edits(page)
    document = Document.objects.get(key=KEY)
    assert (draft := open_version(document)) is not None
    assert draft.body.startswith("## Read this first. Then go on. ")

    _sends(page, "")
    approver = as_("toma")
    approver.goto("/work/")
    approver.get_by_role("link", name="Change request procedure").first.click()
    approver.get_by_role("radio", name="Send back").check()
    approver.get_by_role("button", name="Record my decision").click()
    # Without a reason nothing is sent back, and what was chosen stays.
    expect(approver.get_by_role("radio", name="Send back")).to_be_checked()
    approver.get_by_label("Reason").fill("Say who is told when a change is undone.")
    approver.get_by_role("button", name="Record my decision").click()

    page.goto("/work/")
    expect(page.get_by_text("Say who is told when a change is undone.").first).to_be_visible()
    page.goto(place)
    _sends(page, "Who is told is said.")
    approver.goto(f"{place}decide/1.0/")
    approver.get_by_role("radio", name="Approve").check()
    approver.get_by_role("button", name="Record my decision").click()

    manager = as_("mara")
    manager.goto(place)
    manager.get_by_role("link", name="Publish").click()
    manager.get_by_role("checkbox", name="Team").check()
    manager.get_by_role("button", name="Publish").click()
    expect(manager.get_by_text("In force").first).to_be_visible()
    assert (in_force := version_in_force(document)) is not None

    reader = as_("tim")
    reader.goto("/work/")
    reader.get_by_role("link", name="Change request procedure").first.click()
    breaks_no_rule(reader)
    reader.get_by_role("button", name="I have read and understood it").click()
    expect(reader.get_by_text("read and understood by you on")).to_be_visible()
    assert in_force.readings.filter(read_at=None).count() == 0


def _begins_and_fills_in(page: Page, place: str) -> None:
    page.goto(f"/projects/alder/documents/templates/{KEY}/")
    page.get_by_label("Owner").select_option(label="Petra Pohl")
    page.get_by_role("button", name="Begin this document").click()
    breaks_no_rule(page)
    page.get_by_role("link", name="Fill in what is missing").click()
    page.get_by_label("Where do you keep the change log?").fill("the ticket system")
    page.get_by_role("radio", name="twice a week").check()
    breaks_no_rule(page)
    page.get_by_role("button", name="Save the answers").click()
    expect(page.get_by_label("Where do you keep the change log?")).to_have_value("the ticket system")


def _edits(page: Page) -> None:
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


def _sends(page: Page, note: str) -> None:
    page.get_by_role("link", name="Send for review").first.click()
    page.get_by_role("checkbox", name="Toma Tate").check()
    if page.get_by_label("Send it although it is incomplete").count():
        page.get_by_label("Send it although it is incomplete").check()
    page.get_by_label("What changed, and why").fill(note)
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_text("lies with Toma Tate").first).to_be_visible()
