"""Evidence in a browser: chosen, pasted, sent in pieces that go on after a break, attached from My work, looked at."""

import base64
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from evidence.models import ActivityEvidence, EvidenceItem
from phases.models import PhaseActivity
from tests.cast import Cast
from tests.evidence.conftest import PDF, png, stored_of
from tests.journeys.test_axe import RULES

PASTE = """async (content) => {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "pasted.png", {type: "image/png"}));
  document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
}"""


def test_evidence_comes_in_on_every_way_and_is_seen(
    enter, page: Page, live_server, cast: Cast, settings, tmp_path: Path
) -> None:
    settings.EVIDENCE_PIECE_MB = 1
    settings.EVIDENCE_INLINE_MB = 1
    PhaseActivity.objects.filter(pk=cast.row("CH.e", 1).pk).update(accountable=cast.parties["petra"])
    wrong: list[str] = []

    def looked_at(name: str) -> None:
        wrong.extend(f"{name}: {found['id']}" for found in Axe().run(page, options=RULES).response["violations"])

    enter("petra")
    new = f"{live_server.url}/projects/alder/evidence/new/"

    # Chosen by the plain button: one file is kept, and what it looks like comes by itself.
    page.goto(new)
    page.locator("#f-file").set_input_files({"name": "shot.png", "mimeType": "image/png", "buffer": png(40, 30)})
    expect(page.locator("[data-chosen]")).to_contain_text("shot.png")
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url(re.compile(r"/evidence/E-0001/$"))
    expect(page.locator(".ev-preview img")).to_be_visible()
    assert page.locator(".ev-preview img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    looked_at("item")

    # The same again, pasted: offered as a link, and nothing is kept twice.
    page.goto(f"{new}?ref=CH.i")
    page.evaluate(PASTE, _base64(png(40, 30)))
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url(re.compile(r"/check/$"))
    looked_at("here already")
    page.get_by_role("button", name="Link E-0001 to CH.i").click()
    page.wait_for_url(re.compile(r"/evidence/E-0001/$"))
    assert ActivityEvidence.objects.get().activity.ref == "CH.i"

    # In pieces: the connection breaks at the third, and it goes on there after the page was loaded anew.
    big = tmp_path / "big.pdf"
    big.write_bytes(PDF + b"%" + b"x" * 3_500_000)
    offsets: list[str] = []

    def torn(route: Route) -> None:
        offset = route.request.headers.get("upload-offset")
        if offset is not None:
            offsets.append(offset)
        if offset is not None and len(offsets) == 3:
            route.abort()
        else:
            route.continue_()

    page.goto(new)
    page.route(re.compile(r"/uploads/[0-9a-f-]{36}/$"), torn)
    page.locator("#f-file").set_input_files(big)
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("[data-chosen]")).to_contain_text("The connection broke")
    page.goto(new)
    expect(page.locator(".ev-way")).to_contain_text("big.pdf")
    looked_at("on their way")
    page.locator("#f-file").set_input_files(big)
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url(re.compile(r"/evidence/E-0002/$"))
    assert offsets == ["0", "1048576", "2097152", "2097152", "3145728"]
    assert stored_of(EvidenceItem.objects.get(key="E-0002")).read_bytes() == big.read_bytes()

    # From My work on a phone.
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/work/")
    looked_at("My work")
    with page.expect_file_chooser() as chooser:
        page.locator(".mw-card").filter(has_text="CH.e").get_by_role("link", name="Attach").click()
    chooser.value.set_files({"name": "photo.png", "mimeType": "image/png", "buffer": png(60, 80)})
    expect(page.get_by_text("E-0003 is kept and linked to CH.e.")).to_be_visible()
    page.goto(f"{live_server.url}/projects/alder/evidence/E-0003/")
    expect(page.locator(".ev-preview img")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    looked_at("item on a phone")
    assert wrong == []


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
