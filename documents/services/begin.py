"""Beginning documents and versions of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from common.texts import clean_line
from documents.choices import Classification, DocumentKind, Obligation, Origin, VersionState
from documents.domain.numbers import FIRST_DRAFT, VersionNumber, next_number
from documents.library import Template
from documents.models import Author, Document, DocumentVersion
from documents.selectors import is_very_small, last_in_force, open_version, versions_of
from documents.services.bodies import checked_body
from documents.services.guards import may_write, own_document, own_draft, scheduled_words
from documents.services.refs import checked_refs
from documents.services.telling import tell_of_version
from documents.templates_of import offered_template
from evidence.models import EvidenceItem
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import require_capability, write_versioned

LONGEST_TITLE, LONGEST_SUBJECT = 160, 120
#: Names of pages beside documents: no document may be called so in an address.
RESERVED = frozenset(
    {
        *("new", "export", "coverage", "master-list", "templates", "policies", "objectives", "interfaces"),
        *("communication", "training", "competence", "reading", "import"),
    }
)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is said about a document beside its text. `refs` are refs of activities it serves."""

    title: str
    kind: str = DocumentKind.PROCEDURE
    subject: str = ""
    owner: Party | None = None
    owner_role: str = ""
    approver_role: str = ""
    classification: str = Classification.INTERNAL
    review_months: int = 12
    phase_number: int = 1
    obligation: str = Obligation.PRACTICE
    clauses_2011: Sequence[str] = field(default_factory=tuple)
    clauses_2018: Sequence[str] = field(default_factory=tuple)
    refs: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class FirstText:
    """What the first version says: Markdown, or a file that is kept as it is."""

    body: str = ""
    origin: str = Origin.BLANK
    note: str = ""
    file: EvidenceItem | None = None


@transaction.atomic
def begin_from_template(
    *, acting_user: User | None, project: Project, key: str, subject: str = "", owner: Party | None = None
) -> Document:
    """Begin the document that a template of the library, or of the organization, gives; its first draft is 0.1.

    A very small entity gets the shorter form. `subject` says which one it is of what there is several of. One trail
    event. Raises NotPermitted; RuleBroken for a template that is not there, a subject that is missing, or a document
    that is there already.
    """
    require_capability(acting_user, "documents.write", project)
    template = offered_template(project.organization, key)
    if template is None:
        raise RuleBroken(_("There is no such template."), field="template")
    about = clean_line(subject)
    if template.several and not about:
        raise RuleBroken(_("Say what this one is about: which process, service or partner."), field="subject")
    if not template.several and about:
        raise RuleBroken(_("There is one document of this kind. Leave this empty."), field="subject")
    form = template.form_for(very_small=is_very_small(project))
    facts = DocumentFacts(
        title=form.title.removesuffix(" (one per process)"),
        kind=form.kind,
        subject=about,
        owner=owner,
        owner_role=form.owner_role,
        approver_role=form.approver_role,
        classification=form.classification,
        review_months=form.review_months,
        phase_number=form.phase,
        obligation=form.obligation,
        clauses_2011=form.clauses_2011,
        clauses_2018=form.clauses_2018,
        # A plan may have left some of them out.
        refs=checked_refs(project, form.activities, lenient=True),
    )
    return _begin(acting_user, project, facts, FirstText(form.body, Origin.TEMPLATE), template)


@transaction.atomic
def begin_document(*, acting_user: User | None, project: Project, facts: DocumentFacts, text: FirstText) -> Document:
    """Begin a document of one's own, from words or from a file. One trail event.

    Raises NotPermitted, RuleBroken for facts that are wrong, DocumentRefused for a text that cannot be one.
    """
    require_capability(acting_user, "documents.write", project)
    return _begin(acting_user, project, facts, text, None)


def _begin(
    acting_user: User | None, project: Project, facts: DocumentFacts, text: FirstText, template: Template | None
) -> Document:
    values = checked_facts(project, facts)
    body = checked_body(text.body) if text.file is None else ""
    there = list(Document.objects.filter(project=project).values_list("key", "number"))
    name = f"{values['title']} {values['subject']}" if template is None else f"{template.key} {values['subject']}"
    stem = slugify(name)[:76].strip("-") or "document"
    keys = {key for key, _number in there} | RESERVED
    if template is not None and stem in keys:
        raise RuleBroken(_("This document is there already."), field="subject" if template.several else "template")
    key, count = stem, 2
    while key in keys:
        key, count = f"{stem}-{count}", count + 1
    document = Document.objects.create(
        project=project,
        key=key,
        number=next_number(str(values["kind"]), [number for _key, number in there]),
        template=template.key if template else "",
        several=template.several if template else "",
        created_by=acting_user,
        created_at=clock.now(),
        **values,
    )
    version = _create_version(
        acting_user,
        document,
        FIRST_DRAFT,
        FirstText(body, text.origin, text.note, text.file),
        template_sha256=template.form_for(very_small=is_very_small(project)).sha256 if template else "",
    )
    said: dict[str, object] = {"number": [None, document.number], "kind": [None, document.kind]}
    if template is not None:
        said["template"] = [None, template.key]
    tell_of_version(acting_user, version, "begin", said)
    return document


