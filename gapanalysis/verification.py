"""Locked assessments still say what they said."""

from collections.abc import Iterator

from gapanalysis.models import Assessment
from gapanalysis.selectors import content_sha256


def check_locked(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each locked assessment whose content is no longer what was locked."""
    for assessment in Assessment.objects.locked().select_related("questionnaire", "project"):
        if content_sha256(assessment) != assessment.frozen_sha256:
            yield f"{assessment.key} of {assessment.project.slug} was changed after it was locked"
