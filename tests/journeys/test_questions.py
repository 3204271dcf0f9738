"""A manager asks, the process owner answers, and it shows; with the keyboard, and without JavaScript."""

from playwright.sync_api import expect

from notifications.models import Comment
from notifications.selectors import unread_mentions
from tests.cast import Cast


def test_a_manager_asks_petra_and_petra_answers(enter, live_server, cast: Cast) -> None:
    address = f"{live_server.url}/projects/alder/activities/CH.i/"
    page = enter("mara")
    page.goto(address)
    field = page.locator("#comment-body")
    names = page.get_by_role("listbox", name="Names")
    field.click()
    page.keyboard.type("Is the way back written down? @ti")
    expect(names.get_by_role("option", name="Tim Tully")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Is the way back written down? @Tim Tully ")
    page.keyboard.type("@")
    expect(names.get_by_role("option")).to_have_count(7)
    page.keyboard.press("Escape")
    expect(names.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Backspace")
    page.get_by_label("Needs an answer from").select_option(label="Petra Pohl")
    page.locator("form.comment-form button[type=submit]").click()
    expect(page.locator(".said.is-question")).to_contain_text("asks Petra Pohl")
    expect(page.locator(".said mark")).to_have_text("@Tim Tully")

    page = enter("petra")
    page.goto(f"{live_server.url}/projects/alder/")
    panel = page.locator("section", has=page.locator("#h-open-questions"))
    expect(panel).to_contain_text("you are asked")
    panel.get_by_role("link").first.click()
    page.locator(".said.is-question summary", has_text="Answer").click()
    page.get_by_label("Your answer").fill("Yes, for the ten most frequent changes.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".said-state.is-answered")).to_contain_text("Answered by Petra Pohl")
    expect(page.locator(".said.is-question")).to_have_count(0)
    assert Comment.objects.get(asked=cast.petra).answered_by == cast.petra

    page = enter("tim")
    page.goto(address)
    assert unread_mentions(cast.tim).count() == 1
    page.get_by_role("button", name="Mark read").click()
    expect(page.get_by_text("Marked read.")).to_be_visible()
    assert not unread_mentions(cast.tim).exists()
