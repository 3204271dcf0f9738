"""Mara writes a business case in the browser, from nothing to complete. Each page she sees is looked at with axe."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from businesscase.domain.completeness import states_of
from businesscase.models import BusinessCase, CostLine
from businesscase.selectors.content import content_of
from businesscase.services.risks import report_risk
from tests.cast import Cast
from tests.journeys.test_axe import RULES

pytestmark = pytest.mark.slow
WORDS = "Two customers ask how we manage services, and nobody can answer them in one sentence."


@pytest.fixture
def look(page: Page) -> Callable[[], None]:
    """`look()` fails where the page breaks a rule or scrolls sideways."""

    def looked() -> None:
        found = Axe().run(page, options=RULES).response["violations"]
        assert [f"{page.url}: {each['id']} {each['nodes'][0]['target']}" for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    return looked


def field(page: Page, name: str) -> Locator:
    """The field of a form."""
    return page.locator(f"#main [name={name}]")


def save(page: Page) -> None:
    # What a line comes to is asked for as one types: two at once would meet in the one table of the test database.
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Save", exact=True).click()


def test_from_nothing_to_complete(enter, page: Page, live_server, cast: Cast, look: Callable[[], None]) -> None:
    # On a phone: what fits there fits everywhere, and `test_axe.py` looks at the pages at both widths.
    page.set_viewport_size({"width": 390, "height": 900})
    page.emulate_media(color_scheme="dark")
    for category in ("organizational change", "financial", "technical"):
        values = {"title": f"A {category} risk", "category": category, "probability": 2, "impact": 2}
        report_risk(acting_user=cast.mara, project=cast.project, values=values)
    confirms = cast.project.parties.get(name="Petra Pohl").name
    enter("mara")
    points = f"{live_server.url}/projects/alder/business-case/points/"
    page.goto(points)
    look()
    page.get_by_role("button", name="Begin the case").click()
    look()

    # a) A text, looked at before it is saved.
    page.get_by_role("link", name="Write: Need and objectives").click()
    look()
    field(page, "text").fill(f"**{WORDS}**")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text(WORDS)
    look()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("b) Scope")
    expect(page.locator(".pill")).to_have_text("complete")
    look()

    # c) An assumption and a constraint, begun from typical ones.
    for kind in ("assumption", "constraint"):
        page.goto(f"{points}c/")
        page.locator(f"section[aria-labelledby=h-{kind}]").get_by_role("link", name="Add").click()
        page.locator(".cf-typical a").first.click()
        look()
        save(page)
        expect(page.get_by_text("is added.")).to_be_visible()
    look()

    # d) A benefit in figures, with what it comes to as she types, and one in words.
    page.goto(f"{points}d/")
    page.get_by_role("link", name="Add to Workload, processes, support needs").click()
    field(page, "title").fill("Fewer calls at the desk")
    field(page, "likely").fill("1 500,50")
    field(page, "confidence").fill("100")
    field(page, "from_month").fill("2030-12")
    expect(page.locator("#reckoned b")).to_have_text("1\u202f501")
    look()
    field(page, "confirmed_by").select_option(label=confirms)
    save(page)
    page.get_by_role("link", name="Add to Customer satisfaction").click()
    page.get_by_label("In words, with an indicator").check()
    expect(field(page, "likely")).to_be_hidden()
    field(page, "title").fill("Content users")
    field(page, "indicator").fill("Survey")
    field(page, "target").fill("3.8 in 2028")
    look()
    save(page)
    look()

    # e) What was typed wrongly is said beside its field, and stays; then one line a phase.
    page.goto(f"{points}e/")
    look()
    page.get_by_role("link", name="Add to Own people").click()
    for phase in ("1", "2", "3"):
        field(page, "title").fill(f"Process owners of phase {phase}")
        field(page, "phase_number").select_option(phase)
        field(page, "likely").fill("-5" if phase == "1" else "40")
        field(page, "day_rate").fill("600")
        field(page, "source").fill("Rates of finance")
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="Save and add another").click()
        if phase == "1":
            expect(page.locator("#id_likely_error")).to_have_text("This cannot be below zero.")
            expect(field(page, "title")).to_have_value("Process owners of phase 1")
            look()
            field(page, "likely").fill("40")
            page.wait_for_load_state("networkidle")
            page.get_by_role("button", name="Save and add another").click()
        expect(page.get_by_text(f"C-0{phase} is added.")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("tfoot b")).to_have_text("72\u202f000")
    look()

    # f) The register fills it; g) a measure for a benefit that nothing judges yet.
    page.goto(f"{points}f/")
    expect(page.locator(".pill")).to_have_text("complete")
    look()
    page.goto(f"{points}g/")
    look()
    page.get_by_role("link", name="Add a measure for Fewer calls at the desk").click()
    field(page, "when").fill("Each quarter")
    field(page, "owner").select_option(label=confirms)
    look()
    save(page)
    look()

    # h) The recommendation and why, together; i) the plan says it.
    page.goto(f"{points}h/")
    look()
    page.get_by_label("Recommended", exact=True).check()
    field(page, "text").fill(WORDS)
    page.get_by_role("button", name="Save and go on").click()
    expect(page.locator(".pill")).to_have_text("complete")
    look()

    # j) Somebody who has a say; k) and l) texts.
    page.goto(f"{points}j/")
    page.get_by_role("link", name="Add an interested party").click()
    page.locator(".cf-typical a").first.click()
    look()
    save(page)
    look()
    for point in "kl":
        page.goto(f"{points}{point}/")
        look()
        field(page, "text").fill(WORDS)
        page.get_by_role("button", name="Save", exact=True).click()

    page.goto(points)
    expect(page.get_by_text("12 of 12 complete")).to_be_visible()
    look()
    page.get_by_role("link", name="Horizon and rate").click()
    look()
    case = BusinessCase.objects.get()
    assert [each.point for each in states_of(content_of(case)) if not each.complete] == []
    assert CostLine.objects.filter(case=case).count() == 3
