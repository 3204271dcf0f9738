"""The words behind an answer: note, evidence, finding, who said it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from gapanalysis.models import Answer
from gapanalysis.selectors.results import Column, Results
from projects.models import Project


@dataclass(frozen=True, slots=True)
class SaidText:
    """What somebody wrote with an answer. Empty texts where nobody wrote any; `owner` sees to the gap."""

    note: str = ""
    evidence: str = ""
    gap: str = ""
    impact: str = ""
    recommendation: str = ""
    owner: str = ""
    by: str = ""

    @property
    def first(self) -> str:
        """The finding, or the note where there is none."""
        return self.gap or self.note


def texts_behind(found: Results, column: Column, refs: Collection[str]) -> dict[str, SaidText]:
    """The words behind what stands for `refs` in `column`, each from the assessment that said it. One query."""
    wanted: dict[int, set[str]] = {}
    for ref in refs:
        wanted.setdefault(found.said_in(column, ref).pk, set()).add(ref)
    return _read(found.project, wanted) if wanted else {}


def _read(project: Project, wanted: Mapping[int, Collection[str]]) -> dict[str, SaidText]:
    asked = Q()
    for assessment, refs in wanted.items():
        asked |= Q(assessment=assessment, question__ref__in=refs)
    rows = Answer.objects.filter(asked, project=project).values_list(
        "question__ref",
        "note",
        "evidence_note",
        "finding__gap",
        "finding__impact",
        "finding__recommendation",
        "finding__owner__name",
        "answered_by__name",
    )
    return {row[0]: SaidText(*(text or "" for text in row[1:])) for row in rows}
