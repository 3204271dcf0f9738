"""The register: every document with where it stands, and what is required and not begun. Five queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef

from common import clock
from documents.choices import OPEN_STATES, Classification, DocumentKind, DocumentState, Obligation, VersionState
from documents.library import Template
from documents.models import Document, DocumentVersion
from documents.selectors import seen_by
from documents.selectors.in_force import holds_on, review_day, stands_on
from documents.templates_of import offered_templates
from phases.selectors.clauses import is_within
from projects.models import Project
from projects.permissions import Access

SOON = timedelta(days=30)
_SHOWN = (*OPEN_STATES, VersionState.PUBLISHED)


class Standing(StrEnum):
    """Where a document stands, worst first; a row has one."""

    MISSING = "missing"
    OVERDUE = "overdue"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    DRAFTED = "drafted"
    SOON = "review soon"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One document with the version in force and the one on its way; or, without a document, what is required and not
    begun (`template`)."""

    title: str
    kind: str
    standing: Standing
    clauses_2011: tuple[str, ...]
    clauses_2018: tuple[str, ...]
    refs: tuple[str, ...]
    phase: int
    is_required: bool
    document: Document | None = None
    template: Template | None = None
    in_force: DocumentVersion | None = None
    on_way: DocumentVersion | None = None
    days: int | None = None

    @property
    def number(self) -> str:
        """The number; "" for what is not begun."""
        return self.document.number if self.document is not None else ""

    @property
    def owner_words(self) -> str:
        """Who owns it, or the role that does."""
        if self.document is not None:
            return str(self.document.owner or self.document.owner_role)
        return self.template.owner_role if self.template is not None else ""

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(DocumentKind(self.kind).label)

    @property
    def is_in_force(self) -> bool:
        """Whether people can work by it."""
        return self.in_force is not None

    @property
    def late_days(self) -> int:
        """By how many days its review is overdue."""
        return max(0, -(self.days or 0))


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """What a person asks the register for. Empty: all that is kept up, and what is missing."""

    text: str = ""
    kind: str = ""
    standing: str = ""
    owner: int | None = None
    phase: int | None = None
    clause: str = ""
    component: str = ""
    sort: str = "number"


def register_rows(project: Project, access: Access) -> list[RegisterRow]:
    """All rows by number, and below them what is required and not begun, in the order of the library."""
    today = clock.today(project.time_zone)
    versions: dict[int, dict[str, DocumentVersion]] = {}
    found = (
        DocumentVersion.objects.filter(project=project, state__in=_SHOWN)
        .defer("body", "text", "values", "facts", "change_note")
        .select_related("submitted_by")
    )
    for version in stands_on(today, found):
        versions.setdefault(version.document_id, {})[version.state] = version
    rows = [
        _row(document, versions.get(document.pk, {}), today)
        for document in seen_by(project, access).select_related("owner").order_by("number")
    ]
    # What somebody may not see is there all the same: it must not be called missing.
    begun = set(
        Document.objects.filter(project=project).current().exclude(template="").values_list("template", flat=True)
    )
    return rows + [_missing(template) for template in _asked_for(project) if template.key not in begun]


def _row(document: Document, versions: dict[str, DocumentVersion], today: date) -> RegisterRow:
    in_force = versions.get(VersionState.PUBLISHED)
    on_way = next((versions[state] for state in OPEN_STATES if state in versions), None)
    document.review_on = review_day(document, in_force)
    days = (document.review_on - today).days if document.review_on and in_force is not None else None
    return RegisterRow(
        title=document.full_title,
        kind=document.kind,
        standing=_standing(document, in_force, on_way, days),
        clauses_2011=tuple(document.clauses_2011),
        clauses_2018=tuple(document.clauses_2018),
        refs=tuple(document.refs),
        phase=document.phase_number,
        is_required=document.obligation == Obligation.REQUIRED,
        document=document,
        in_force=in_force,
        on_way=on_way,
        days=days,
    )


def _standing(
    document: Document, in_force: DocumentVersion | None, on_way: DocumentVersion | None, days: int | None
) -> Standing:
    if document.state == DocumentState.ARCHIVED:
        return Standing.ARCHIVED
    if days is not None and days < 0:
        return Standing.OVERDUE
    if on_way is not None and on_way.state == VersionState.IN_REVIEW:
        return Standing.IN_REVIEW
    if on_way is not None and on_way.state == VersionState.APPROVED:
        return Standing.APPROVED
    if in_force is None:
        return Standing.SCHEDULED if on_way is not None and on_way.is_scheduled else Standing.DRAFTED
    return Standing.SOON if days is not None and days <= SOON.days else Standing.PUBLISHED


def _missing(template: Template) -> RegisterRow:
    return RegisterRow(
        title=template.title,
        kind=template.kind,
        standing=Standing.MISSING,
        clauses_2011=template.clauses_2011,
        clauses_2018=template.clauses_2018,
        refs=template.activities,
        phase=template.phase,
        is_required=True,
        template=template,
    )


