"""Gaps of the last locked assessment that may be taken over into the register of findings."""

from collections.abc import Sequence
from dataclasses import dataclass

from audits.choices import FindingSource, Grade
from audits.models import AuditFinding
from gapanalysis.choices import AnswerValue
from gapanalysis.models import Answer, Assessment
from projects.models import Project

GRADES = {AnswerValue.MAJOR: Grade.MAJOR, AnswerValue.MINOR: Grade.MINOR}


@dataclass(frozen=True, slots=True)
class GapToTake:
    """A gap: its question, what is wrong, and what it becomes. `taken` is the ref of the finding it became, or ""."""

    answer: Answer
    words: str
    title: str
    found: str
    grade: str
    clauses: tuple[str, ...]
    taken: str

    @property
    def ref(self) -> str:
        """The ref of its question."""
        return self.answer.question.ref


def last_locked(project: Project) -> Assessment | None:
    """The assessment that was locked last. One query."""
    return Assessment.objects.filter(project=project).locked().order_by("-locked_at", "-pk").first()


def gaps_of(project: Project, assessment: Assessment, *, minor: bool = False) -> list[GapToTake]:
    """The major gaps of `assessment`, with `minor` the minor ones too, in the order of its questions. Two queries."""
    values = [AnswerValue.MAJOR, AnswerValue.MINOR] if minor else [AnswerValue.MAJOR]
    rows = Answer.objects.filter(assessment=assessment, value__in=values).select_related("question", "finding__owner")
    taken = dict(
        AuditFinding.objects.filter(project=project, source=FindingSource.GAP).values_list("source_words", "ref")
    )
    found = []
    for row in rows.order_by("question__position"):
        words = said_of(assessment, row.question.ref)
        clauses = row.question.clauses_2018 if project.edition == "2018" else row.question.clauses_2011
        gap = getattr(row, "finding", None)
        text = (gap.gap if gap is not None else "") or row.note or row.question.text
        found.append(
            GapToTake(
                row,
                words,
                short(text),
                text,
                GRADES[AnswerValue(row.value)],
                tuple(clauses),
                taken.get(words, ""),
            )
        )
    return found


def said_of(assessment: Assessment, ref: str) -> str:
    """How a finding says which question of which assessment it comes from."""
    return f"{assessment.key} {ref}"


def short(text: str, most: int = 140) -> str:
    """The first sentence of `text`, cut where it is long."""
    first = text.strip().split("\n", 1)[0].split(". ", 1)[0].rstrip(".")
    return first if len(first) <= most else f"{first[: most - 1].rstrip()}…"


def chosen(gaps: Sequence[GapToTake], refs: Sequence[str]) -> list[GapToTake]:
    """Those of `gaps` that `refs` name and that are no finding yet."""
    wanted = set(refs)
    return [gap for gap in gaps if gap.ref in wanted and not gap.taken]
