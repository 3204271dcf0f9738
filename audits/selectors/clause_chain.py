"""From each clause of an edition to its activities, documents, answers, evidence and records, and the gaps in between.

The whole edition at once, in as many queries whatever its size; a page of one clause cuts out what it needs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from audits.domain.chain import Gap, Links, above, gaps_in, leaves, rolled_up
from common import clock
from documents.choices import DocumentKind
from documents.models import DocumentEvidence
from documents.selectors.register import RegisterRow, Standing, register_rows
from evidence.domain.records import Strip, strip_of
from evidence.models import ActivityEvidence, ClauseEvidence
from evidence.selectors import seen_by
from evidence.selectors.records import spans_of
from gapanalysis.domain.answers import Value as AnswerValue
from gapanalysis.models import AnswerEvidence
from gapanalysis.selectors.instrument import QuestionText
from gapanalysis.selectors.results import Results, results_of
from phases.choices import Nature, Status
from phases.models import PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import clause_order, clause_titles
from projects.models import Project
from projects.permissions import Access, access_to

SERVED = frozenset({Status.DONE, Status.VERIFIED})


@dataclass(frozen=True, slots=True)
class PhaseStand:
    """Where an activity stands in one phase; `late` by how many days, 0 where it is not."""

    pk: int
    number: int
    status: str
    accountable: str
    due: date | None
    late: int

    @property
    def is_served(self) -> bool:
        """Whether it is done there."""
        return self.status in SERVED


@dataclass(frozen=True, slots=True)
class ChainActivity:
    """An activity that serves a clause, with its phases that apply. `strip`: its months, where it operates."""

    pk: int
    ref: str
    title: str
    component: str
    nature: str
    phases: tuple[PhaseStand, ...]
    strip: Strip | None = None

    @property
    def operates(self) -> bool:
        """Whether it is done over and over, so that records over time are asked for."""
        return self.nature == Nature.OPERATE

    @property
    def runs(self) -> bool:
        """Whether it has begun to operate."""
        return self.strip is not None

    @property
    def is_behind(self) -> bool:
        """Whether it runs, and months are missing of those that count now."""
        return self.strip is not None and bool(self.strip.missing) and not self.strip.reaches_goal


@dataclass(frozen=True, slots=True)
class ChainAnswer:
    """A question on a clause: what stands for it (None: nobody has answered), who said so, and what each look said.

    `said_in` is the key of the assessment that said it, "" where none asked.
    """

    question: QuestionText
    value: AnswerValue | None
    said_in: str
    history: tuple[tuple[str, str, AnswerValue | None], ...]


@dataclass(frozen=True, slots=True)
class ClauseChain:
    """What hangs on one clause itself. `items` are ids of evidence: its own and those of all that hangs on it."""

    number: str
    title: str
    is_leaf: bool
    activities: tuple[ChainActivity, ...] = ()
    documents: tuple[RegisterRow, ...] = ()
    answers: tuple[ChainAnswer, ...] = ()
    items: frozenset[int] = frozenset()
    links: Links = field(default_factory=lambda: Links(is_leaf=True))
    gaps: tuple[Gap, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it is only a heading over others."""
        return not self.is_leaf and not (self.activities or self.documents or self.answers or self.items)

    @property
    def required(self) -> tuple[RegisterRow, ...]:
        """The documents that the standard asks for here."""
        return tuple(row for row in self.documents if row.is_required and row.kind != DocumentKind.RECORD)


@dataclass(frozen=True)
class Chains:
    """The chains of all clauses of an edition, in the order of the standard, as one person sees them."""

    edition: str
    of: Mapping[str, ClauseChain]
    results: Results | None

    @cached_property
    def gap_counts(self) -> dict[str, int]:
        """How many gaps each clause has, with all below it."""
        return rolled_up({number: len(chain.gaps) for number, chain in self.of.items()}, self.of)

    @property
    def gaps(self) -> int:
        """How many gaps there are in the whole edition."""
        return sum(len(chain.gaps) for chain in self.of.values())

    @cached_property
    def leaves(self) -> list[ClauseChain]:
        """The clauses that are not divided any further."""
        return [chain for chain in self.of.values() if chain.is_leaf]

    @property
    def whole(self) -> int:
        """Of how many of `leaves` the chain has no gap."""
        return sum(not chain.gaps for chain in self.leaves)

    def within(self, clause: str) -> list[ClauseChain]:
        """`clause` and all below it, without those that are only a heading."""
        return [
            chain
            for number, chain in self.of.items()
            if (number == clause or clause in above(number)) and not chain.is_empty
        ]


def gap_counts(project: Project, edition: str = "", access: Access | None = None) -> dict[str, int]:
    """How many gaps each clause of an edition (by default the project's) has, with all below it; 0 where it has none.

    Counted as somebody with `access` sees it; without one, of all there is.
    """
    return chains_of(project, access or access_to(project, None), edition or project.edition).gap_counts


