"""Leaving rows out with a justification, and bringing them back in."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import RuleBroken
from common.texts import clean_text
from phases.choices import Status
from phases.models import PhaseActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.tailoring import Warnings, rows_with_activity, tailored, warnings_for
from phases.services.reasons import check_reason
from phases.services.rows import Target, change_status
from projects.models import Project
from projects.services.guards import require_capability


class ClausesLost(RuleBroken):
    """Clauses would lose their last applicable activity, and the person has not been told of all of them."""

    def __init__(self, warnings: Warnings) -> None:
        self.warnings = warnings
        listed = ", ".join(each.clause.number for each in warnings.lost)
        super().__init__(
            _("Nothing applicable would be left for %(clauses)s. Read the warning, then confirm again.")
            % {"clauses": listed}
        )


@transaction.atomic
def leave_out(
    *, acting_user: User | None, project: Project, targets: Sequence[Target], reason: str, seen: str | None = None
) -> list[PhaseActivity]:
    """Make rows not applicable, all with one justification, all or none.

    `seen` are the clauses, separated by spaces, of which the person was warned that they lose their last applicable
    activity; None where nobody was asked. One event for each row, under one lock. Raises RuleBroken (field "reason")
    for a justification without words, ClausesLost where a clause is lost that is not in `seen`, and whatever a change
    of status raises.
    """
    require_capability(acting_user, "phases.tailor", project)
    why = check_reason(reason, field="reason")
    if seen is not None:
        rows = rows_with_activity(project)
        wanted = {target.pk for target in targets}
        leaving = [(row.activity.ref, row.phase_number) for row in rows if row.pk in wanted]
        warnings = warnings_for(project, leaving, tailored(project, texts_for(project), rows))
        if not {each.clause.number for each in warnings.lost} <= set(seen.split()):
            raise ClausesLost(warnings)
    return change_status(
        acting_user=acting_user, project=project, targets=targets, status=Status.NOT_APPLICABLE, text=why
    )


@transaction.atomic
def bring_back(
    *, acting_user: User | None, project: Project, targets: Sequence[Target], reason: str = ""
) -> list[PhaseActivity]:
    """Let rows apply again: they are not started. `reason` may stay empty. Raises what a change of status raises."""
    require_capability(acting_user, "phases.tailor", project)
    return change_status(
        acting_user=acting_user,
        project=project,
        targets=targets,
        status=Status.NOT_STARTED,
        text=clean_text(reason),
    )
