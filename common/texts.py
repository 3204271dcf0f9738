"""Text that people type, before it is stored."""

import re
import unicodedata

# Characters that turn the direction of what follows: with them a name can rewrite the sentence it stands in.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff]+")


def clean_text(text: str) -> str:
    """`text` without control characters (line ends and tabs stay) and without marks that turn its direction.

    Text that shows nothing at all becomes "".
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TURNING)
    kept = "".join(char for char in unified if char in "\n\t" or unicodedata.category(char) != "Cc")
    return kept.strip() if _INVISIBLE.sub("", kept) else ""


def clean_line(text: str) -> str:
    """`clean_text` in one line: a name, a title, a mail subject."""
    return " ".join(clean_text(text).split())


def same_name(text: str) -> str:
    """The form in which two names are compared: spaces, capitals and Unicode forms do not tell them apart."""
    return unicodedata.normalize("NFKC", clean_line(text)).casefold()
