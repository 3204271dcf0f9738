"""What the gap analysis says of one activity: the last answer to each question it serves, and what is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from gapanalysis.choices import AnswerValue, AssessmentState, Instrument, ProposalState
from gapanalysis.models import Answer, Proposal
from phases.choices import PhaseState
from phases.models import Phase, ProjectActivity
from projects.models import Project
from projects.permissions import Access

SHOWN = 6
WORST_FIRST = (
    AnswerValue.EXCLUDED,
    AnswerValue.MAJOR,
    AnswerValue.MINOR,
    AnswerValue.NO_CASE,
    AnswerValue.CONFORMS,
)


@dataclass(frozen=True, slots=True)
class Said:
    """The last answer to a question; `said` the finding, else the note."""

    question: str
    text: str
    value: str
    assessment: str
    title: str
    said: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal that waits for a decision."""

    pk: int
    phase: int
    what: str
    assessment: str


def activity_says(project: Project, _access: Access, *, activity: ProjectActivity) -> Mapping[str, Any] | None:
    """What the locked assessments say of `activity`, the worst first; None where they say nothing. Two queries.

    An activity is named by the ref of its catalogue, and so is a part of one by that of the whole.
    """
    ref = activity.ref.partition("/")[0]
    rows = (
        Answer.objects.filter(
            project=project, assessment__state=AssessmentState.LOCKED, question__instrument=Instrument.REQUIREMENT
        )
        .exclude(value=AnswerValue.UNANSWERED)
        .annotate(served=Cast("question__activities", TextField()))
        .filter(served__contains=f'"{ref}"')
        .order_by("assessment__locked_at", "assessment_id", "question__position")
        .values_list(
            "question__ref",
            "question__text",
            "value",
            "assessment__key",
            "assessment__title",
            "finding__gap",
            "note",
            "question__activities",
        )
    )
    last = {
        row[0]: Said(*row[:5], said=row[5] or row[6])
        for row in rows
        # Databases may look for text without minding capitals.
        if ref in row[7]
    }
    if not last:
        return None
    ordered = sorted(last.values(), key=lambda each: WORST_FIRST.index(AnswerValue(each.value)))
    closed = Phase.objects.filter(project=project, state=PhaseState.CLOSED).values("number")
    waiting = Proposal.objects.filter(project=project, ref=activity.ref, state=ProposalState.OPEN)
    return {
        "said": ordered[:SHOWN],
        "more": max(0, len(ordered) - SHOWN),
        "proposed": [
            Proposed(*row)
            for row in waiting.exclude(phase_number__in=closed)
            .order_by("phase_number", "what")
            .values_list("pk", "phase_number", "what", "assessment__key")
        ],
        "slug": project.slug,
    }
