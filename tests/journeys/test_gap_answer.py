"""Two people answer a gap analysis together: with the keyboard, at once, on a phone, and without JavaScript."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Dialog, Page, expect

from gapanalysis.models import Assessment
from gapanalysis.services.assessments import set_assessors
from gapanalysis.services.questionnaires import load_questionnaire
from tests.cast import Cast
from tests.gapanalysis.conftest import PACK, answer_of, give, make, move
from tests.journeys.test_axe import RULES

GAP = "/projects/alder/gap"
REF = "Q-8.5.1.3-01"


@pytest.fixture
def baseline(cast: Cast) -> Assessment:
    """Alder's baseline, open for answers."""
    load_questionnaire(folder=PACK)
    return move(cast, make(cast), "in progress")


@pytest.fixture
def locked(cast: Cast, baseline: Assessment) -> Assessment:
    """Alder's baseline, locked, with two conforming answers and a minor gap."""
    give(cast, baseline, "Q-5.2.1-01", "conforms", note="Signed in February.")
    give(cast, baseline, "Q-5.2.1-02", "conforms")
    give(cast, baseline, REF, "minor gap", note="Standard changes carry no way back.")
    return move(cast, baseline, "in review", "locked")


@pytest.fixture
def opened(browser: Browser, live_server, sign_in, cast: Cast) -> Callable[..., Page]:
    """`opened("tim", path)` is a browser of Tim's own, on a page."""

    def at(who: str, path: str, *, presence: bool = False, **options) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        cookie = sign_in(cast.people[who]).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        if not presence:
            be_quiet(page)
        page.goto(path)
        return page

    return at


def be_quiet(page: Page) -> None:
    """Let it no longer say that somebody is here: the test database in memory takes no two writers at once."""
    page.route("**/here/", lambda route: route.abort())


def saved(page: Page) -> None:
    """Wait until the page says that it is saved."""
    expect(page.locator("#answer-state")).to_contain_text("saved")


def test_two_people_answer_one_question(opened, cast: Cast, baseline: Assessment) -> None:
    given = {cast.parties["tim"]: ["8.5.1"], cast.parties["petra"]: ["8.5.1", "8.6"]}
    set_assessors(acting_user=cast.mara, project=cast.project, assessment=baseline, given=given)
    tim = opened("tim", f"{GAP}/baseline/answer/", presence=True)
    expect(tim.locator("h2#q-h")).to_have_text(f"Show me what {REF} asks for.")
    # Tim answers with the keyboard; it is saved as he goes, and the finding opens because it is a gap.
    tim.keyboard.press("2")
    saved(tim)
    expect(tim.locator("#gap-count")).to_contain_text("1 of 12")
    tim.keyboard.press("n")
    tim.keyboard.type("Standard changes carry none.")
    tim.keyboard.press("Escape")
    expect(tim.locator("#answer-was [name=was_note]")).to_have_value("Standard changes carry none.")
    tim.keyboard.press("f")
    tim.keyboard.type("Three of ten lack a way back.")
    tim.keyboard.press("Escape")
    expect(tim.locator("#answer-need")).to_have_text("written")
    row = answer_of(baseline, REF)
    assert (row.value, row.note, row.finding.gap) == (
        "minor gap",
        "Standard changes carry none.",
        "Three of ten lack a way back.",
    )

    # Petra opens the same question: each sees the other.
    petra = opened("petra", f"{GAP}/baseline/answer/{REF}/", presence=True)
    expect(petra.locator("#answer-here")).to_contain_text("Tim Tully is on this question")
    be_quiet(tim)
    be_quiet(petra)
    expect(petra.get_by_label("Minor gap")).to_be_checked()

    # Both write into the note: Petra sees both texts, and keeps hers.
    tim.locator("#answer-note").fill("Seven of ten carry one.")
    tim.locator("#answer-note").blur()
    expect(tim.locator("#answer-was [name=was_note]")).to_have_value("Seven of ten carry one.")
    petra.locator("#answer-note").fill("Ask again in March.")
    petra.locator("#answer-note").blur()
    clash = petra.locator("#answer-state .conflict")
    expect(clash).to_contain_text("Tim Tully changed this")
    expect(clash).to_contain_text("Seven of ten carry one.")
    expect(clash).to_contain_text("Ask again in March.")
    # What she does meanwhile in another field is saved all the same.
    petra.get_by_label("Major gap").check()
    expect(petra.locator("#answer-since")).to_contain_text("Major gap")
    assert answer_of(baseline, REF).note == "Seven of ten carry one."
    petra.get_by_role("button", name="Keep mine").click()
    saved(petra)
    expect(petra.locator("#answer-state .conflict")).to_have_count(0)
    assert (answer_of(baseline, REF).value, answer_of(baseline, REF).note) == ("major gap", "Ask again in March.")

    # Tim goes on: nothing of his is in the way, and Petra's answer stands.
    tim.keyboard.press("Escape")
    tim.keyboard.press("j")
    tim.wait_for_url("**/Q-8.5.1.3-02/")
    assert answer_of(baseline, REF).value == "major gap"
    tim.keyboard.press("1")
    saved(tim)
    tim.keyboard.press("j")
    expect(tim.get_by_text("Everything you were asked is answered")).to_be_visible()


