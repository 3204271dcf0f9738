"""The register of a pack: workbook with one sheet for each kind of thing that is in it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from audits.domain.pack_state import PackState
from audits.pack_plan import Plan
from audits.pack_zip import Written
from common.workbook_fixed import fixed_workbook
from common.workbook_out import Sheet

EVIDENCE = (
    "key", "revision", "title", "shows", "file", "sha256", "bytes", "kind", "state", "classification", "collected_on",
    "covers_from", "covers_until", "valid_until", "owner", "added_by", "added_at", "activities", "clauses", "documents",
    "answers",
)  # fmt: skip
DOCUMENTS = (
    "number", "version", "title", "file", "sha256", "in_force_from", "classification", "owner", "approved_by",
    "approved_at", "clauses", "activities",
)  # fmt: skip
ACTIVITIES = ("ref", "title", "component", "key", "phase", "status", "since", "due", "responsible", "clauses")
CLAUSES = ("clause", "title", "activities", "documents", "evidence", "answers", "findings", "missing")
ANSWERS = ("assessment", "locked_on", "question", "text", "answer", "note", "gap", "clauses")
FINDINGS = ("ref", "grade", "state", "title", "found", "seen_on", "owner", "clauses")
DECISIONS = ("ref", "title", "outcome", "decided_on", "words", "sha256")
LEFT_OUT = ("what", "name", "why")


def register(state: PackState, plan: Plan, written: Mapping[str, Written]) -> bytes:
    """The workbook. The same state gives the same bytes."""
    sheets = [
        Sheet("Evidence", EVIDENCE, _evidence(state, plan)),
        Sheet("Documents", DOCUMENTS, _documents(state, plan, written)),
        Sheet("Activities", ACTIVITIES, _activities(state)),
        Sheet("Clauses", CLAUSES, _clauses(state)),
        Sheet("Answers", ANSWERS, _answers(state)),
        Sheet("Findings", FINDINGS, _findings(state)),
        Sheet("Decisions", DECISIONS, _decisions(state)),
        Sheet("Left out", LEFT_OUT, ([each.what, each.name, each.why] for each in state.left_out)),
    ]
    return fixed_workbook(sheets, state.cut.at)


def _evidence(state: PackState, plan: Plan) -> Iterator[Sequence[Any]]:
    for item in state.items:
        paths = {each.revision: each.path for each in plan.of_item.get(item.key, ())}
        for revision in item.revisions:
            yield [
                item.key,
                revision.number,
                item.title,
                item.shows,
                paths.get(revision, ""),
                revision.sha256,
                revision.size,
                item.kind,
                item.state,
                item.classification,
                item.collected_on,
                item.covers_from,
                item.covers_until,
                item.valid_until,
                item.owner,
                revision.added_by,
                revision.added_at.isoformat(timespec="seconds"),
                " ".join(item.refs),
                " ".join(item.clauses),
                " ".join(item.documents),
                "; ".join(item.answers),
            ]


def _documents(state: PackState, plan: Plan, written: Mapping[str, Written]) -> Iterator[Sequence[Any]]:
    for each in state.documents:
        path = plan.of_document[each.number].path
        instants = [said.at for said in each.approvals if said.at is not None]
        yield [
            each.number,
            each.version,
            each.title,
            path,
            written[path].sha256 if path in written else "",
            each.effective_on,
            each.classification,
            each.owner,
            "; ".join(said.name for said in each.approvals),
            max(instants).isoformat(timespec="seconds") if instants else None,
            " ".join(each.clauses),
            " ".join(each.refs),
        ]


def _activities(state: PackState) -> Iterator[Sequence[Any]]:
    for each in state.activities:
        for row in each.rows:
            yield [
                each.ref,
                each.title,
                each.component,
                "yes" if each.is_key else "",
                row.phase,
                row.status,
                row.since.isoformat(timespec="seconds") if row.since is not None else None,
                row.due,
                row.party,
                " ".join(each.clauses),
            ]


def _clauses(state: PackState) -> Iterator[Sequence[Any]]:
    for each in state.clauses:
        yield [
            each.number,
            each.title,
            " ".join(each.activities),
            " ".join(each.documents),
            " ".join(each.evidence),
            "; ".join(each.answers),
            " ".join(each.findings),
            "; ".join(each.lacks),
        ]


def _answers(state: PackState) -> Iterator[Sequence[Any]]:
    for each in state.answers:
        yield [
            each.assessment,
            each.locked_on,
            each.ref,
            each.question,
            each.value,
            each.note,
            each.gap,
            " ".join(each.clauses),
        ]


def _findings(state: PackState) -> Iterator[Sequence[Any]]:
    for each in state.findings:
        yield [
            each.ref,
            each.grade,
            each.state,
            each.title,
            each.found,
            each.seen_on,
            each.owner,
            " ".join(each.clauses),
        ]


def _decisions(state: PackState) -> Iterator[Sequence[Any]]:
    for each in state.decisions:
        yield [each.ref, each.title, each.outcome, each.decided_on, each.words, each.sha256]
