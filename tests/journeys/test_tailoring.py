"""A manager leaves an activity out, is warned, and undoes it."""

import re

from playwright.sync_api import expect

from phases.models import PhaseActivity
from phases.selectors.tailoring import tailoring_of
from tests.cast import Cast


def test_a_manager_leaves_out_with_a_warning_seen_and_undoes_it(enter, live_server, cast: Cast) -> None:
    hanging = tailoring_of(cast.project).checks.hanging[0]
    ref, clause = hanging.refs[0], hanging.clause.number
    rows = PhaseActivity.objects.filter(project=cast.project, activity__ref=ref)
    page = enter("mara")
    page.goto(f"{live_server.url}/projects/alder/activities/{ref}/")
    page.locator("#tailoring").get_by_role("link", name="Leave out").click()
    expect(page.locator(".warn-box")).to_contain_text("its last applicable activity")
    expect(page.locator(".warn-box")).to_contain_text(clause)
    page.get_by_label("Justification").fill("The group's own system covers it.")
    page.get_by_role("button", name="Leave out all the same").click()
    expect(page).to_have_url(re.compile("/plan/tailoring/$"))
    expect(page.locator("#checks")).to_contain_text(f"Clause {clause}")
    assert set(rows.values_list("status", flat=True)) == {"not applicable"}

    count = rows.count()
    for left in range(count, 0, -1):
        expect(page.locator(".tai-table tbody tr")).to_have_count(left)
        page.locator(".tai-do").get_by_role("link", name=re.compile("^Undo")).first.click()
        expect(page.locator("main")).to_contain_text("It applies again and is not started, as before.")
        page.get_by_role("button", name="Undo it").click()
    expect(page.locator("main")).to_contain_text("This plan is as the catalogue has it")
    assert set(rows.values_list("status", flat=True)) == {"not started"}