def test_a_bad_line_survives_and_loses_nothing(opened, cast: Cast, baseline: Assessment) -> None:
    page = opened("mara", f"{GAP}/baseline/answer/{REF}/")
    long = "Much. " * 700
    page.locator("#answer-note").fill(long)
    page.locator("#answer-note").blur()
    expect(page.locator("#error-note")).to_have_text("Write 4000 characters at most.")
    page.get_by_label("Conforms").check()
    expect(page.locator("#answer-since")).to_contain_text("Conforms")
    page.keyboard.press("j")
    expect(page.locator("#error-note")).to_have_text("Write 4000 characters at most.")
    expect(page.locator("#answer-note")).to_have_value(long)
    assert (answer_of(baseline, REF).value, answer_of(baseline, REF).note) == ("conforms", "")
    # Whoever wants to leave is asked first.
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Performance evaluation").click(no_wait_after=True)
    expect(page.locator("#answer-note")).to_have_value(long)
    assert asked == ["beforeunload"]
    page.locator("#answer-note").fill("Enough.")
    page.get_by_role("button", name="Save and next").click()
    page.wait_for_url("**/Q-8.5.1.3-02/")
    assert answer_of(baseline, REF).note == "Enough."


def test_keeping_theirs_shows_it(opened, cast: Cast, baseline: Assessment) -> None:
    page = opened("mara", f"{GAP}/baseline/answer/{REF}/")
    give(cast, baseline, REF, "conforms", who="olga")
    page.get_by_label("Major gap").check()
    expect(page.locator("#answer-state .conflict")).to_contain_text("Olga Alder changed this")
    page.get_by_role("link", name="Keep theirs").click()
    expect(page.get_by_label("Conforms")).to_be_checked()
    expect(page.locator("#answer-state .conflict")).to_have_count(0)
    assert answer_of(baseline, REF).value == "conforms"


def test_ladders_are_ticked_and_earlier_answers_confirmed(opened, cast: Cast, locked: Assessment) -> None:
    interim = move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    page = opened("mara", f"{GAP}/interim/answer/L-01/")
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("4")
    expect(page.locator("#answer-since")).to_contain_text("Level 2 of 7")
    expect(page.locator("#answer-since")).to_contain_text("above a gap: operated")
    assert answer_of(interim, "L-01").rungs == ["defined", "documented", "operated"]
    page.goto(f"{GAP}/interim/answer/{REF}/")
    page.keyboard.press("c")
    page.wait_for_url("**/Q-8.5.1.3-02/")
    assert answer_of(interim, REF).reading == "confirmed"
    page.goto(f"{GAP}/interim/confirm/?section=5")
    page.get_by_label("All of this section").check()
    page.get_by_role("button", name="Confirm what is ticked").click()
    expect(page.locator("#messages")).to_contain_text("2 earlier answers confirmed.")


def test_it_works_without_javascript(opened, cast: Cast, baseline: Assessment) -> None:
    page = opened("mara", f"{GAP}/baseline/answer/{REF}/", java_script_enabled=False)
    page.get_by_label("Minor gap").check()
    page.locator("#answer-note").fill("None carries one.")
    page.locator("#answer-gap").fill("Ten of ten lack one.")
    give(cast, baseline, REF, "unanswered", note="All carry one.")
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator(".conflict")).to_contain_text("All carry one.")
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")
    row = answer_of(baseline, REF)
    assert (row.value, row.note, row.finding.gap) == ("minor gap", "None carries one.", "Ten of ten lack one.")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_its_pages_break_no_rule(opened, cast: Cast, locked: Assessment, width: int, scheme: str) -> None:
    interim = move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    give(cast, interim, "Q-5.2.1-01", "major gap", note="Gone.")
    page = opened("mara", "/", viewport={"width": width, "height": 900}, color_scheme=scheme)
    wrong = []
    for path in (
        *(f"interim/answer/{ref}/" for ref in (REF, "Q-5.2.1-01", "L-01", "RF-a", "SV-a")),
        f"baseline/answer/{REF}/",
        "interim/confirm/?section=5",
        "interim/confirm/?section=10",
    ):
        page.goto(f"{GAP}/{path}")
        for violation in Axe().run(page, options=RULES).response["violations"]:
            nodes = [node["target"] for node in violation["nodes"][:2]]
            wrong.append(f"{path}: {violation['id']} {violation['help']} {nodes}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: scrolls sideways at {width} px")
    assert wrong == []
