"""Which letters our fonts have is known without reading a font, and what they lack is named."""

import pytest
from fontTools.ttLib import TTFont

from common.paper.glyphs import covered, missing_characters, missing_words, shown
from scripts.make_coverage import TARGET, coverage
from scripts.source_files import ROOT


def test_the_list_is_what_the_fonts_have() -> None:
    assert TARGET.read_text(encoding="ascii") == coverage()
    have = set().union(*(TTFont(path).getBestCmap() for path in (ROOT / "common/pdf/fonts").glob("doc-s*.ttf")))
    assert covered() <= have


@pytest.mark.parametrize(
    "text", ["", "Plain words.\n\tŁódź, Ωμέγα, Жук €5 ☐ → ≥", "zero\u200bwidth, soft\u00adhyphen, e\u0301", "a\u3000b"]
)
def test_what_can_be_shown_is_not_named(text: str) -> None:
    assert missing_characters(text) == []
    assert missing_words(text) == ""


def test_each_is_named_once_with_its_number_and_writing() -> None:
    assert missing_characters("日本日") == ["日", "本"]
    assert missing_words("日本日 ひ") == (
        "The PDF cannot show these characters and prints \ufffd instead: 日 (U+65E5), 本 (U+672C), ひ (U+3072). "
        "Writing: CJK, Hiragana."
    )


def test_many_are_counted() -> None:
    assert "and 88 more." in missing_words("".join(chr(0x4E00 + n) for n in range(100)))


def test_a_sign_stands_for_what_is_missing_and_accents_join_their_letters() -> None:
    assert shown("日 e\u0301 a\u3000b") == "\ufffd \u00e9 a b"
