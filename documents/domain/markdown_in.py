"""Markdown of somebody's, so that it fits into a document: its highest heading is of the second level."""

import re

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^( {0,3})(#{1,6})(?=[ \t]|$)")
_FRONT = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_UNDERLINED = re.compile(r"^(?![ \t]*(?:[-*+>|#]|\d+[.)]))([^\n]+)\n {0,3}(=+|-{2,})[ \t]*$", re.MULTILINE)


def without_front_matter(text: str) -> tuple[str, bool]:
    """`text` without the lines of facts that some tools put before it, and whether there were any."""
    found = _FRONT.match(text)
    return (text[found.end() :], True) if found else (text, False)


def fitted(text: str) -> str:
    """`text` with its headings moved so that the highest is of the second level and none is below the fourth."""
    lines = _UNDERLINED.sub(lambda found: f"{'#' if found[2][0] == '=' else '##'} {found[1].strip()}\n", text).split(
        "\n"
    )
    places: list[tuple[int, re.Match[str]]] = []
    fence = ""
    for place, line in enumerate(lines):
        if found := _FENCE.match(line):
            if not fence:
                fence = found[1]
            elif found[1][0] == fence[0] and len(found[1]) >= len(fence):
                fence = ""
        elif not fence and (heading := _HEADING.match(line)):
            places.append((place, heading))
    shift = 2 - min((len(heading[2]) for _place, heading in places), default=2)
    for place, heading in places:
        level = max(2, min(4, len(heading[2]) + shift))
        lines[place] = f"{'#' * level}{lines[place][heading.end() :]}"
    return "\n".join(lines)
