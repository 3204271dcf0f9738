"""One journey for each role, in a real browser."""

import re

from playwright.sync_api import expect

from phases.models import PhaseActivity
from projects.models import Project
from tests.cast import Cast


def test_an_owner_starts_a_project_and_sees_its_dashboard(enter, live_server, cast: Cast) -> None:
    page = enter("olga")
    page.get_by_role("link", name="New project").first.click()
    page.locator("input[name=name]").fill("Printing SMS")
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page).to_have_url(re.compile("/projects/new/earlier/"))
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page).to_have_url(re.compile("/projects/new/scope/"))
    page.locator("[name=services]").fill("printing")
    page.locator("[name=delivered_by]").fill("Alder IT")
    page.locator("[name=locations]").fill("Graz")
    page.locator("[name=customers]").fill("the group")
    page.locator("input[name=other_parties]").first.check()
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page).to_have_url(re.compile("/projects/new/approach/"))
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page).to_have_url(re.compile("/projects/new/dates/"))
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page).to_have_url(re.compile("/projects/new/people/"))
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page).to_have_url(re.compile("/projects/new/review/"))
    page.locator("main form button.btn-primary[name=do]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Printing SMS")
    project = Project.objects.get(name="Printing SMS")
    assert project.scope_statement == "The SMS of Alder IT supports printing for the group, delivered from Graz."
    assert project.phase_activities.exclude(phase_number=0).count() == 471


def test_a_manager_changes_a_row_in_place_and_many_at_once(enter, live_server, cast: Cast) -> None:
    page = enter("mara")
    page.goto(f"{live_server.url}/projects/alder/phases/1/")
    first = cast.row("CH.i", 1)
    page.locator(f"#r{first.pk} .c-status a.edit").click()
    page.locator(f"#r{first.pk} .slot button[value='in progress']").click()
    expect(page.locator(f"#r{first.pk} .slot button")).to_have_count(0)
    expect(page.locator(f"#r{first.pk} .c-status")).to_contain_text("In progress")
    assert cast.row("CH.i", 1).status == "in progress"

    keys = list(
        PhaseActivity.objects.filter(project=cast.project, phase_number=1, activity__component="IN").values_list(
            "pk", flat=True
        )
    )
    for key in keys:
        page.locator(f"#r{key} input[name=row]").check()
    expect(page.locator("[data-bulk-count]").first).to_have_text(str(len(keys)))


def test_an_owner_of_a_process_reports_and_a_chair_verifies(enter, live_server, cast: Cast) -> None:
    PhaseActivity.objects.filter(pk=cast.row("CH.e", 1).pk).update(accountable=cast.parties["petra"])
    for who, status in (("petra", "in progress"), ("petra", "done"), ("chen", "verified")):
        page = enter(who)
        page.goto(f"{live_server.url}/projects/alder/phases/1/")
        row = page.locator(f"#r{cast.row('CH.e', 1).pk}")
        row.locator(".c-status a.edit").click()
        row.locator(f".slot button[value='{status}']").click()
        expect(row.locator(".c-status")).to_contain_text(re.compile(status, re.IGNORECASE))
        expect(row.locator(".slot button")).to_have_count(0)
        assert cast.row("CH.e", 1).status == status
    assert cast.row("CH.e", 1).verified_by == cast.chen


def test_a_team_member_comments(enter, live_server, cast: Cast) -> None:
    page = enter("tim")
    page.goto(f"{live_server.url}/projects/alder/activities/CH.i/")
    page.locator("textarea[name=body]").fill("Two of three records are there.")
    page.locator("form.comment-form button[type=submit]").click()
    expect(page.get_by_text("Two of three records are there.").first).to_be_visible()


def test_an_auditor_reads_everything_and_finds_nothing_to_change(enter, live_server, cast: Cast) -> None:
    page = enter("audra")
    for path in ("", "phases/1/", "activities/CH.i/", "trail/", "team/"):
        page.goto(f"{live_server.url}/projects/alder/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator("main form[method=post]:not([action*=export]):not([action*=arrange])").count() == 0, path


def test_somebody_of_another_client_finds_nothing(enter, live_server, cast: Cast) -> None:
    page = enter("bruno")
    assert page.goto(f"{live_server.url}/projects/alder/").status == 404
    assert page.goto(f"{live_server.url}/projects/birch/").status == 200


def test_the_board_works_without_script(browser, live_server, cast: Cast) -> None:
    from tests.cast import PASSWORD

    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/projects/alder/phases/1/")
    page.locator("input[name=login]").fill(cast.mara.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    row = cast.row("CH.i", 1)
    page.locator(f"#r{row.pk} .c-status a.edit").click()
    page.get_by_role("button", name="In progress", exact=True).click()
    assert cast.row("CH.i", 1).status == "in progress"
    context.close()
