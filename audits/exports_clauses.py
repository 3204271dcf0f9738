"""The clause view as tables: a line a clause, or a line for each thing that hangs on one."""

from collections.abc import Iterator, Sequence
from typing import Any

from audits import clause_words
from audits.selectors.clause_chain import Chains, ClauseChain
from evidence.domain.records import MonthState
from evidence.selectors import seen_by
from projects.models import Project
from projects.permissions import Access

CLAUSE_COLUMNS = (
    "clause",
    "title",
    "gaps_with_all_below",
    "activities",
    "documents",
    "answers",
    "evidence",
    "records",
    "gaps",
)
CHAIN_COLUMNS = ("clause", "clause_title", "kind", "ref", "title", "state", "who", "date", "note")


def clause_table(chains: Chains, phase: int, *, only_gaps: bool) -> Iterator[list[Any]]:
    """Each clause with the steps of its chain in words."""
    for number, chain in chains.of.items():
        count = chains.gap_counts[number]
        if only_gaps and not count:
            continue
        cells = clause_words.cells_of([chain], phase) if not chain.is_empty else ()
        said = [cell.words + (f" ({cell.small})" if cell.small else "") for cell in cells] or [""] * 5
        yield [number, chain.title, count, *said, "; ".join(clause_words.gap_words(chain))]


def chain_table(project: Project, access: Access, chains: Sequence[ClauseChain]) -> Iterator[list[Any]]:
    """Each thing on `chains`: gaps first, then activities by phase, documents, answers, evidence, months of records."""
    ids = frozenset[int]().union(*(chain.items for chain in chains))
    items = {item.pk: item for item in seen_by(project, access).filter(pk__in=ids).select_related("owner", "revision")}
    for chain in chains:
        at = [chain.number, chain.title]
        for words in clause_words.gap_words(chain):
            yield [*at, "gap", "", words, "", "", "", ""]
        for each in chain.activities:
            for stand in each.phases:
                note = f"phase {stand.number}"
                yield [*at, "activity", each.ref, each.title, stand.status, stand.accountable, stand.due, note]
        for row in chain.documents:
            state = clause_words.document_words(row)
            yield [*at, "document", row.number, row.title, state, row.owner_words, None, _obligation(row.is_required)]
        for answer in chain.answers:
            for key, title, value in answer.history:
                yield [
                    *at,
                    "answer",
                    answer.question.ref,
                    answer.question.text,
                    value or "open",
                    "",
                    None,
                    title or key,
                ]
        for pk in sorted(chain.items & items.keys()):
            item = items[pk]
            revision = f"revision {item.revision.number}" if item.revision is not None else ""
            who = str(item.owner or "")
            yield [*at, "evidence", item.key, item.title, item.state, who, item.collected_on, revision]
        for each in chain.activities:
            if each.strip is not None:
                for month, state in each.strip.months:
                    yield [*at, "record", each.ref, each.title, _month(state), "", month, f"{month:%Y-%m}"]


def _obligation(is_required: bool) -> str:
    return "required" if is_required else "good practice"


def _month(state: MonthState) -> str:
    return {MonthState.COVERED: "shown", MonthState.MISSING: "missing", MonthState.OPEN: "nothing yet"}[state]
