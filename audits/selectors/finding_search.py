"""Findings in the search of a project."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy

from audits.models import AuditFinding
from common.highlight import contains_all, excerpt, marked
from phases.registries import SearchHit, SearchPart
from phases.selectors.search import stands_in
from projects.models import Project
from projects.permissions import Access


def find_findings(project: Project, _access: Access, words: Sequence[str], most: int) -> list[SearchHit]:
    """Findings that hold all `words`. One query."""
    found = AuditFinding.objects.filter(project=project)
    for word in words:
        found = found.filter(stands_in(("ref", "title", "found", "proof", "correction", "cause"), word))
    return [
        SearchHit(
            ref=row.ref,
            title=marked(row.title, words),
            url=reverse("finding", args=[project.slug, row.ref]),
            found=None
            if contains_all(f"{row.ref} {row.title}", words)
            else excerpt(" ".join((row.found, row.proof, row.correction, row.cause)), words),
            note=f"{row.get_grade_display()}, {row.get_state_display()}",
        )
        for row in found.order_by("-pk")[:most]
    ]


FINDINGS = SearchPart(gettext_lazy("Findings"), "findings.view", find_findings)
