"""What pages serve: nothing from another host, nothing inline, nothing that is not there."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory

from common.views.gallery import gallery

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted(STATIC.rglob("*.css"))
SPRITE = set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', (STATIC / "img" / "icons.svg").read_text(encoding="utf-8")))


def test_the_vendored_files_are_those_of_the_record() -> None:
    for package in json.loads((STATIC / "vendor" / "VERSIONS.json").read_text(encoding="utf-8")):
        assert package["licence"]
        for name, digest in package["files"].items():
            content = (STATIC / "vendor" / name).resolve().read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest, name


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_loads_only_files_of_ours(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert "@import" not in text
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
        assert not address.startswith(("data:", "http:", "https:", "//")), address
        assert (sheet.parent / address).resolve().is_file(), address


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    used = set()
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        used |= set(re.findall(r'{% (?:icon|mark|pill) "([^"]+)"', text))
        used |= set(re.findall(r'\sicon="([^"{]+)"', text))
    assert used - SPRITE == set()


def test_the_sprite_has_the_shapes_of_statuses_phases_and_health() -> None:
    assert {
        *(f"st-{name}" for name in ["not-started", "in-progress", "done", "verified", "blocked", "not-applicable"]),
        *(f"ps-{name}" for name in ("planned", "active", "in-review", "closed")),
        *(f"health-{name}" for name in ("on-track", "at-risk", "late", "unknown")),
    } <= SPRITE


@pytest.mark.parametrize("name", ["500.html", "507.html"])
def test_the_last_error_pages_need_no_request(name: str) -> None:
    html = render_to_string(name)
    assert "To the portfolio" in html
    assert "Traceback" not in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "409.html", "422.html", "428.html", "429.html"])
def test_an_error_page_has_a_heading_and_a_way_on(name: str) -> None:
    html = render_to_string(name, {"message": "It is closed.", "back": "/there", "pairs": []})
    assert html.count("<h1>") == 1
    assert "href=" in html


def test_the_gallery_shows_every_part(rf: RequestFactory) -> None:
    response = gallery(rf.get("/gallery/"))
    text = response.content.decode()
    assert response.status_code == 200
    for part in (
        "warn-box",
        "conflict",
        "empty",
        "alert-err",
        "menu-pop",
        "heat-5",
        "ln-actual",
        "tile-value",
        "pages",
    ):
        assert part in text
