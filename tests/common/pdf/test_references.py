"""A document reaches nothing but what came with it (SECURITY 20 to 23): no request, no file, and it fails visibly."""

import io
import os
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from common.pdf.channel import Refused, Request
from common.pdf.draw import draw
from common.pdf.limits import Limits
from tests.common.pdf.reading import attachments, document, texts

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40"'


def drawn(html: str, images: dict[str, bytes] | None = None, target: Path | None = None) -> dict[str, Any]:
    """Draw in this process, without its limits: what is refused does not depend on them."""
    descriptor, name = (
        tempfile.mkstemp() if target is None else (os.open(target, os.O_CREAT | os.O_WRONLY), str(target))
    )
    parts = {"html": html.encode(), **{f"image:{key}": content for key, content in (images or {}).items()}}
    try:
        return draw(Request(Limits(), {"output": descriptor, "base_url": ""}, parts))
    finally:
        if target is None:
            Path(name).unlink()


def picture(**options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "#2c429f").save(out, **({"format": "PNG"} | options))
    return out.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        '<img src="HERE" alt="">',
        '<object data="HERE"></object>',
        '<embed src="HERE">',
        '<p style="background: url(HERE)">x</p>',
        '<ul style="list-style-image: url(HERE)"><li>x</li></ul>',
        "<style>@import url(HERE);</style>",
        "<style>@font-face { font-family: Q; src: url(HERE) } p { font-family: Q }</style><p>x</p>",
        "<style>@page { background: url(HERE) }</style>",
        "<style>p::before { content: url(HERE) }</style><p>x</p>",
        "<style>@color-profile device-cmyk { src: url(HERE) }</style>",
        '<link rel="stylesheet" href="HERE">',
        f'<svg {SVG}><image href="HERE" width="9" height="9"/></svg>',
        f'<svg {SVG}><image xlink:href="HERE" width="9" height="9"/></svg>',
        f"<svg {SVG}><style>@font-face {{ font-family: Q; src: url(HERE) }}</style><text>x</text></svg>",
    ],
)
@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:{port}/a", "http://[::1]:{port}/a", "http://localhost:{port}/a.css", "file://{canary}"],
)
def test_no_element_and_no_style_reaches_out(body: str, address: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary.png"
    canary.write_bytes(picture())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        where = address.format(port=listening.getsockname()[1], canary=canary)
        with pytest.raises(Refused) as raised:
            drawn(document(body.replace("HERE", where)))
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert (raised.value.why, raised.value.what) == ("missing", where)


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "//elsewhere.example/a.png",
        "/static/img/check.svg",
        "check.svg",
        "../../../../etc/passwd",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "data:image/png;base64,iVBORw0KGgo=",
        "ftp://elsewhere.example/a",
        "image:another",
        "https://print.invalid/fonts/../draw.py",
        "https://print.invalid/print.css",
    ],
)
def test_no_address_is_followed_but_that_of_an_image_that_came_along(address: str) -> None:
    with pytest.raises(Refused, match="missing"):
        drawn(document(f'<img alt="" src="{address}">'), {"one": picture()})


@pytest.mark.parametrize(
    "body",
    [
        f'<svg {SVG}><use href="http://elsewhere.example/a.svg#a"/></svg>',
        f'<svg {SVG}><use xlink:href="file:///etc/passwd#a"/></svg>',
        '<iframe src="file:///etc/passwd"></iframe>',
        '<video poster="http://elsewhere.example/a.png" src="http://elsewhere.example/a"></video>',
        '<meta http-equiv="refresh" content="0;url=http://elsewhere.example/">',
        '<script>document.write("canary")</script>',
    ],
)
def test_what_print_does_not_know_is_not_there(body: str, tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    drawn(document(f"{body}<p>before and after</p>"), target=target)
    assert texts(target) == ["before and after Page 1 of 1"]


def test_a_base_of_the_document_leads_nowhere() -> None:
    with pytest.raises(Refused, match="missing"):
        drawn(document('<img alt="" src="a.png">', head='<title>T</title><base href="file:///etc/">'))


@pytest.mark.parametrize(
    "body",
    [
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<a rel="nofollow ATTACHMENT" href="image:one">x</a>',
        '<link rel="attachment" href="image:one">',
    ],
)
def test_no_file_is_attached(body: str) -> None:
    with pytest.raises(Refused, match="attachment"):
        drawn(document(body), {"one": picture()})


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_image_that_came_along_is_printed(format: str, tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    drawn(document('<img alt="Blue" src="image:one.x">'), {"one.x": picture(format=format)}, target)
    assert b"/Subtype /Image" in target.read_bytes()
    assert attachments(target) == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        f'<svg {SVG}><image href="file:///etc/passwd" width="9" height="9"/></svg>'.encode(),
        f"<svg {SVG}><text>a drawing</text></svg>".encode(),
    ],
)
def test_what_is_no_picture_is_not_left_out_in_silence(content: bytes) -> None:
    with pytest.raises(Refused, match="picture"):
        drawn(document('<img alt="" src="image:one">'), {"one": content})


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked() -> None:
    flood = io.BytesIO()
    Image.new("1", (9000, 9000)).save(flood, format="PNG")
    with pytest.raises(Refused, match="picture"):
        drawn(document("<p>x</p>"), {"one": flood.getvalue()})


def test_a_drawing_that_fails_is_not_left_out_in_silence() -> None:
    with pytest.raises(Refused, match="picture"):
        drawn(document(f"<svg {SVG}><style>@import url(http://elsewhere.example/a.css);</style></svg>"))


@pytest.mark.parametrize(
    "html", [document("x", head=""), document("x", head="<title> </title>"), document("x", lang="")]
)
def test_a_document_says_its_title_and_language(html: str) -> None:
    with pytest.raises(Refused, match="nameless"):
        drawn(html)


def test_markup_in_text_that_a_template_escaped_stays_text(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    drawn(document("<p>&lt;img src=http://elsewhere.example/&gt; {{ secret }} {% load x %}</p>"), target=target)
    assert texts(target) == ["<img src=http://elsewhere.example/> {{ secret }} {% load x %} Page 1 of 1"]