def chains_of(project: Project, access: Access, edition: str) -> Chains:
    """The chains of all clauses of `edition`, as somebody with `access` sees them. As many queries whatever hangs on
    them."""
    titles = clause_titles()[edition]
    at_the_end = leaves(titles)
    parts: dict[str, _Part] = {number: _Part() for number in titles}
    clauses_of: dict[str, dict[str, tuple[str, ...]]] = {"activity": {}, "document": {}, "answer": {}, "clause": {}}

    for activity, clauses in _activities(project, access, edition):
        clauses_of["activity"][str(activity.pk)] = clauses
        for number in clauses:
            if number in parts:
                parts[number].activities.append(activity)
    for row in register_rows(project, access):
        clauses = row.clauses_2018 if edition == "2018" else row.clauses_2011
        if row.standing == Standing.ARCHIVED:
            continue
        if row.document is not None:
            clauses_of["document"][str(row.document.pk)] = clauses
        for number in clauses:
            if number in parts:
                parts[number].documents.append(row)
    results = results_of(project, edition=edition)
    for answer in _answers(results):
        clauses_of["answer"][answer.question.ref] = answer.question.clauses[edition]
        for number in answer.question.clauses[edition]:
            if number in parts:
                parts[number].answers.append(answer)
    clauses_of["clause"] = {number: (number,) for number in titles}
    for item, kind, key in _proofs(project, access, edition):
        for number in clauses_of[kind].get(key, ()):
            if number in parts:
                parts[number].items.add(item)

    chains = {
        number: _chain(number, title, number in at_the_end, parts)
        for number, title in sorted(titles.items(), key=lambda each: clause_order(each[0]))
    }
    return Chains(edition, chains, results)


@dataclass(slots=True)
class _Part:
    """What is gathered of a clause."""

    activities: list[ChainActivity] = field(default_factory=list)
    documents: list[RegisterRow] = field(default_factory=list)
    answers: list[ChainAnswer] = field(default_factory=list)
    items: set[int] = field(default_factory=set)


def _chain(number: str, title: str, is_leaf: bool, parts: Mapping[str, _Part]) -> ClauseChain:
    part = parts[number]
    holding = [parts[each] for each in above(number) if each in parts]
    chain = ClauseChain(
        number,
        title,
        is_leaf,
        tuple(part.activities),
        tuple(part.documents),
        tuple(part.answers),
        frozenset(part.items),
    )
    links = Links(
        is_leaf=is_leaf,
        activities=len(part.activities),
        above=sum(len(each.activities) for each in holding),
        documents=len(chain.required),
        documents_missing=sum(not row.is_in_force for row in chain.required),
        proofs=len(part.items),
        proofs_above=sum(len(each.items) for each in holding),
        operating=sum(each.operates for each in part.activities),
        running=sum(each.runs for each in part.activities),
        behind=sum(each.is_behind for each in part.activities),
    )
    return replace(chain, links=links, gaps=gaps_in(links))


def _activities(project: Project, access: Access, edition: str) -> Iterable[tuple[ChainActivity, tuple[str, ...]]]:
    """The activities of the plan that apply in a phase at least, with their clauses. Two queries."""
    today = clock.today(project.time_zone)
    texts = texts_for(project)
    rows: dict[int, list[PhaseActivity]] = {}
    found = (
        PhaseActivity.objects.filter(project=project)
        .exclude(status=Status.NOT_APPLICABLE)
        .select_related("activity", "accountable")
        .order_by("activity__position", "activity__ref", "phase_number")
    )
    for row in found:
        rows.setdefault(row.activity_id, []).append(row)
    since = {
        pk: min(row.operating_since for row in of if row.operating_since is not None)
        for pk, of in rows.items()
        if of[0].activity.nature == Nature.OPERATE and any(row.operating_since is not None for row in of)
    }
    spans = spans_of(project, access, since.keys())
    for pk, of in rows.items():
        activity = of[0].activity
        text = effective_text(texts, activity)
        yield (
            ChainActivity(
                pk,
                activity.ref,
                text.title,
                activity.component,
                activity.nature,
                tuple(_stand(row, today) for row in of),
                strip_of(spans.get(pk, ()), since[pk], today) if pk in since else None,
            ),
            text.clauses_2018 if edition == "2018" else text.clauses_2011,
        )


def _stand(row: PhaseActivity, today: date) -> PhaseStand:
    is_late = row.due is not None and row.due < today and row.status not in SERVED
    return PhaseStand(
        row.pk,
        row.phase_number,
        row.status,
        str(row.accountable or ""),
        row.due,
        (today - row.due).days if is_late and row.due is not None else 0,
    )


def _answers(results: Results | None) -> Iterable[ChainAnswer]:
    """What stands for each requirement question after the newest assessment, in the order of the instrument."""
    if results is None:
        return
    now = results.now
    for ref, word in sorted(now.words.items(), key=lambda each: results.questions[each[0]].position):
        history = tuple(
            (column.assessment.key, column.assessment.title, column.words[ref].said)
            for column in results.everything
            if ref in column.words and column.words[ref].is_asked
        )
        said_in = results.said_in(now, ref).key if word.said is not None else ""
        yield ChainAnswer(results.questions[ref], word.said, said_in, history)


def _proofs(project: Project, access: Access, edition: str) -> Iterable[tuple[int, str, str]]:
    """What items that count, and that this person may see, hang on: id, kind, key. One query.

    The paper of a document's version is not among them: it is the document itself, and no proof that it is lived.
    """
    seen = seen_by(project, access).current()

    def told(kind: str, key: str) -> dict[str, Cast | Value]:
        return {"kind": Value(kind, CharField()), "key": Cast(F(key), CharField())}

    columns = ("item_id", "kind", "key")
    activities = ActivityEvidence.objects.filter(project=project, item__in=seen)
    clauses = ClauseEvidence.objects.filter(project=project, item__in=seen, edition=edition)
    answers = AnswerEvidence.objects.filter(project=project, item__in=seen)
    documents = DocumentEvidence.objects.filter(project=project, item__in=seen, note="")
    return (
        activities.annotate(**told("activity", "activity_id"))
        .values_list(*columns)
        .union(
            clauses.annotate(**told("clause", "clause")).values_list(*columns),
            answers.annotate(**told("answer", "answer__question__ref")).values_list(*columns),
            documents.annotate(**told("document", "document_id")).values_list(*columns),
            all=True,
        )
    )
