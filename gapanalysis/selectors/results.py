"""What assessments say, rolled up: clause, chapter and the whole of an edition, component, ladder, readiness.

Four queries (five the first time in a process), whatever the number of questions and assessments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from gapanalysis.choices import AssessmentState, Instrument
from gapanalysis.domain.answers import GAPS, Value
from gapanalysis.domain.gaps import Gap, by_weight
from gapanalysis.domain.history import Change, Look, Word, change_between, unchanged_since, words_of
from gapanalysis.domain.ladder import Rung
from gapanalysis.domain.rollup import Tally, roll_up, tally
from gapanalysis.models import Answer, Assessment
from gapanalysis.selectors import assessments_of
from gapanalysis.selectors.instrument import QuestionText, texts_of_questions
from gapanalysis.selectors.targets import Targets, targets_of
from phases.models import ProjectActivity
from projects.models import Project

Rungs = tuple[Rung, ...]


@dataclass(frozen=True)
class Column:
    """One assessment, and what stands after it: its own answers and, for what it did not ask, the last locked ones.

    Requirements are those of one edition. `place` is its place among all assessments of the project.
    """

    place: int
    assessment: Assessment
    questions: Mapping[str, QuestionText]
    edition: str
    words: Mapping[str, Word[Value]]
    ladders: Mapping[str, Word[Rungs]]
    ratings: Mapping[str, Word[int]]

    @cached_property
    def values(self) -> dict[str, Value]:
        """What stands for each requirement question, by ref."""
        return {ref: word.said or Value.UNANSWERED for ref, word in self.words.items()}

    @cached_property
    def whole(self) -> Tally:
        """All requirement questions of the edition."""
        return tally(self.values.values())

    @cached_property
    def clauses(self) -> dict[str, Tally]:
        """The tally of each clause and of all that hold it."""
        return roll_up(self.values, {ref: self.questions[ref].groups[self.edition] for ref in self.values})

    @cached_property
    def components(self) -> dict[str, Tally]:
        """The tally of each component."""
        return roll_up(self.values, {ref: self.questions[ref].components for ref in self.values})

    @cached_property
    def own(self) -> Tally:
        """What the assessment asked itself."""
        return tally(self.values[ref] for ref, word in self.words.items() if word.is_asked)

    @cached_property
    def waiting(self) -> Tally:
        """Earlier answers that do not count, because the question was asked again and nobody has looked at it."""
        return tally(word.waiting for word in self.words.values() if word.waiting is not None)

    @property
    def standing(self) -> int:
        """How many answers stand from earlier assessments, because this one did not ask."""
        return sum(not word.is_asked and word.said is not None for word in self.words.values())


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap, its question, what became of it, and the place of the assessment that first said so."""

    gap: Gap
    question: QuestionText
    change: Change | None
    since: int


@dataclass(frozen=True)
class Results:
    """What the assessments of a project say, in the order of time. `columns` are all of them, or those picked."""

    project: Project
    edition: str
    questions: Mapping[str, QuestionText]
    columns: tuple[Column, ...]
    everything: tuple[Column, ...]
    key_activities: frozenset[str]
    targets: Targets

    @property
    def now(self) -> Column:
        """The latest of the assessments shown."""
        return self.columns[-1]

    def column(self, key: str) -> Column | None:
        """The column of an assessment."""
        return next((each for each in self.everything if each.assessment.key == key), None)

    @property
    def has_clause_targets(self) -> bool:
        """Whether there is a target for a clause of this edition. They are set for clauses of 2018 only."""
        return self.edition == "2018" and bool(self.targets.clauses)

    def target_of_clause(self, clause: str) -> int | None:
        """What share is to conform, in percent: the clause's own target, else that of the nearest that holds it."""
        return self.targets.for_clause(clause) if self.edition == "2018" else None

    def target_of_process(self, title: str) -> int | None:
        """What level a process is to reach."""
        return self.targets.for_process(title)

    def target_of_component(self, code: str, column: Column) -> int | None:
        """The mean of the targets of its questions' clauses, rounded down; None where one of them has no target."""
        wanted = []
        for ref in column.words:
            question = self.questions[ref]
            if code in question.components:
                of_clauses = [self.target_of_clause(clause) for clause in question.clauses[self.edition]]
                known = [target for target in of_clauses if target is not None]
                if len(known) < len(of_clauses):
                    return None
                wanted.append(max(known))
        return sum(wanted) // len(wanted) if wanted else None

    def changes(self, before: Column, now: Column) -> dict[str, Change]:
        """What became of each question of `now` since `before`."""
        return {ref: change_between(before.words.get(ref), word) for ref, word in now.words.items()}

    def said_in(self, column: Column, ref: str) -> Assessment:
        """The assessment that said what stands for a question in `column`, or that asked it."""
        return self.everything[column.words[ref].said_in].assessment

    def history(self, ref: str, until: Column) -> list[Word[Value] | None]:
        """What stood for a question after each assessment up to `until`."""
        return [each.words.get(ref) for each in self.everything if each.place <= until.place]

    def gaps(self, now: Column, before: Column | None) -> list[GapLine]:
        """The gaps that stand after `now`, the heaviest first."""
        changes = self.changes(before, now) if before is not None else {}
        gaps = [
            Gap(
                ref,
                value,
                place=self.questions[ref].position,
                activities=len(self.questions[ref].activities),
                is_key=any(activity in self.key_activities for activity in self.questions[ref].activities),
                is_worse=changes.get(ref) == Change.WORSE,
            )
            for ref, value in now.values.items()
            if value in GAPS
        ]
        found = []
        for gap in by_weight(gaps):
            since = unchanged_since(self.history(gap.ref, now))
            found.append(
                GapLine(gap, self.questions[gap.ref], changes.get(gap.ref), now.place if since is None else since)
            )
        return found


