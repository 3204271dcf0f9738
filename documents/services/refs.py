"""The activities that a document serves."""

from collections.abc import Sequence

from evidence.services.links import activities_of
from phases.models import ProjectActivity
from projects.models import Project


def checked_refs(project: Project, refs: Sequence[str], *, lenient: bool = False) -> list[str]:
    """`refs`, each once. One that the plan does not have raises RuleBroken, or is left out where `lenient`."""
    wanted = list(dict.fromkeys(refs))
    if not lenient:
        return list(activities_of(project, wanted))
    there = set(ProjectActivity.objects.filter(project=project, ref__in=wanted).values_list("ref", flat=True))
    return [ref for ref in wanted if ref in there]
