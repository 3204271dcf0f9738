"""Write which characters the fonts of `common/pdf/fonts` have: `python -m scripts.make_coverage`, after a new font."""

from fontTools.ttLib import TTFont

from scripts.source_files import ROOT

TARGET = ROOT / "common" / "paper" / "coverage.txt"
# Text in any family falls back on these, so what they have can always be shown.
_EVERYWHERE = ("doc-sans-400.ttf", "doc-serif-400.ttf", "doc-signs-400.ttf")


def coverage() -> str:
    """The file: one run of numbers a line, in hexadecimal."""
    found: set[int] = set()
    for name in _EVERYWHERE:
        found |= set(TTFont(ROOT / "common" / "pdf" / "fonts" / name).getBestCmap())
    lines = ["# Characters that documents can show. Written by python -m scripts.make_coverage."]
    ordered = sorted(found)
    begin = ordered[0]
    for this, after in zip(ordered, [*ordered[1:], -1], strict=True):
        if after != this + 1:
            lines.append(f"{begin:X}" if begin == this else f"{begin:X}-{this:X}")
            begin = after
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(coverage(), encoding="ascii")
