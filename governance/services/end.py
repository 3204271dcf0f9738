"""At the end of a phase: which unfinished work goes on."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from governance.models import CarryOver
from phases.choices import PhaseState, Status
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity
from phases.services.reasons import check_reason
from phases.services.rows import Target, change_status
from projects.models import Project
from projects.services.guards import require_capability

KIND = "phase"
MOST = 1000


@transaction.atomic
def let_go_on(*, acting_user: User | None, project: Project, phase: int, refs: Sequence[str]) -> int:
    """Say of unfinished activities of `phase` that they go on in the next one; returns how many are new.

    It moves nothing: closing the phase does. Saying it again changes nothing. Raises NotPermitted, RuleBroken for one
    that is no longer unfinished, or a phase that is closed.
    """
    require_capability(acting_user, "phases.close", project)
    wanted = list(dict.fromkeys(refs))
    if not wanted:
        raise RuleBroken(_("Choose at least one activity."))
    if len(wanted) > MOST:
        raise RuleBroken(_("Choose %(most)d activities at most.") % {"most": MOST})
    _refuse_closed(project, phase)
    there = set(
        PhaseActivity.objects.filter(
            project=project, phase_number=phase, activity__ref__in=wanted, status__in=OPEN_STATUSES
        ).values_list("activity__ref", flat=True)
    )
    if gone := [ref for ref in wanted if ref not in there]:
        raise RuleBroken(_("%(ref)s is no longer unfinished in this phase. Look at the list again.") % {"ref": gone[0]})
    held = set(
        CarryOver.objects.filter(project=project, phase_number=phase, ref__in=wanted).values_list("ref", flat=True)
    )
    new = [ref for ref in wanted if ref not in held]
    if not new:
        return 0
    CarryOver.objects.bulk_create(
        CarryOver(project=project, phase_number=phase, ref=ref, decided_by=acting_user, decided_at=clock.now())
        for ref in new
    )
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("let go on", KIND, str(phase), "", {"activities": [None, new]}),
    )
    return len(new)


@transaction.atomic
def set_aside(*, acting_user: User | None, project: Project, target: Target, why: str) -> None:
    """Take an unfinished activity out of its phase, with the reason: it does not apply and is not carried over.

    Raises NotPermitted, RuleBroken at `why`, StaleWrite, PhaseActivity.DoesNotExist.
    """
    require_capability(acting_user, "phases.close", project)
    reason = check_reason(why, field="why")
    change_status(acting_user=acting_user, project=project, targets=[target], status=Status.NOT_APPLICABLE, text=reason)


def _refuse_closed(project: Project, number: int) -> None:
    phase = Phase.objects.get(project=project, number=number)
    if phase.state == PhaseState.CLOSED:
        raise RuleBroken(_("Phase %(number)d is closed; its work has gone on already.") % {"number": number})
