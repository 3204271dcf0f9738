"""What stands between a draft and being sent: places without anything, examples, comments that wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documents.choices import OPEN_STATES
from documents.domain.fill import Mark, MarkKind, marks_in, without_notes
from documents.domain.sections import sections_of
from documents.models import Document, DocumentVersion
from documents.paper import Said
from documents.selectors.sources import Source, source_of


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that nothing fills yet: what it is, in which section it comes first (0: before the first one)."""

    mark: Mark
    source: Source
    section: int

    @property
    def is_asked(self) -> bool:
        """Whether the form of the document asks for it; the rest is said elsewhere in the project."""
        return self.mark.kind in (MarkKind.ASK, MarkKind.CHOICE) or self.mark.name == "suppliers"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left to do before a version can be sent."""

    gaps: Sequence[Gap]
    examples: int
    waiting: Sequence[tuple[str, int]]
    lacks_owner: bool

    @property
    def count(self) -> int:
        """How many things there are to do."""
        return len(self.gaps) + bool(self.examples) + len(self.waiting) + self.lacks_owner

    def gaps_of(self, section: int) -> int:
        """How many places of a section are empty."""
        return sum(gap.section == section for gap in self.gaps)


def standing_of(version: DocumentVersion, said: Said, waiting: Mapping[str, int] | None = None) -> Standing:
    """What is left to do on `version`; `waiting` counts the open questions in comments by section title. No query."""
    document = version.document
    places = section_numbers(version.body)
    return Standing(
        gaps=[Gap(mark, source_of(document.project, document, mark), places.get(mark.key, 0)) for mark in said.missing],
        examples=said.examples,
        waiting=list((waiting or {}).items()),
        lacks_owner=document.owner_id is None,
    )


def section_numbers(body: str) -> dict[str, int]:
    """In which section each marked place of `body` comes first, by the key of the mark."""
    found: dict[str, int] = {}
    number = 0
    for section in sections_of(without_notes(body)):
        number += section.level == 2 and bool(section.title)
        for mark in marks_in(f"{section.title}\n{section.text}"):
            found.setdefault(mark.key, number)
    return found


def also_asked(document: Document) -> dict[str, list[str]]:
    """Which other drafts of the project ask the same questions: their titles by question. One query."""
    found: dict[str, list[str]] = {}
    drafts = (
        DocumentVersion.objects.filter(project_id=document.project_id, state__in=OPEN_STATES, document__several="")
        .exclude(document=document)
        .filter(body__contains="[[")
        .select_related("document")
        .order_by("document__number")
    )
    for draft in drafts:
        for mark in marks_in(draft.body):
            if mark.kind == MarkKind.ASK or mark.name == "suppliers":
                found.setdefault(mark.key, []).append(draft.document.full_title)
    return found
