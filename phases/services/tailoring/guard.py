"""A split activity does not come back while its parts do its work: no figure may count it twice."""

from django.utils.translation import gettext as _

from phases.choices import Status
from phases.guards import TransitionGuard, register_transition_guard
from phases.models import PhaseActivity
from projects.models import Project


def refuse_split(project: Project, rows: list[PhaseActivity], after: str) -> dict[int, str]:
    """Refuse rows whose parts stand in the same phase. One query, and only where something comes back."""
    back = {row.activity_id for row in rows if row.status == Status.NOT_APPLICABLE}
    if after == Status.NOT_APPLICABLE or not back:
        return {}
    parts = PhaseActivity.objects.filter(project=project, activity__part_of__in=back).values_list(
        "activity__part_of", "phase_number", "activity__ref"
    )
    taken: dict[tuple[int | None, int], list[str]] = {}
    for whole, number, ref in parts.order_by("activity__pk"):
        taken.setdefault((whole, number), []).append(ref)
    return {
        row.pk: _("It is split into %(parts)s. Join them first.") % {"parts": ", ".join(found)}
        for row in rows
        if (found := taken.get((row.activity_id, row.phase_number)))
    }


def register() -> None:
    """Let it have a say before a status changes."""
    register_transition_guard("split", TransitionGuard(refuse_split))
