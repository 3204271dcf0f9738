"""What a version is once it is sent: its words with every place filled, what is said about it, and the hash of both."""

from collections.abc import Sequence

from accounts.models import User
from common import clock
from common.canonical import sha256_of
from documents.domain.fill import Mark, marks_in
from documents.domain.numbers import month_after
from documents.models import Document, DocumentVersion
from documents.selectors.values import known_for


def frozen_facts(document: Document) -> dict[str, object]:
    """What is said about a document, as it goes into a version."""
    return {
        "number": document.number,
        "title": document.full_title,
        "kind": document.kind,
        "organization": document.project.organization.name,
        "project": document.project.name,
        "owner": str(document.owner or document.owner_role),
        "classification": document.classification,
        "review_months": document.review_months,
        "clauses_2011": document.clauses_2011,
        "clauses_2018": document.clauses_2018,
        "refs": document.refs,
        "edition": document.project.edition,
    }


def frozen(version: DocumentVersion, approvers: Sequence[User]) -> tuple[dict[str, object], Sequence[Mark]]:
    """The fields that freeze `version` under its number, and what is still missing in its words."""
    known = known_for(version, approvers=[str(each) for each in approvers])
    filled = known.filled(version.body)
    facts = frozen_facts(version.document)
    if any(mark.name == "next_review" for mark in marks_in(version.body)):
        # The day that the words name, by which the register counts too.
        review_on = month_after(clock.today(version.document.project.time_zone), version.document.review_months)
        facts["review_on"] = review_on.isoformat()
    if known.charts:
        # Pictures are part of what a version says: kept as they were, and hashed with the rest.
        facts["charts"] = dict(known.charts)
    values = {key: value for key, value in {**known.values, **known.answers}.items() if value}
    file_sha256 = version.file.revision.sha256 if version.file is not None and version.file.revision else ""
    if file_sha256:
        # The item may get newer revisions; what was decided about is this one.
        facts["file"] = file_sha256
    return {
        "text": filled.text,
        "values": values,
        "facts": facts,
        "sha256": version_sha256(
            number=str(version.number),
            text=filled.text,
            facts=facts,
            template=version.template_sha256,
            file=file_sha256,
        ),
    }, filled.missing


def version_sha256(*, number: str, text: str, facts: object, template: str, file: str) -> str:
    """The hash of a version: over its number, its words or file, what is said about it, and its template."""
    return sha256_of({"version": number, "text": text, "facts": facts, "template": template, "file": file})
