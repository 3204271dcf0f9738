"""What the page of a document shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from documents.choices import OPEN_STATES, VersionState
from documents.domain.sheet import sheet_parts, with_examples, with_gaps
from documents.models import Approval, Author, Document, DocumentEvidence, DocumentVersion, Reading
from documents.paper import Said, said_by
from documents.selectors import versions_of
from documents.selectors.in_force import review_day
from documents.selectors.standing import Standing, standing_of
from documents.selectors.talk import WHOLE, Talk, talk_of
from evidence.selectors import seen_by as evidence_seen_by
from notifications.models import Comment
from phases.selectors.clauses import Clause, clauses_of
from projects.models import Project
from projects.permissions import Access

#: Words that most people read in a minute.
PACE = 200
SHOWN_SAID = 3


@dataclass(frozen=True, slots=True)
class PageSection:
    """A section on the page, with what was said about it."""

    anchor: str
    number: int
    title: str
    html: SafeString
    gaps: int
    said: Sequence[Comment]
    earlier: int
    waiting: int
    below: Sequence[tuple[str, str]] = ()

    @property
    def count(self) -> int:
        """How many comments it has."""
        return len(self.said) + self.earlier


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a version says, as it stands on a page. `problem` says why it cannot be shown."""

    sections: Sequence[PageSection] = ()
    said: Said | None = None
    problem: str = ""
    words: int = 0

    @property
    def minutes(self) -> int:
        """How long it takes to read."""
        return max(1, round(self.words / PACE))

    @property
    def warnings(self) -> Sequence[str]:
        """What will not look as meant."""
        return self.said.text.warnings if self.said is not None else ()


@dataclass(frozen=True)
class DocumentPage:
    """A document with the version that is shown."""

    document: Document
    version: DocumentVersion | None
    versions: Sequence[DocumentVersion]
    sheet: Sheet
    talk: Talk
    standing: Standing | None
    approvals: Sequence[Approval]
    authors: Sequence[User]
    evidence: Sequence[DocumentEvidence]
    hidden_evidence: int
    today: date
    readings: tuple[int, int] = (0, 0)
    gone: Sequence[tuple[str, int]] = field(default_factory=tuple)

    @cached_property
    def in_force(self) -> DocumentVersion | None:
        """The published version."""
        return next((each for each in self.versions if _holds(each)), None)

    @cached_property
    def on_its_way(self) -> DocumentVersion | None:
        """The version that is a draft, in review, approved, or to come into force."""
        return next((each for each in self.versions if each.state in OPEN_STATES), None)

    @property
    def review_days(self) -> int | None:
        """In how many days it is to be looked at again; below zero where that is past."""
        if self.in_force is None or self.document.review_on is None:
            return None
        return (self.document.review_on - self.today).days

    @property
    def late_days(self) -> int:
        """How many days the review is late."""
        return max(0, -(self.review_days or 0))

    @property
    def clauses(self) -> Sequence[Clause]:
        """The clauses that it serves, of the edition of the project first."""
        document = self.document
        found = clauses_of("2018", document.clauses_2018) + clauses_of("2011", document.clauses_2011)
        return sorted(found, key=lambda clause: clause.edition != document.project.edition)


def document_page(
    project: Project, access: Access, document: Document, shown: DocumentVersion | None, *, may_write: bool
) -> DocumentPage:
    """What the page of `document` shows with the version `shown`. Some fifteen queries, whatever it holds."""
    versions = versions_of(document)
    for each in versions:
        each.document = document
    document.review_on = review_day(document, next((each for each in versions if _holds(each)), None))
    version = next((each for each in versions if shown is not None and each.pk == shown.pk), None)
    is_talked = version is not None and version.state != VersionState.OBSOLETE
    talk = talk_of(document) if is_talked and access.can("comments.view") else Talk()
    sheet = sheet_of(version, talk, may_fill=may_write)
    standing = None
    if version is not None and version.is_draft and sheet.said is not None:
        titles = {each.anchor: each.title for each in sheet.sections}
        waiting = {titles.get(anchor) or _("the document"): count for anchor, count in talk.waiting.items() if count}
        standing = standing_of(version, sheet.said, waiting)
    there = {each.anchor for each in sheet.sections}
    links = list(
        DocumentEvidence.objects.filter(document=document)
        .select_related("item", "item__owner")
        .order_by("-added_at", "-pk")
    )
    seen = (
        set(
            evidence_seen_by(project, access)
            .filter(pk__in=[link.item_id for link in links])
            .values_list("pk", flat=True)
        )
        if access.can("evidence.view")
        else set()
    )
    return DocumentPage(
        document=document,
        version=version,
        versions=versions,
        sheet=sheet,
        talk=talk,
        standing=standing,
        approvals=_approvals(version),
        authors=_authors(version),
        evidence=[link for link in links if link.item_id in seen],
        hidden_evidence=len(links) - len(seen),
        today=clock.today(project.time_zone),
        readings=_readings(version),
        gone=[(anchor, count) for anchor, count in talk.counts.items() if anchor not in there and anchor != WHOLE],
    )


def sheet_of(version: DocumentVersion | None, talk: Talk | None = None, *, may_fill: bool = False) -> Sheet:
    """What `version` says, cut into sections; a text that cannot be shown gives the problem in words."""
    if version is None or version.file_id is not None:
        return Sheet()
    try:
        said = said_by(version)
    except RuleBroken as error:
        return Sheet(problem=str(error))
    standing = standing_of(version, said)
    gaps = {gap.mark.key: gap.source.url if may_fill and version.is_draft else "" for gap in standing.gaps}
    html = with_gaps(with_examples(said.text.html), gaps)
    titles = {each.anchor: each.text for each in said.text.headings}
    below: dict[str, list[tuple[str, str]]] = {}
    last = ""
    for each in said.text.headings:
        if each.level == 2:
            last = each.anchor
        elif last:
            below.setdefault(last, []).append((each.anchor, each.text))
    sections = []
    for part in sheet_parts(html):
        comments = talk.said.get(part.anchor, []) if talk is not None else []
        sections.append(
            PageSection(
                anchor=part.anchor,
                number=part.number,
                title=titles.get(part.anchor, ""),
                html=mark_safe(part.html),  # noqa: S308 (nh3 has cleaned it; the marks are ours)
                gaps=standing.gaps_of(part.number),
                said=comments[-SHOWN_SAID:],
                earlier=max(0, len(comments) - SHOWN_SAID),
                waiting=talk.waiting[part.anchor] if talk is not None else 0,
                below=tuple(below.get(part.anchor, ())),
            )
        )
    return Sheet(sections, said, words=len(strip_tags(said.text.html).split()))


def _holds(version: DocumentVersion) -> bool:
    return version.state == VersionState.PUBLISHED


def _approvals(version: DocumentVersion | None) -> list[Approval]:
    if version is None or not version.round:
        return []
    return list(Approval.objects.filter(document_version=version, round=version.round).select_related("approver"))


def _authors(version: DocumentVersion | None) -> list[User]:
    if version is None:
        return []
    return [each.user for each in Author.objects.filter(document_version=version).select_related("user").order_by("pk")]


def _readings(version: DocumentVersion | None) -> tuple[int, int]:
    """How many were asked to read it, and how many said that they did."""
    if version is None or version.published_at is None:
        return 0, 0
    asked = list(Reading.objects.filter(document_version=version).values_list("read_at", flat=True))
    return len(asked), sum(each is not None for each in asked)