def results_of(
    project: Project, *, edition: str, until: Assessment | None = None, keys: Iterable[str] | None = None
) -> Results | None:
    """What the assessments of `project` say of one edition; None where there is none to speak of.

    With `until`, nothing later is looked at. With `keys`, only those are shown, but what stands after each of them
    still comes from all before it. Drafts are left out, except `until` itself.
    """
    chain = [
        each
        for each in assessments_of(project)
        if (each.state != AssessmentState.DRAFT or each == until)
        and (until is None or (each.created_at, each.pk) <= (until.created_at, until.pk))
    ]
    if not chain:
        return None
    questions = texts_of_questions({each.questionnaire_id: each.questionnaire for each in chain}.values())
    looks = _looks(chain)
    columns = tuple(
        Column(
            place,
            assessment,
            questions,
            edition,
            {ref: word for ref, word in words.items() if questions[ref].clauses[edition]},
            ladders,
            ratings,
        )
        for place, (assessment, words, ladders, ratings) in enumerate(
            zip(chain, words_of(looks[0]), words_of(looks[1]), words_of(looks[2]), strict=True)
        )
    )
    wanted = None if keys is None else set(keys)
    shown = tuple(each for each in columns if wanted is None or each.assessment.key in wanted)
    if not shown:
        return None
    return Results(
        project=project,
        edition=edition,
        questions=questions,
        columns=shown,
        everything=columns,
        key_activities=frozenset(
            ProjectActivity.objects.filter(project=project, is_key=True).values_list("ref", flat=True)
        ),
        targets=targets_of(project),
    )


def _looks(chain: list[Assessment]) -> tuple[list[Look[Value]], list[Look[Rungs]], list[Look[int]]]:
    """What each assessment asked and heard: of requirements, ladders, readiness. One query."""
    values: dict[int, dict[str, Value | None]] = {each.pk: {} for each in chain}
    rungs: dict[int, dict[str, Rungs | None]] = {each.pk: {} for each in chain}
    ratings: dict[int, dict[str, int | None]] = {each.pk: {} for each in chain}
    rows = (
        Answer.objects.filter(assessment__in=[each.pk for each in chain])
        .exclude(question__instrument=Instrument.SURVEY)
        .values_list(
            "assessment_id", "question__ref", "question__instrument", "value", "rungs", "rating", "answered_at"
        )
    )
    for assessment, ref, instrument, value, ticked, rating, answered_at in rows.iterator(chunk_size=2000):
        if instrument == Instrument.REQUIREMENT:
            values[assessment][ref] = None if value == Value.UNANSWERED else Value(value)
        elif instrument == Instrument.LADDER:
            rungs[assessment][ref] = None if answered_at is None else tuple(Rung(rung) for rung in ticked)
        else:
            ratings[assessment][ref] = rating
    return (
        [Look(values[each.pk], each.locked_at) for each in chain],
        [Look(rungs[each.pk], each.locked_at) for each in chain],
        [Look(ratings[each.pk], each.locked_at) for each in chain],
    )
