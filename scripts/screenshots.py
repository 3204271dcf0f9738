"""`make screenshots`: the pictures of the user guide, made from a running demo.

python -m scripts.screenshots http://127.0.0.1:8000 [folder]
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PAGES = [
    # name, account, path, width, height, scheme
    ("dashboard", "manager", "/projects/demo/", 1440, 1100, "light"),
    ("dashboard-dark", "manager", "/projects/demo/", 1440, 1100, "dark"),
    ("dashboard-narrow", "manager", "/projects/demo/", 390, 900, "light"),
    ("board", "manager", "/projects/demo/phases/2/", 1440, 1100, "light"),
    ("board-dark", "manager", "/projects/demo/phases/2/", 1440, 1100, "dark"),
    ("board-narrow", "owner", "/projects/demo/phases/2/", 390, 900, "light"),
    ("plan", "manager", "/projects/demo/plan/", 1440, 1100, "light"),
    ("tailoring", "manager", "/projects/demo/plan/tailoring/", 1440, 1100, "light"),
    ("workload", "manager", "/projects/demo/workload/", 1440, 1100, "light"),
    ("my-work", "owner", "/work/", 390, 900, "light"),
    ("activity", "owner", "/projects/demo/activities/CH.i/", 1440, 1100, "light"),
    ("home", "manager", "/", 1440, 900, "light"),
    ("team", "manager", "/projects/demo/team/", 1440, 1100, "light"),
    ("role-map", "manager", "/projects/demo/role-map/", 1440, 1100, "light"),
    ("gap", "manager", "/projects/demo/gap/interim/", 1440, 1100, "light"),
    ("gap-answer", "owner", "/projects/demo/gap/interim/answer/", 1440, 1100, "light"),
    ("gap-results", "manager", "/projects/demo/gap/end-of-phase-1/results/", 1440, 1100, "light"),
    ("trail", "auditor", "/projects/demo/trail/", 1440, 1100, "light"),
    ("catalogue", "auditor", "/catalogues/tr20000-5-2010/1.0/", 1440, 1100, "light"),
    ("wizard", "manager", "/projects/new/scope/", 1440, 1100, "light"),
    ("settings", "manager", "/projects/demo/settings/", 1440, 1100, "light"),
    ("business-case", "manager", "/projects/demo/business-case/", 1440, 1100, "light"),
    ("evidence", "manager", "/projects/demo/evidence/", 1440, 1100, "light"),
    ("documents", "manager", "/projects/demo/documents/", 1440, 1100, "light"),
    ("steering", "committee", "/projects/demo/governance/", 1440, 1100, "light"),
    ("gate", "committee", "/projects/demo/governance/gates/2/", 1440, 1100, "light"),
    ("clause", "auditor", "/projects/demo/clauses/2018/8.5.1/", 1440, 1100, "light"),
    ("pack", "auditor", "/projects/demo/packs/new/?edition=2018&clause=8.5.1", 1440, 1100, "light"),
    ("findings", "manager", "/projects/demo/audits/findings/", 1440, 900, "light"),
    ("management-review", "manager", "/projects/demo/audits/reviews/MR-01/", 1440, 1100, "light"),
    ("certification", "manager", "/projects/demo/audits/certification/", 1440, 1100, "light"),
    ("sign-in", "", "/accounts/login/", 1440, 900, "light"),
]


def sign_in(page: Page, base: str, account: str) -> None:
    """Sign in as a demo account."""
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", f"{account}@demo.localhost")
    page.fill("input[name=password]", "demo-smsplan")
    page.click("main button[type=submit]")
    page.wait_for_url(f"{base}/")


def main(base: str, folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        states: dict[str, object] = {}
        for name, account, path, width, height, scheme in PAGES:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]  # one of the two words above
                storage_state=states.get(account),  # type: ignore[arg-type]  # what storage_state() gave
            )
            page = context.new_page()
            if account and account not in states:
                sign_in(page, base, account)
                states[account] = context.storage_state()
            page.goto(base + path)
            page.screenshot(path=folder / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2] if len(sys.argv) > 2 else "docs/images"))
