"""A consultant starts a project from an earlier one, in a real browser."""

import re

from playwright.sync_api import expect

from phases.models import PhaseActivity, PlanRules
from projects.choices import ProjectRole
from projects.models import Project
from projects.services.team import grant_role
from tests.cast import Cast
from tests.phases.test_reuse import tailor


def test_a_consultant_starts_a_project_from_an_earlier_one(enter, live_server, cast: Cast) -> None:
    grant_role(acting_user=None, project=cast.project, user=cast.carl, role=ProjectRole.TEAM)
    tailor(cast.project, words="here")
    page = enter("carl")
    page.goto(f"{live_server.url}/projects/new/organization/")
    page.locator("input[name=name]").fill("Printing SMS")
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page).to_have_url(re.compile("/projects/new/earlier/"))
    page.locator("select[name=source]").select_option("alder")
    page.locator("#do-offer").click()
    expect(page.locator("#offer")).to_contain_text("Tell the shops here")
    page.locator("input[value='left:NC.a']").uncheck()
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page).to_have_url(re.compile("/projects/new/scope/"))
    page.locator("[name=services]").fill("printing")
    page.locator("[name=delivered_by]").fill("Alder IT")
    page.locator("[name=locations]").fill("Graz")
    page.locator("[name=customers]").fill("the group")
    page.locator("input[name=other_parties]").first.check()
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page).to_have_url(re.compile("/projects/new/approach/"))
    expect(page.locator(".ap-phases")).to_be_hidden()
    for place in ("dates", "people", "review"):
        page.locator("main form button.btn-primary[name=do]").click()
        expect(page).to_have_url(re.compile(f"/projects/new/{place}/"))
    expect(page.locator("main")).to_contain_text("With the method of Alder SMS.")
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Printing SMS")
    expect(page.locator("main")).to_contain_text("Made with the method of Alder SMS")
    project = Project.objects.get(name="Printing SMS")
    assert PlanRules.objects.get(project=project).made_from == cast.project
    assert PhaseActivity.objects.filter(project=project, activity__ref="CH.own-1").count() == 1
    assert not PhaseActivity.objects.filter(project=project, status="not applicable").exists()
