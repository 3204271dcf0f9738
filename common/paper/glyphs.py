"""Which letters our fonts have, so that a person hears of the others before they read the PDF.

Documents use the fonts that come with us and none of the machine's. `coverage.txt` lists what these have;
`python -m scripts.make_coverage` writes it, so that nobody has to read fonts to answer.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_COVERAGE = Path(__file__).with_name("coverage.txt")
#: What stands in the place of a letter that no font of ours has.
STAND_IN = "\ufffd"
_NAMED = 12
# They take no room and need no font: controls, marks of direction, joiners, selectors of a variant.
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
_SELECTORS = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
_PRIVATE = frozenset({"Co", "Cn", "Cs"})


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The numbers of all characters that a document can show."""
    found: set[int] = set()
    for line in _COVERAGE.read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            first, _dash, last = line.partition("-")
            found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def missing_characters(text: str) -> list[str]:
    """The characters of `text` that no font of ours has, each once, in the order in which they come up."""
    return [each for each in dict.fromkeys(unicodedata.normalize("NFC", text)) if not _can_show(each)]


def missing_words(text: str) -> str:
    """A sentence that names the characters of `text` that cannot be shown; "" where all can."""
    missing = missing_characters(text)
    if not missing:
        return ""
    named = ", ".join(f"{each} (U+{ord(each):04X})" for each in missing[:_NAMED])
    if more := len(missing) - _NAMED if len(missing) > _NAMED else 0:
        named += " " + ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
    return _("The PDF cannot show these characters and prints %(sign)s instead: %(named)s. Writing: %(scripts)s.") % {
        "sign": STAND_IN,
        "named": named,
        "scripts": ", ".join(_scripts(missing)),
    }


def shown(text: str) -> str:
    """`text` with a sign in the place of each character that cannot be shown; accents joined to their letters."""
    normal = unicodedata.normalize("NFC", text)
    spare = {each for each in set(normal) if not _can_show(each) or _is_odd_space(each)}
    if not spare:
        return normal
    return normal.translate({ord(each): " " if _is_odd_space(each) else STAND_IN for each in spare})


def _can_show(character: str) -> bool:
    number = ord(character)
    if number in covered() or number in _SELECTORS:
        return True
    return unicodedata.category(character) in _UNSEEN or _is_odd_space(character)


def _is_odd_space(character: str) -> bool:
    """Whether it is a space that no font of ours has: any other does as well."""
    return unicodedata.category(character) == "Zs" and ord(character) not in covered()


def _scripts(characters: list[str]) -> list[str]:
    """The names of the scripts, from those of their characters: HEBREW LETTER ALEF is Hebrew."""
    found = []
    for each in characters:
        name = unicodedata.name(each, "")
        first = re.split(r"[ -]", name)[0] if name else ""
        if unicodedata.category(each) == "So":
            found.append(_("pictures"))
        elif unicodedata.category(each) in _PRIVATE or not first:
            found.append(_("unknown"))
        else:
            found.append(first if first == "CJK" else first.title())
    return list(dict.fromkeys(found))
