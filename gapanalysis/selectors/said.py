"""The words behind an answer: note, evidence, finding, who said it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q

from evidence.selectors import seen_by
from gapanalysis.models import Answer, AnswerEvidence
from gapanalysis.selectors.results import Column, Results
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class SaidText:
    """What somebody wrote with an answer. Empty texts where nobody wrote any; `owner` sees to the gap.

    `items` are the keys of the evidence on it, of what the reader may see.
    """

    note: str = ""
    evidence: str = ""
    gap: str = ""
    impact: str = ""
    recommendation: str = ""
    owner: str = ""
    by: str = ""
    items: str = ""

    @property
    def first(self) -> str:
        """The finding, or the note where there is none."""
        return self.gap or self.note


def texts_behind(
    found: Results, column: Column, refs: Collection[str], access: Access | None = None
) -> dict[str, SaidText]:
    """The words behind what stands for `refs` in `column`, each from the assessment that said it. One query.

    With `access`, one more for the evidence on those answers.
    """
    wanted: dict[int, set[str]] = {}
    for ref in refs:
        wanted.setdefault(found.said_in(column, ref).pk, set()).add(ref)
    if not wanted:
        return {}
    texts = _read(found.project, wanted)
    if access is not None:
        for ref, items in _items(found.project, wanted, access).items():
            texts[ref] = replace(texts.get(ref, SaidText()), items=" ".join(items))
    return texts


def _items(project: Project, wanted: Mapping[int, Collection[str]], access: Access) -> dict[str, list[str]]:
    asked = Q()
    for assessment, refs in wanted.items():
        asked |= Q(answer__assessment=assessment, answer__question__ref__in=refs)
    links = AnswerEvidence.objects.filter(asked, project=project, item__in=seen_by(project, access))
    found: dict[str, list[str]] = {}
    for ref, key in links.order_by("item__key").values_list("answer__question__ref", "item__key"):
        found.setdefault(ref, []).append(key)
    return found


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