def chosen(rows: Sequence[RegisterRow], query: RegisterQuery) -> list[RegisterRow]:
    """Those of `rows` that `query` asks for, in its order. Archived ones only where they are asked for."""
    found = [row for row in rows if _fits(row, query)]
    order = {
        "title": lambda row: (row.title.casefold(),),
        "standing": lambda row: (list(Standing).index(row.standing), row.days if row.days is not None else 99_999),
        "review": lambda row: (row.days is None, row.days or 0, row.number),
    }
    return sorted(found, key=order[query.sort]) if query.sort in order else found


def _fits(row: RegisterRow, query: RegisterQuery) -> bool:
    if query.standing:
        if row.standing != query.standing:
            return False
    elif row.standing == Standing.ARCHIVED:
        return False
    text = query.text.casefold()
    owner = row.document.owner_id if row.document is not None else None
    return (
        (not text or text in row.title.casefold() or text in row.number.casefold())
        and (not query.kind or row.kind == query.kind)
        and (query.owner is None or owner == query.owner)
        and (query.phase is None or row.phase == query.phase)
        and (not query.clause or any(is_within(each, query.clause) for each in (*row.clauses_2018, *row.clauses_2011)))
        and (not query.component or any(ref.partition(".")[0] == query.component for ref in row.refs))
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How the documents of a project stand. `required` are those that the standard asks for, begun or not."""

    in_force: int
    missing: int
    drafted: int
    waiting: int
    overdue: int
    required: int
    required_in_force: int


def counts_of(rows: Sequence[RegisterRow]) -> Counts:
    """What `rows` come to. A record form counts like any other document that is there."""
    kept = [row for row in rows if row.standing != Standing.ARCHIVED]
    required = [row for row in kept if row.is_required and row.kind != DocumentKind.RECORD]
    return Counts(
        in_force=sum(row.is_in_force for row in kept),
        missing=sum(row.standing == Standing.MISSING for row in kept),
        drafted=sum(row.standing == Standing.DRAFTED for row in kept),
        waiting=sum(row.standing in (Standing.IN_REVIEW, Standing.APPROVED) for row in kept),
        overdue=sum(row.standing == Standing.OVERDUE for row in kept),
        required=len(required),
        required_in_force=sum(row.is_in_force for row in required),
    )


def standing_of(project: Project, access: Access) -> Counts | None:
    """The same counts for a page that shows no rows; None where no document is begun. Two queries."""
    today = clock.today(project.time_zone)
    versions = DocumentVersion.objects.filter(document=OuterRef("pk"))
    found = Document.objects.filter(project=project).current()
    lines = list(
        found.annotate(
            seen=Exists(seen_by(project, access).filter(pk=OuterRef("pk"))),
            works=Exists(versions.filter(holds_on(today))),
            waits=Exists(versions.filter(state__in=(VersionState.IN_REVIEW, VersionState.APPROVED))),
            comes=Exists(versions.filter(state=VersionState.SCHEDULED)),
        ).values_list("template", "kind", "obligation", "review_on", "seen", "works", "waits", "comes")
    )
    if not lines:
        return None
    begun = {line[0] for line in lines}
    missing = [each for each in _asked_for(project) if each.key not in begun]
    shown = [line for line in lines if line[4]]
    required = [line for line in shown if line[2] == Obligation.REQUIRED and line[1] != DocumentKind.RECORD]
    late = [line for line in shown if line[5] and line[3] is not None and line[3] < today]
    waiting = [line for line in shown if line[6] and line not in late]
    return Counts(
        in_force=sum(line[5] for line in shown),
        missing=len(missing),
        drafted=sum(not any(line[5:8]) for line in shown),
        waiting=len(waiting),
        overdue=len(late),
        required=len(required) + len(missing),
        required_in_force=sum(line[5] for line in required),
    )


def not_in_force(project: Project, phase: int) -> list[str]:
    """Required documents of `phase` and those before that are not in force: titles, of confidential ones numbers.

    By number, missing ones last. Nothing where no document is begun: such a project keeps its documents elsewhere. One
    query then, else two.
    """
    today = clock.today(project.time_zone)
    holding = DocumentVersion.objects.filter(holds_on(today), document=OuterRef("pk"))
    documents = list(
        Document.objects.filter(project=project).current().order_by("number").annotate(works=Exists(holding))
    )
    if not documents:
        return []
    begun = {each.template for each in documents}
    lacking = [
        each.number if each.classification == Classification.CONFIDENTIAL else each.full_title
        for each in documents
        if each.obligation == Obligation.REQUIRED
        and each.kind != DocumentKind.RECORD
        and each.phase_number <= phase
        and not each.works
    ]
    return lacking + [each.title for each in _asked_for(project) if each.phase <= phase and each.key not in begun]


def _asked_for(project: Project) -> list[Template]:
    """The templates of what the standard asks for; records are shown by the records themselves."""
    return [
        each
        for each in offered_templates(project.organization).values()
        if each.obligation == Obligation.REQUIRED and not each.is_record
    ]
