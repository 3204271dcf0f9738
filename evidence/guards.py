"""A project may ask that nothing is verified without evidence."""

from django.db.models import Q
from django.utils.translation import gettext as _

from evidence.choices import ItemState, ProofNeeded
from evidence.models import ActivityEvidence, EvidenceRules
from phases.choices import Status
from phases.guards import TransitionGuard, register_transition_guard
from phases.models import PhaseActivity
from projects.models import Project


def refuse_without_proof(project: Project, rows: list[PhaseActivity], after: str) -> dict[int, str]:
    """A sentence for each row that would be verified without evidence where the project asks for some. Two queries."""
    if after != Status.VERIFIED:
        return {}
    needed = EvidenceRules.objects.filter(project=project).values_list("proof_needed", flat=True).first()
    if needed in (None, ProofNeeded.NONE):
        return {}
    asked = [row for row in rows if needed == ProofNeeded.ALL or row.activity.is_key]
    if not asked:
        return {}
    shown = set(
        ActivityEvidence.objects.filter(
            Q(phase_number__isnull=True) | Q(phase_number__in={row.phase_number for row in asked}),
            project=project,
            activity__in={row.activity_id for row in asked},
            item__state=ItemState.CURRENT,
        ).values_list("activity_id", "phase_number")
    )
    return {
        row.pk: _("%(ref)s has no evidence yet, and this project verifies nothing without.") % {"ref": row.activity.ref}
        for row in asked
        if (row.activity_id, None) not in shown and (row.activity_id, row.phase_number) not in shown
    }


def register() -> None:
    """Let the guard have its say."""
    register_transition_guard("evidence", TransitionGuard(refuse_without_proof))
