"""Finding what the address of a question names."""

from django.http import Http404
from django.urls import reverse

from gapanalysis.models import Answer, Assessment
from gapanalysis.selectors import assessment_of
from gapanalysis.selectors.answering import question_of
from projects.models import Project


def assessment_or_404(project: Project, key: str) -> Assessment:
    """The assessment that an address names."""
    found = assessment_of(project, key)
    if found is None:
        raise Http404
    return found


def answer_or_404(project: Project, key: str, ref: str) -> Answer:
    """The row of one question of an assessment."""
    found = question_of(assessment_or_404(project, key), ref)
    if found is None:
        raise Http404
    return found


def address(project: Project, answer: Answer, ref: str = "") -> str:
    """The page of a question, or of another one of the same assessment."""
    return reverse("gap_answer", args=[project.slug, answer.assessment.key, ref or answer.question.ref])
