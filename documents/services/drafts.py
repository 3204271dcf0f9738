"""Writing a draft, and answering what it asks."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.texts import clean_line
from documents.domain.fill import Mark, MarkKind, marks_in
from documents.models import Document, DocumentAnswer, DocumentVersion
from documents.selectors.values import SUPPLIERS, answers_for
from documents.services.begin import DocumentFacts, checked_facts, note_author
from documents.services.bodies import checked_body
from documents.services.guards import may_write, own_document, own_draft
from documents.services.telling import tell_of, tell_of_version
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import write_versioned

LONGEST_ANSWER = 2000


@transaction.atomic
def save_draft(
    *, acting_user: User | None, project: Project, key: str, version: int, body: str, autosave: bool = False
) -> DocumentVersion:
    """Keep what a draft says. `version` is what the editor was filled from.

    One trail event a person and draft in a sitting: an autosave tells the trail only where somebody writes who has not
    written in this draft before; what it says is in the trail, by hash, when it is sent. Raises as `own_draft`,
    StaleWrite with both texts, RuleBroken for a draft that is a file, DocumentRefused for a text that is too long.
    """
    draft = own_draft(acting_user, project, key)
    if draft.file_id is not None:
        raise RuleBroken(_("This draft is a PDF that is kept as it is. Take in another file, or begin to write."))
    text = checked_body(body)
    before = draft.body
    if text == before:
        # Sent twice, or somebody saved the same: what stands there is what was meant.
        return draft
    write_versioned(
        draft,
        version=version,
        values={"body": text, "saved_at": clock.now()},
        shown={_("Text"): before},
        sent={_("Text"): text},
    )
    is_new = acting_user is not None and not draft.authors.filter(user=acting_user).exists()
    note_author(acting_user, draft)
    if is_new or not autosave:
        tell_of_version(acting_user, draft, "edit", {"characters": [len(before), len(text)]})
    return draft


@transaction.atomic
def answer_questions(
    *,
    acting_user: User | None,
    project: Project,
    key: str,
    answers: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
) -> Document:
    """Keep answers to what the open draft asks, by question or by the options of a choice; "" takes one back.

    `seen` are the answers that the form was filled from. Where somebody answered otherwise meanwhile, nothing is kept.

    A question is answered once for all documents, unless the document is one of several; a choice holds in its
    document alone. One trail event where anything changed. Raises as `own_draft`, RuleBroken for what the draft does
    not ask, an option that is none, or an answer that is too long; StaleWrite with both answers by question.
    """
    draft = own_draft(acting_user, project, key)
    document = draft.document
    asked = {mark.key: mark for mark in marks_in(draft.body) if mark.kind in (MarkKind.ASK, MarkKind.CHOICE)}
    asked |= {mark.key: mark for mark in marks_in(draft.body) if mark.name == SUPPLIERS}
    _refuse_stale_answers(document, answers, seen)
    changed: dict[str, object] = {}
    for question, raw in answers.items():
        mark = asked.get(question)
        if mark is None:
            raise RuleBroken(_("The draft does not ask this (any more). Reload the page."), field=question)
        said = clean_line(raw)
        if len(said) > LONGEST_ANSWER:
            raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST_ANSWER}, field=question)
        if mark.kind == MarkKind.CHOICE and said and said not in mark.options:
            raise RuleBroken(_("Choose one of the list."), field=question)
        before = _answer(acting_user, document, mark, said)
        if before != said:
            changed[question[:80]] = [before or None, said or None]
    if changed:
        note_author(acting_user, draft)
        tell_of(acting_user, document, "answer", changed)
    return document


def _refuse_stale_answers(document: Document, answers: Mapping[str, str], seen: Mapping[str, str] | None) -> None:
    if seen is None:
        return
    there = answers_for(document)
    current = {
        question: there.get(question, "")
        for question, said in answers.items()
        if there.get(question, "") not in (clean_line(seen.get(question, "")), clean_line(said))
    }
    if current:
        raise StaleWrite(
            _("Somebody else answered this meanwhile."),
            current=current,
            sent={question: answers[question] for question in current},
        )


def _answer(acting_user: User | None, document: Document, mark: Mark, said: str) -> str:
    """Keep one answer where it belongs; what stood there before."""
    own = document if mark.kind == MarkKind.CHOICE or document.several else None
    rows = DocumentAnswer.objects.filter(project=document.project, document=own, question=mark.key)
    there = rows.first()
    before = there.answer if there is not None else ""
    if said == before:
        return before
    if not said:
        rows.delete()
    elif there is None:
        DocumentAnswer.objects.create(
            project=document.project,
            document=own,
            question=mark.key,
            answer=said,
            said_by=acting_user,
            said_at=clock.now(),
        )
    else:
        rows.update(answer=said, said_by=acting_user, said_at=clock.now())
    return before


@transaction.atomic
def change_facts(
    *, acting_user: User | None, project: Project, key: str, version: int, facts: DocumentFacts
) -> Document:
    """Change what is said about a document; what versions were frozen with stays as it was. One trail event, or none.

    Raises NotPermitted, RuleBroken, StaleWrite, Document.DoesNotExist.
    """
    document = own_document(acting_user, project, key, "documents.write")
    if not may_write(document, access_to(project, acting_user)):
        raise NotPermitted(_("Managers, its owner and who began it write this document."))
    values = checked_facts(project, facts)
    pairs = {name: [_plain(getattr(document, name)), _plain(value)] for name, value in values.items()}
    changes = {name.replace("_", " "): pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not changes and document.version == version:
        return document
    if "kind" in changes:
        raise RuleBroken(_("The kind stands in the number and stays. Begin a new document instead."), field="kind")
    write_versioned(
        document,
        version=version,
        values=values,
        shown={name: pair[0] or "" for name, pair in changes.items()},
        sent={name: pair[1] or "" for name, pair in changes.items()},
    )
    tell_of(acting_user, document, "change", changes)
    return document


def _plain(value: object) -> object:
    return str(value) if value is not None and not isinstance(value, str | int | list) else value
