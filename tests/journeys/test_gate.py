"""A gate from its criteria to the next phase, by the people who do it: manager, chair, member, top management."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from governance.models import Action, Decision
from phases.models import Phase
from projects.choices import ProjectRole
from projects.services.team import grant_role
from tests.cast import Cast
from tests.governance.meeting_cast import with_committee
from tests.journeys.test_documents import as_, breaks_no_rule  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.slow]
GOVERNANCE = "/projects/alder/governance/"
GATE, PATH = f"{GOVERNANCE}gates/0/", f"{GOVERNANCE}phase-end/0/"
NO = "The deputies are not named, and I will not carry that."


def test_a_gate_is_prepared_voted_on_with_a_dissent_recorded_once_and_the_next_phase_starts(
    as_: Callable[[str], Page],  # noqa: F811 (it is the fixture)
    cast: Cast,
) -> None:
    with_committee(cast)
    grant_role(acting_user=cast.mara, project=cast.project, user=cast.toma, role=ProjectRole.COMMITTEE)
    manager, chair = as_("mara"), as_("chen")
    _prepares(manager)
    _waives(chair)
    _asks(manager)
    _answers(as_("cora"), "Against", NO)
    _answers(as_("toma"), "For", "")
    _answers(chair, "For", "")
    _records(chair)
    decision = Decision.objects.get(project=cast.project)
    assert (decision.outcome, decision.frozen["seats"][1]["words"]) == ("go with conditions", NO)
    assert list(Action.objects.values_list("text", "owner__name")) == [("Name a deputy for each owner", "Petra Pohl")]
    _ends_the_phase(manager)
    assert list(Phase.objects.filter(project=cast.project).values_list("state", flat=True))[:2] == ["closed", "active"]


def _prepares(page: Page) -> None:
    """Four of the five entry criteria are attested; the last waits for the chair."""
    page.goto(GATE)
    expect(page.get_by_text("Held today, gate 0 would fail on 5 of 5 criteria.")).to_be_visible()
    breaks_no_rule(page)
    for _each in range(4):
        page.get_by_role("row").filter(has_text="Nobody has said").first.get_by_role("link", name="Attest").click()
        page.get_by_role("radio", name="It holds").check()
        page.get_by_label("rest").fill("The minutes of the board of January.")
        page.get_by_role("button", name="Attest").click()
        expect(page.get_by_text("Noted, with your name")).to_be_visible()


def _waives(page: Page) -> None:
    page.goto(GATE)
    page.get_by_role("row").filter(has_text="Nobody has said").get_by_role("link").first.click()
    waive = page.get_by_role("button", name="Waive for this gate")
    waive.click()
    # Without a reason nothing is waived.
    expect(page.get_by_text("Give the reason.")).to_be_visible()
    page.get_by_role("region", name="Waive it").get_by_role("textbox").fill("The board of the group decides in March.")
    waive.click()
    expect(page.get_by_text("Every criterion is met or waived.")).to_be_visible()


def _asks(page: Page) -> None:
    page.goto(GATE)
    page.get_by_role("link", name="Ask the committee").click()
    page.get_by_label("Decision in one line").fill("Close initiation and start phase 1")
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("button", name="Call the members").click()
    expect(page.get_by_text("No answer yet of 3 members")).to_be_visible()


def _answers(page: Page, choice: str, words: str) -> None:
    """From the steering page, where what is asked stands first."""
    page.goto(GOVERNANCE)
    page.get_by_role("radio", name=choice).check(force=True)
    if words:
        page.get_by_role("button", name="Keep my answer").click()
        # A no without words is not kept; the choice stays.
        expect(page.get_by_role("radio", name=choice)).to_be_checked()
        page.get_by_label("In your words").fill(words)
    page.get_by_role("button", name="Keep my answer").click()
    expect(page.get_by_text("Your answer to D-01 is kept.")).to_be_visible()


def _records(page: Page) -> None:
    """In two tabs: the first records, by a double click, the second hears of it and keeps its words."""
    page.goto(f"{GOVERNANCE}decisions/D-01/record/")
    stale = page.context.new_page()
    stale.goto(page.url)
    breaks_no_rule(page)
    expect(page.get_by_role("radio", name="Vote")).to_be_checked()
    page.get_by_role("radio", name="Go with conditions").check(force=True)
    page.get_by_role("button", name="Record decision").click()
    expect(page.get_by_text("Write at least one condition").first).to_be_visible()
    page.get_by_label("Condition 1").fill("Name a deputy for each owner")
    page.get_by_label("Owner").first.select_option(label="Petra Pohl")
    # The server's clock is not moved: a month from the browser's day.
    page.locator("#id_due_0").evaluate("field => { field.valueAsNumber = Date.now() + 30 * 864e5 }")
    page.get_by_role("button", name="Record decision").dblclick()
    expect(page.get_by_text("D-01 is recorded: go with conditions.")).to_be_visible()
    expect(page.get_by_text(NO).first).to_be_visible()
    breaks_no_rule(page)

    stale.get_by_role("radio", name="Stop").check(force=True)
    stale.get_by_label("In words").fill("We stop here.")
    stale.get_by_role("button", name="Record decision").click()
    expect(stale.get_by_text("Chen Chair has recorded D-01 already")).to_be_visible()
    expect(stale.get_by_text("We stop here.")).to_be_visible()


def _ends_the_phase(page: Page) -> None:
    """Along the guided path, which says at each step what comes next."""
    page.goto(PATH)
    expect(page.get_by_text("No lesson of phase 0 has been captured.").first).to_be_visible()
    page.get_by_role("listitem").filter(has_text="Lessons learnt").get_by_role("link", name="Capture a lesson").click()
    page.get_by_label("What happened").fill("Nobody had time in January.")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="left go on").click()
    page.get_by_role("link", name="Set L-01 aside").click()
    page.get_by_role("radio", name="Noted").check()
    page.get_by_label("In a line").fill("It was January.")
    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("Next: Close phase 0.")).to_be_visible()
    breaks_no_rule(page)
    page.get_by_role("link", name="Close it").click()
    page.get_by_label("Why it ends now").fill("The committee said go.")
    page.get_by_role("button", name="Close phase 0").click()
    expect(page.get_by_text("Phase 0 is closed.").first).to_be_visible()
    page.goto(PATH)
    page.get_by_role("link", name="Start it").click()
    page.get_by_role("button", name="Start phase 1").click()
    page.goto(PATH)
    expect(page.get_by_text("The phase has ended and the next one is under way.")).to_be_visible()
