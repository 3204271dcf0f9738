"""What the commands on assessments share."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from accounts.models import User
from gapanalysis.models import Assessment
from gapanalysis.selectors import assessment_of, assessments_of
from projects.commands import project_of


def add_assessment_arguments(parser: ArgumentParser) -> None:
    """Give a command the project and the assessment."""
    parser.add_argument("slug", help="Short name of the project, as in its address.")
    parser.add_argument("key", help="Short key of the assessment, as on its page.")


def assessment_for(acting_user: User | None, slug: str, key: str) -> Assessment:
    """The assessment that a command names, of a project that `acting_user` can see. Raises CommandError."""
    project = project_of(slug, acting_user)
    assessment = assessment_of(project, key)
    if assessment is None:
        known = ", ".join(assessments_of(project).values_list("key", flat=True)) or "none"
        raise CommandError(f"{slug} has no assessment {key!r}; it has: {known}")
    assessment.project = project
    return assessment
