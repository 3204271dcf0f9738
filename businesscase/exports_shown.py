"""What is exported of a case: its draft, or one of its versions with the figures that were frozen with it."""

from dataclasses import dataclass
from typing import Any

from businesscase.domain.content import CaseContent, content_from_plain, content_to_plain
from businesscase.domain.export import case_plain
from businesscase.models import BusinessCase, CaseVersion
from businesscase.selectors import approved_version
from businesscase.selectors.content import content_of
from businesscase.services.approval import version_sha256

DRAFT, APPROVED = "draft", "approved"


@dataclass(frozen=True)
class Shown:
    """A draft (`version` is None, `state` "draft") or a version. `figures` are those of `case_plain`.

    `sha256` is over content and figures: a draft that is submitted unchanged keeps it.
    """

    slug: str
    content: CaseContent
    figures: dict[str, Any]
    version: CaseVersion | None
    state: str
    sha256: str

    @property
    def number(self) -> int | None:
        """The number of the version; None for the draft."""
        return self.version.number if self.version is not None else None


def shown_of(case: BusinessCase, which: str = DRAFT) -> Shown:
    """The draft, the version that is in force ("approved"), or the version of that number.

    Raises CaseVersion.DoesNotExist where there is none, ValueError for a word that is none of these.
    """
    if which == DRAFT:
        content = content_of(case)
        figures = case_plain(content)
        sha256 = version_sha256(content_to_plain(content), figures)
        return Shown(case.project.slug, content, figures, None, DRAFT, sha256)
    if which == APPROVED:
        version = approved_version(case)
        if version is None:
            raise CaseVersion.DoesNotExist
    else:
        if not (which.isascii() and which.isdigit() and len(which) <= 6):
            raise ValueError(which)
        version = CaseVersion.objects.get(case=case, number=int(which))
    version.case, version.project = case, case.project
    content = content_from_plain(version.content)
    return Shown(case.project.slug, content, version.figures, version, version.state, version.sha256)
