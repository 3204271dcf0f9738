"""Two plans side by side on a phone: nothing lies over anything else, and a long list comes in pages."""

from datetime import timedelta

from django.db.models import F
from playwright.sync_api import expect

from phases.models import PhaseActivity
from phases.selectors.baseline_compare import LINES_PER_PAGE
from phases.services.baselines import take_baseline
from phases.services.tailoring.leave_out import leave_out
from tests.cast import Cast

# Row headers whose text is higher than themselves, or not wholly above the first fact below them.
OVER = """() => [...document.querySelectorAll(".bl-rows tbody tr:not(.bl-group) > th")].filter((head) => {
  const text = document.createRange();
  text.selectNodeContents(head);
  const bottom = text.getBoundingClientRect().bottom;
  const next = head.nextElementSibling.getBoundingClientRect().top;
  return bottom > head.getBoundingClientRect().bottom + 1 || bottom > next + 1;
}).map((head) => head.innerText)"""
# Reasons that stand beside the title instead of below it.
BESIDE = """() => [...document.querySelectorAll(".bl-rows th > .bl-why")].filter((why) => {
  const title = document.createRange();
  title.selectNode(why.previousSibling);
  return why.getBoundingClientRect().top < title.getBoundingClientRect().bottom - 1;
}).length"""


def test_titles_and_reasons_stand_one_below_the_other_on_a_phone(enter, live_server, cast: Cast) -> None:
    take_baseline(acting_user=cast.mara, project=cast.project, name="Start")
    rows = PhaseActivity.objects.filter(project=cast.project)
    rows.exclude(due=None).update(due=F("due") + timedelta(days=7))
    leave_out(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target("NC.a", 3)],
        reason="No new services are planned in the time that this plan covers, says the board of the group.",
    )
    page = enter("mara")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/projects/alder/plan/baselines/compare/?a=1")
    expect(page.locator(".bl-rows td.ref")).to_have_count(LINES_PER_PAGE)
    assert page.evaluate(OVER) == []
    page.get_by_role("link", name="Next page").click()
    page.wait_for_url("**/compare/?a=1&page=2#changes")
    assert page.evaluate(OVER) == []
    page.goto(f"{live_server.url}/projects/alder/plan/baselines/compare/?a=1&what=left+out")
    expect(page.locator(".bl-why")).to_have_count(1)
    assert (page.evaluate(OVER), page.evaluate(BESIDE)) == ([], 0)
