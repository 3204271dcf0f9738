"""What an assessment proposes for the plan, and done work whose question shows a gap."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from common.canonical import sha256_of
from gapanalysis.choices import AnswerValue, Instrument, ProposalState
from gapanalysis.domain.answers import Value
from gapanalysis.domain.proposals import DONE, OPEN, PlanRow, Proposed, moved_due, proposals_for, settled
from gapanalysis.domain.proposals import Proposal as Found
from gapanalysis.models import Answer, Assessment, Finding, Proposal
from gapanalysis.selectors import latest_answers
from phases.choices import PhaseState
from phases.models import Phase, PhaseActivity
from phases.selectors.catalogue import CatalogueTexts, texts_for
from projects.models import Project

PLANNED = (1, 2, 3)
"""The phases that proposals reach: initiation is over by then, and what goes on in phase 4 has a rhythm."""
GAPS = (AnswerValue.MINOR, AnswerValue.MAJOR, AnswerValue.EXCLUDED)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a proposal fits the plan as it stands. `obstacle` says why it cannot be accepted ("" where it can), and
    `is_overtaken` that the plan went past it; else a person does it by hand. `due_after` is the date that it sets."""

    obstacle: str = ""
    due_after: date | None = None
    is_overtaken: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal with its row as it stands."""

    proposal: Proposal
    row: PhaseActivity | None
    title: str
    component: str
    fit: Fit

    @property
    def obstacle(self) -> str:
        """Why it cannot be accepted as the plan stands."""
        return self.fit.obstacle

    @property
    def due_after(self) -> date | None:
        """The due date that it would set."""
        return self.fit.due_after

    @property
    def token(self) -> str:
        """How a form names the proposal, and what of the plan was seen with it."""
        return f"{self.proposal.pk}:{self.row.version if self.row else 0}"

    @property
    def finding(self) -> Finding | None:
        """What is wrong, where somebody wrote it down."""
        return getattr(self.proposal.answer, "finding", None)

    @property
    def said(self) -> str:
        """The reason in words: the finding, else the note on the answer."""
        return self.finding.gap if self.finding is not None else self.proposal.answer.note


@dataclass(frozen=True, slots=True)
class Late:
    """A done row whose question shows a gap. `is_proposed` where reopening it waits for a decision."""

    row: PhaseActivity
    title: str
    component: str
    answer: Answer
    is_proposed: bool

    @property
    def said(self) -> str:
        """What is wrong."""
        finding = getattr(self.answer, "finding", None)
        return finding.gap if finding is not None else self.answer.note


Row = TypeVar("Row", Line, Late)


@dataclass(slots=True)
class Group(Generic[Row]):
    """The lines of one component."""

    key: str
    title: str
    lines: list[Row]


def fit_of(what: str, row: PhaseActivity | None, phase: Phase | None) -> Fit:
    """How `what` fits `row` of `phase` as they stand. No query."""
    if row is None:
        return Fit(_("The plan no longer has this row."), is_overtaken=True)
    if phase is not None and phase.state == PhaseState.CLOSED:
        said = _("Phase %(number)d is closed; its rows stay as they were.") % {"number": phase.number}
        return Fit(said, is_overtaken=True)
    kind = Proposed(what)
    overtaken = ""
    if kind == Proposed.REOPEN:
        overtaken = "" if row.status in DONE else _("It is not done any more.")
    elif kind == Proposed.KEY:
        overtaken = _("It is a key activity already.") if row.activity.is_key else ""
    elif row.status not in OPEN:
        overtaken = _("It is %(status)s by now.") % {"status": str(row.get_status_display()).lower()}
    elif kind == Proposed.IMPROVE_ONLY:
        overtaken = _("It is set to improve only already.") if row.is_improve_only else ""
    if overtaken:
        return Fit(overtaken, is_overtaken=True)
    if kind not in (Proposed.MORE_TIME, Proposed.START_EARLIER):
        return Fit()
    after = moved_due(kind, row.due, phase.start if phase else None, phase.end if phase else None)
    if after is not None:
        return Fit(due_after=after)
    if row.due is None:
        return Fit(_("It has no due date to move. Set one by hand."))
    if kind == Proposed.MORE_TIME:
        return Fit(_("It is due at the end of its phase. Move that end, or let the row be carried over."))
    return Fit(_("It is due at the beginning of its phase. Move it into an earlier phase."))


def rows_in_plan(project: Project, refs: Collection[str] | None = None) -> list[PhaseActivity]:
    """The rows of phases 1 to 3, by place in the catalogue and phase; with `refs` those of these alone. One query."""
    rows = PhaseActivity.objects.filter(project=project, phase_number__in=PLANNED)
    if refs is not None:
        rows = rows.filter(activity__ref__in=refs)
    return list(
        rows.select_related("activity", "activity__catalogue_activity", "done_by").order_by(
            "activity__position", "activity__ref", "phase_number"
        )
    )


def asked_for(row: PhaseActivity) -> str:
    """The ref by which questions name the activity of `row`: that of the catalogue, for parts too."""
    source = row.activity.catalogue_activity
    return source.ref if source is not None else row.activity.ref


def proposals_from(assessment: Assessment) -> list[tuple[Found, Answer]]:
    """What the answers of `assessment` propose for the plan as it stands, with the answer that gives the reason.

    The current phase is the first of 1 to 3 that is not closed: a baseline made in phase 0 looks at phase 1. Of each
    question only the last word of all locked assessments counts, so an earlier one proposes less. Four queries.
    """
    states = dict(Phase.objects.filter(project=assessment.project_id).values_list("number", "state"))
    open_phases = [number for number in PLANNED if states.get(number) != PhaseState.CLOSED]
    if not open_phases:
        return []
    plan: dict[str, list[PlanRow]] = defaultdict(list)
    refs: dict[str, set[str]] = defaultdict(set)
    for row in rows_in_plan(assessment.project):
        activity = row.activity
        refs[asked_for(row)].add(activity.ref)
        plan[activity.ref].append(
            PlanRow(
                ref=activity.ref,
                phase=row.phase_number,
                status=row.status,
                nature=activity.nature,
                is_key=activity.is_key,
                is_improve_only=row.is_improve_only,
                is_closed=row.phase_number not in open_phases,
            )
        )
    answers = {
        answer.question.ref: answer
        for answer in Answer.objects.filter(assessment=assessment, question__instrument=Instrument.REQUIREMENT)
        .select_related("question")
        .order_by("question__position")
    }
    # What another locked assessment said later counts there; what it said earlier stands where this one is silent.
    last = {
        name: answer
        for name, answer in latest_answers(assessment.project).items()
        if answer.question.instrument == Instrument.REQUIREMENT
    }
    said: dict[str, list[Value]] = defaultdict(list)
    found: list[Found] = []
    for name, answer in (answers | last).items():
        value = Value(answer.value)
        reached = [ref for asked in answer.question.activities for ref in sorted(refs.get(asked, ()))]
        for ref in reached:
            said[ref].append(value)
        if answer.assessment_id != assessment.pk:
            continue
        found += proposals_for(
            question=name,
            value=value,
            activities=reached,
            rows=[row for ref in reached for row in plan[ref]],
            current_phase=open_phases[0],
        )
    found.sort(key=lambda each: answers[each.question].question.position)
    return [(each, answers[each.question]) for each in settled(found, said)]


def lines_of(assessment: Assessment, proposals: Iterable[Proposal] | None = None) -> list[Line]:
    """All proposals of `assessment` (or those given) with their rows, in the order of the catalogue. Three queries."""
    if proposals is None:
        proposals = assessment.proposals.select_related("answer__question", "answer__finding", "decided_by")
    held = list(proposals)
    texts = texts_for(assessment.project)
    rows = {
        (row.activity.ref, row.phase_number): row
        for row in rows_in_plan(assessment.project, {each.ref for each in held})
    }
    phases = {phase.number: phase for phase in Phase.objects.filter(project=assessment.project_id)}
    lines = []
    for each in held:
        row = rows.get((each.ref, each.phase_number))
        fit = fit_of(each.what, row, phases.get(each.phase_number))
        lines.append(Line(each, row, _title(texts, each.ref, row), _component(texts, each.ref, row), fit))
    order = list(Proposed)
    return sorted(
        lines,
        key=lambda line: (
            line.row.activity.position if line.row else 0,
            line.proposal.ref,
            line.proposal.phase_number,
            order.index(Proposed(line.proposal.what)),
        ),
    )


def done_with_gap(assessment: Assessment) -> list[Late]:
    """The done rows, closed phases too, whose question shows a gap in `assessment`; the worst answer to each.

    A question to which another locked assessment has a later word is left out. Four queries.
    """
    last = latest_answers(assessment.project)
    gaps: dict[str, Answer] = {}
    worst = (AnswerValue.EXCLUDED, AnswerValue.MAJOR, AnswerValue.MINOR)
    answers = Answer.objects.filter(assessment=assessment, value__in=GAPS).select_related("question", "finding")
    for answer in answers.order_by("question__position"):
        word = last.get(answer.question.ref)
        if word is not None and word.assessment_id != assessment.pk:
            continue
        for ref in answer.question.activities:
            standing = gaps.get(ref)
            if standing is None or worst.index(AnswerValue(answer.value)) < worst.index(AnswerValue(standing.value)):
                gaps[ref] = answer
    waiting = set(
        Proposal.objects.filter(
            assessment=assessment, state=ProposalState.OPEN, what=Proposed.REOPEN.value
        ).values_list("ref", "phase_number")
    )
    texts = texts_for(assessment.project)
    return [
        Late(
            row,
            _title(texts, row.activity.ref, row),
            row.activity.component,
            gaps[asked_for(row)],
            (row.activity.ref, row.phase_number) in waiting,
        )
        for row in rows_in_plan(assessment.project)
        if row.status in DONE and asked_for(row) in gaps
    ]


def grouped(project: Project, lines: Sequence[Row]) -> list[Group[Row]]:
    """`lines` by component, in the order of the catalogue."""
    texts = texts_for(project)
    groups: dict[str, Group[Row]] = {}
    for line in lines:
        if line.component not in groups:
            component = texts.components.get(line.component)
            title = component.title if component is not None else line.component
            groups[line.component] = Group(line.component, title, [])
        groups[line.component].lines.append(line)
    numbers = {code: component.number for code, component in texts.components.items()}
    return [groups[code] for code in sorted(groups, key=lambda code: (numbers.get(code, 10_000), code))]


def digest_of(lines: Iterable[Line]) -> str:
    """What was seen, in short: another digest says that proposals or their rows have changed since."""
    return sha256_of([line.token for line in lines])[:16]


def counts_of(lines: Iterable[Line]) -> Mapping[str, int]:
    """How many lines propose what."""
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.proposal.what] = counts.get(line.proposal.what, 0) + 1
    return counts


def _title(texts: CatalogueTexts, ref: str, row: PhaseActivity | None) -> str:
    text = texts.text_of(ref)
    return (row.activity.title if row is not None else "") or (text.title if text else ref)


def _component(texts: CatalogueTexts, ref: str, row: PhaseActivity | None) -> str:
    text = texts.text_of(ref)
    return row.activity.component if row is not None else (text.component if text else "")