@transaction.atomic
def begin_version(*, acting_user: User | None, project: Project, key: str) -> DocumentVersion:
    """Begin the next version from the one in force, or that was before the archive. One trail event.

    Raises NotPermitted, RuleBroken where one is on its way already, Document.DoesNotExist.
    """
    document = own_document(acting_user, project, key, "documents.write")
    if not may_write(document, access_to(project, acting_user)):
        raise NotPermitted(_("Managers, its owner and who began it write this document."))
    there = open_version(document)
    if there is not None and there.is_scheduled:
        raise RuleBroken(scheduled_words(there))
    if there is not None:
        raise RuleBroken(_("Version %(number)s is on its way already.") % {"number": there.number})
    in_force = last_in_force(document)
    if in_force is None:
        return _restart(acting_user, document)
    version = _create_version(
        acting_user,
        document,
        in_force.number.draft_after(),
        FirstText(in_force.body, Origin.EARLIER, str(in_force.number), in_force.file),
        template_sha256=in_force.template_sha256,
    )
    tell_of_version(acting_user, version, "new version", {"after": [None, str(in_force.number)]})
    return version


def _restart(acting_user: User | None, document: Document) -> DocumentVersion:
    """A first draft again, after the one before was dropped: from the template where there is one."""
    template = offered_template(document.project.organization, document.template) if document.template else None
    form = template.form_for(very_small=is_very_small(document.project)) if template else None
    text = FirstText(form.body, Origin.TEMPLATE) if form else FirstText("", Origin.BLANK)
    version = _create_version(acting_user, document, FIRST_DRAFT, text, template_sha256=form.sha256 if form else "")
    tell_of_version(acting_user, version, "new version")
    return version


@transaction.atomic
def drop_draft(*, acting_user: User | None, project: Project, key: str, version: int, why: str) -> Document:
    """Give a draft up; the document stays, and so does what was in force. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken without a reason or a draft, Document.DoesNotExist.
    """
    draft = own_draft(acting_user, project, key)
    said = clean_line(why)[:300]
    if not said:
        raise RuleBroken(_("Say why it is given up."), field="why")
    write_versioned(draft, version=version, values={"state": VersionState.DROPPED}, shown={}, sent={})
    tell_of_version(acting_user, draft, "drop", reason=said)
    return draft.document


def take_in_text(
    *, acting_user: User | None, project: Project, key: str, version: int, text: FirstText
) -> DocumentVersion:
    """Put what a file says in place of the draft's text, or the file itself. One trail event.

    Raises as `own_draft`, StaleWrite, DocumentRefused.
    """
    with transaction.atomic():
        draft = own_draft(acting_user, project, key)
        body = checked_body(text.body) if text.file is None else ""
        values = {
            "body": body,
            "file": text.file,
            "origin": text.origin,
            "origin_note": text.note[:200],
            "saved_at": clock.now(),
        }
        write_versioned(draft, version=version, values=values, shown={}, sent={})
        note_author(acting_user, draft)
        tell_of_version(acting_user, draft, "take in", {"file": [None, text.note[:200]]})
        return draft


def note_author(acting_user: User | None, version: DocumentVersion) -> None:
    """Remember that this person wrote a part of `version`."""
    if acting_user is not None:
        Author.objects.get_or_create(
            document_version=version, user=acting_user, defaults={"project_id": version.project_id}
        )


def _create_version(
    acting_user: User | None, document: Document, number: VersionNumber, text: FirstText, *, template_sha256: str
) -> DocumentVersion:
    now = clock.now()
    version = DocumentVersion.objects.create(
        project=document.project,
        document=document,
        major=number.major,
        minor=_free_minor(document, number),
        origin=text.origin,
        origin_note=text.note[:200],
        template_sha256=template_sha256,
        body=text.body,
        file=text.file,
        begun_by=acting_user,
        begun_at=now,
        saved_at=now,
    )
    note_author(acting_user, version)
    return version


def _free_minor(document: Document, number: VersionNumber) -> int:
    taken = {each.number for each in versions_of(document)}
    while number in taken:
        number = number.draft_after()
    return number.minor


def checked_facts(project: Project, facts: DocumentFacts) -> dict[str, object]:
    """The fields of `facts`. Raises RuleBroken, and Party.DoesNotExist for an owner of another project."""
    title, subject = clean_line(facts.title), clean_line(facts.subject)
    if not title:
        raise RuleBroken(_("Give it a title."), field="title")
    for name, value, most in (("title", title, LONGEST_TITLE), ("subject", subject, LONGEST_SUBJECT)):
        if len(value) > most:
            raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": most}, field=name)
    for name, value, choices in (
        ("kind", facts.kind, DocumentKind.values),
        ("classification", facts.classification, Classification.values),
        ("obligation", facts.obligation, Obligation.values),
    ):
        if value not in choices:
            raise RuleBroken(_("Choose one of the list."), field=name)
    if not 1 <= facts.review_months <= 60:
        raise RuleBroken(_("Between 1 and 60 months."), field="review_months")
    if facts.phase_number not in (1, 2, 3):
        raise RuleBroken(_("Choose a phase from 1 to 3."), field="phase_number")
    if facts.owner is not None and facts.owner.project_id != project.pk:
        raise Party.DoesNotExist
    return {
        "title": title,
        "subject": subject,
        "kind": str(facts.kind),
        "owner": facts.owner,
        "owner_role": clean_line(facts.owner_role)[:60],
        "approver_role": clean_line(facts.approver_role)[:60],
        "classification": str(facts.classification),
        "review_months": facts.review_months,
        "phase_number": facts.phase_number,
        "obligation": str(facts.obligation),
        "clauses_2011": list(facts.clauses_2011),
        "clauses_2018": list(facts.clauses_2018),
        "refs": list(checked_refs(project, facts.refs)),
    }
