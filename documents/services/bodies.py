"""What a text must be to become a document."""

from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.paper.text import check_nesting
from common.texts import clean_text
from documents.exceptions import DocumentRefused

MOST_CHARACTERS = 400_000


def checked_body(text: str) -> str:
    """`text` as it is kept: without control characters.

    Raises DocumentRefused where it is too long, or where lists stand too deep inside each other.
    """
    if len(text) > MOST_CHARACTERS:
        raise DocumentRefused(
            _("This text has %(count)d characters; a document takes %(most)d. Split it, or attach a part as evidence.")
            % {"count": len(text), "most": MOST_CHARACTERS},
            field="body",
        )
    cleaned = clean_text(text)
    try:
        check_nesting(cleaned)
    except RuleBroken as error:
        raise DocumentRefused(str(error), field="body") from error
    return f"{cleaned}\n" if cleaned else ""
