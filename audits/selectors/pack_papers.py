"""The documents that were in force at a cut, of those that who asks may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from audits.domain.pack_options import PackOptions
from audits.domain.pack_state import Cut, LeftOut, PackApproval, PackDocument
from audits.selectors.pack_cut import Since
from documents.choices import Obligation, Verdict, VersionState
from documents.models import Approval, Document, DocumentEvidence, DocumentVersion
from documents.selectors import seen_by
from phases.selectors.clauses import clause_order
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class PastDocuments:
    """What was in force; `proven` gives for each item of evidence the documents that it proves, by primary key.

    `not_in_force` are required documents by clause of which nothing was in force.
    """

    in_force: Sequence[PackDocument]
    by_pk: Mapping[int, PackDocument]
    proven: Mapping[int, Sequence[int]]
    not_in_force: Mapping[str, Sequence[str]]
    left_out: Sequence[LeftOut]


def documents_at(
    project: Project, access: Access, cut: Cut, since: Since, options: PackOptions, refs: set[str]
) -> PastDocuments:
    """The documents that belong to what was asked for; `refs` are its activities. Five queries."""
    versions = _in_force(project, cut)
    approvals = _approvals(cut, versions)
    seen = set(seen_by(project, access).values_list("pk", flat=True))
    in_force, left_out, missing = [], [], {}  # type: ignore[var-annotated]  # filled below
    for row in Document.objects.filter(project=project, created_at__lte=cut.at).order_by("number"):
        version = versions.get(row.pk)
        facts = version.facts if version is not None else {}
        clauses = _clauses(row, facts, options.edition)
        if not _takes(options, row, facts, clauses, refs):
            continue
        name = str(since.then("document", row.key, "title", facts.get("title") or row.full_title))
        if version is None:
            if row.pk in seen and row.obligation == Obligation.REQUIRED:
                for clause in clauses:
                    missing.setdefault(clause, []).append(f"{row.number} {row.full_title}")
            continue
        if options.until is not None and version.effective_on is not None and version.effective_on > options.until:
            continue
        classification = str(facts.get("classification") or row.classification)
        why = ""
        if row.pk not in seen:
            why = _("It is confidential, and who asked for the pack may not see it.")
        elif not options.takes_class(classification):
            why = _("It is %(class)s, and the pack was asked for without.") % {"class": classification}
        if why:
            left_out.append(LeftOut("document", row.number, why))
            continue
        is_kept = (
            version.paper is not None and version.paper.added_at <= cut.at and version.paper.key not in since.added
        )
        in_force.append(
            PackDocument(
                pk=row.pk,
                version_pk=version.pk,
                key=row.key,
                number=row.number,
                title=name,
                version=str(version.number),
                classification=classification,
                owner=str(facts.get("owner") or row.owner_role),
                effective_on=version.effective_on,
                clauses=clauses,
                refs=tuple(str(each) for each in facts.get("refs") or row.refs),
                approvals=approvals.get(version.pk, ()),
                paper=version.paper.key if version.paper is not None and is_kept else "",
            )
        )
    return PastDocuments(in_force, {each.pk: each for each in in_force}, _proven(project, cut), missing, left_out)


def _in_force(project: Project, cut: Cut) -> dict[int, DocumentVersion]:
    """The version of each document that was in force at the cut."""
    found: dict[int, DocumentVersion] = {}
    rows = (
        DocumentVersion.objects.filter(project=project, published_at__lte=cut.at, effective_on__lte=cut.day)
        .exclude(state=VersionState.DROPPED)
        .exclude(obsolete_at__lte=cut.at)
        .select_related("paper")
        .defer("body", "text", "values")
        .order_by("pk")
    )
    for row in rows:
        found[row.document_id] = row
    return found


def _approvals(cut: Cut, versions: Mapping[int, DocumentVersion]) -> dict[int, tuple[PackApproval, ...]]:
    rounds = {each.pk: each.round for each in versions.values()}
    found: dict[int, list[PackApproval]] = {}
    rows = Approval.objects.filter(
        document_version__in=versions.values(), verdict=Verdict.APPROVE, decided_at__lte=cut.at
    )
    for row in rows.select_related("approver").order_by("pk"):
        if row.round == rounds[row.document_version_id]:
            said = PackApproval(str(row.approver), row.decided_at, row.reason, row.own_work)
            found.setdefault(row.document_version_id, []).append(said)
    return {key: tuple(each) for key, each in found.items()}


def _clauses(row: Document, facts: Mapping[str, Any], edition: str) -> tuple[str, ...]:
    said = facts.get(f"clauses_{edition}")
    found = said if said is not None else getattr(row, f"clauses_{edition}")
    return tuple(sorted({str(each) for each in found}, key=lambda each: (clause_order(each), each)))


def _takes(
    options: PackOptions, row: Document, facts: Mapping[str, Any], clauses: Sequence[str], refs: set[str]
) -> bool:
    if not options.takes_clauses(clauses) or not options.takes_phase(row.phase_number):
        return False
    return not options.components or bool(refs & {str(each) for each in facts.get("refs") or row.refs})


def _proven(project: Project, cut: Cut) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    links = DocumentEvidence.objects.filter(project=project, added_at__lte=cut.at).order_by("document__number", "pk")
    for item, document in links.values_list("item_id", "document_id"):
        found.setdefault(item, []).append(document)
    return found
