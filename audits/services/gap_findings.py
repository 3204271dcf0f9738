"""Taking gaps of a locked assessment over into the register of findings, in one act."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import FindingSource
from audits.models import AuditFinding
from audits.selectors.gap_findings import chosen, gaps_of
from audits.services.findings import FindingFacts, raise_finding
from common import clock
from common.exceptions import RuleBroken
from gapanalysis.models import Assessment
from projects.models import Party, Project
from projects.services.guards import require_capability


@transaction.atomic
def take_over_gaps(
    *, acting_user: User | None, project: Project, assessment: Assessment, refs: Sequence[str]
) -> list[AuditFinding]:
    """Make findings of the gaps that `refs` (of questions) name; those that are findings already stay what they are.

    Their evidence comes with them only where it is linked by hand. One trail event a finding. Raises NotPermitted,
    RuleBroken for an assessment that is not locked or when nothing is left to take over.
    """
    require_capability(acting_user, "audits.manage", project)
    if assessment.project_id != project.pk:
        raise Assessment.DoesNotExist
    if not assessment.is_locked:
        raise RuleBroken(_("Only what a locked assessment says is taken over: it does not change any more."))
    taken = chosen(gaps_of(project, assessment, minor=True), refs)
    if not taken:
        raise RuleBroken(_("Choose at least one gap that is no finding yet."), field="ref")
    day = clock.day_of(assessment.locked_at, project.time_zone) if assessment.locked_at is not None else None
    return [
        raise_finding(
            acting_user=acting_user,
            project=project,
            facts=FindingFacts(
                title=gap.title,
                found=gap.found,
                grade=gap.grade,
                source=FindingSource.GAP,
                source_words=gap.words,
                clauses=gap.clauses,
                proof=gap.answer.evidence_note,
                seen_on=day,
                owner=_owner(gap.answer),
            ),
        )
        for gap in taken
    ]


def _owner(answer: object) -> Party | None:
    finding = getattr(answer, "finding", None)
    owner = finding.owner if finding is not None else None
    return owner if owner is not None and owner.is_active else None
