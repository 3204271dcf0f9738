"""What the page of one assessment shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from gapanalysis.choices import ProposalState
from gapanalysis.models import Assessment, Finding, Proposal
from gapanalysis.selectors import sections_of
from gapanalysis.selectors.assessors import Given, given_in, without_assessor
from gapanalysis.selectors.progress import Progress, progress_by_section


@dataclass(frozen=True, slots=True)
class Line:
    """A section: how far it is, who answers it, and whether it was given to who looks."""

    section: str
    name: str
    progress: Progress
    given: Sequence[Given]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All sections and what they come to. `mine`: how far the reader's own sections are, None where they have none."""

    lines: Sequence[Line]
    whole: Progress
    mine: Progress | None
    given: Sequence[Given]
    absent: Sequence[Given]
    nobody: Sequence[str]
    findings: int
    proposals: int


def overview_of(assessment: Assessment, user: User) -> Overview:
    """The sections of `assessment` as `user` sees them. Five queries, whatever it asks."""
    sections = progress_by_section(assessment)
    given = given_in(assessment)
    own = sections_of(assessment, user)
    lines = [
        Line(
            each.section,
            each.name,
            each.progress,
            [one for one in given if one.has(each.section)],
            own is not None and (not own or each.section in own),
        )
        for each in sections
    ]
    mine = [line.progress for line in lines if line.is_mine]
    return Overview(
        lines=lines,
        whole=sum((line.progress for line in lines), Progress()),
        mine=sum(mine, Progress()) if mine else None,
        given=given,
        absent=[each for each in given if each.is_absent],
        nobody=without_assessor([line.section for line in lines], given),
        findings=Finding.objects.filter(answer__assessment=assessment).count(),
        proposals=Proposal.objects.filter(assessment=assessment, state=ProposalState.OPEN).count(),
    )
