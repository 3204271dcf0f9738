"""A house style takes a logo that can be printed, and colours and fonts from a list."""

import io
import re

import pytest
from PIL import Image

from common.exceptions import RuleBroken
from common.paper.style import Accent, HouseStyle, checked_logo
from scripts.source_files import ROOT


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (30, 10)) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind)
    return target.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "name"), [("PNG", "RGBA", "house-logo.png"), ("JPEG", "RGB", "house-logo.jpg")]
)
def test_a_png_and_a_jpeg_are_taken(kind: str, mode: str, name: str) -> None:
    content = picture(kind, mode)
    assert checked_logo(content) == content
    assert HouseStyle(logo=content).logo_name == name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no PNG or JPEG"),
        (b"MZ\x90\x00 an executable", "no PNG or JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG or JPEG"),
        (picture("GIF"), "no PNG or JPEG"),
        (picture()[:60], "no PNG or JPEG"),
        (picture("JPEG", "CMYK"), "made for a press"),
        (picture(size=(4001, 1)), "4001 by 1 pixels"),
        (b"\x89PNG" + b"0" * 1_000_000, "larger than 1 MB"),
    ],
)
def test_all_else_is_refused_with_words(content: bytes, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        checked_logo(content)


def test_colours_and_fonts_come_from_the_list() -> None:
    with pytest.raises(ValueError, match="pink"):
        HouseStyle(accent="pink")
    with pytest.raises(ValueError, match="Comic"):
        HouseStyle(typeface="Comic")


def test_every_colour_is_dark_enough_to_be_read() -> None:
    sheet = (ROOT / "static/css/paper-controlled.css").read_text(encoding="utf-8")
    found = dict(re.findall(r"\.accent-(\w+) \{ --house: #([0-9a-f]{6})", sheet))
    assert set(found) == set(Accent.values)
    for colour in found.values():
        parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        assert 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05) >= 4.5
