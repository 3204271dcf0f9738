"""What a document under control holds, as one value. All words are ready: nothing here counts, asks or translates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.paper.style import HouseStyle

#: From about three pages on a document has a title page and contents.
LONG_FROM_WORDS = 1_100
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body: 2 for a section, 3 for what stands below one; its text and its anchor."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved (or is asked to), in which role, when, and what there is to say: all in words."""

    name: str
    role: str = ""
    when: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the change log. `when` says so where the version was not approved yet."""

    version: str
    when: str
    words: str
    changed_by: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class ControlledPaper:
    """A document as it goes on paper. What is empty is left out.

    `version` is as in "2.0" or "2.1, draft 3". `body` is clean HTML with an id at each heading: `markdown_to_paper`
    makes both it and `headings`. `running` stands at the right of the running head in the place of state and
    classification. `mark` is the word that lies across every page ("Draft", "Obsolete") or "". `created` is when the
    version was made, which the PDF says of itself: give a time of the version and never the time of printing. `digest`
    is the hash of the approved text (or of what `digest_label` says); `foot` are words that stand in its place. `facts`
    are further rows of the control table. `images` are what the body refers to by `image:NAME`. `title_page` None: one
    for a long document.
    """

    title: str
    organization: str
    created: datetime
    body: SafeString
    headings: tuple[Heading, ...] = ()
    number: str = ""
    kind: str = ""
    lede: str = ""
    version: str = ""
    state: str = ""
    running: str = ""
    mark: str = ""
    owner: str = ""
    owner_label: str = ""
    classification: str = ""
    serves: str = ""
    approvals: tuple[Approval, ...] = ()
    approvals_label: str = ""
    approved_on: str = ""
    in_force: str = ""
    review: str = ""
    changes: tuple[Change, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    closing: str = ""
    digest: str = ""
    digest_label: str = ""
    foot: str = ""
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    description: str = ""
    language: str = "en"
    style: HouseStyle = field(default_factory=HouseStyle)
    images: Mapping[str, bytes] = field(default_factory=dict)
    title_page: bool | None = None
    numbered: bool = True

    @property
    def is_long(self) -> bool:
        """Whether it begins with a title page, followed by control table and contents."""
        if self.title_page is not None:
            return self.title_page
        return len(_WORD.findall(strip_tags(self.body))) > LONG_FROM_WORDS

    @property
    def named(self) -> str:
        """Number and version, as in the running head."""
        version = _("version %(number)s") % {"number": self.version} if self.version else ""
        return ", ".join(part for part in (self.number, version) if part)
