"""Phases begin and end. Every way of closing one goes through here, past the registered checks."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_text
from phases.choices import PhaseState
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity
from projects.models import Project
from projects.registries import closing_checks
from projects.services.guards import refuse_stale, require_capability, write_versioned


def _phase(project: Project, number: int) -> Phase:
    return Phase.objects.get(project=project, number=number)


@transaction.atomic
def start_phase(*, acting_user: User | None, project: Project, number: int, version: int | None = None) -> Phase:
    """Begin a planned phase. Raises RuleBroken where it has begun, or the one before is not closed.

    `version` is the one that a person saw (None: no person did); StaleWrite where the phase has moved on.
    """
    require_capability(acting_user, "phases.close", project)
    phase = _phase(project, number)
    if phase.state != PhaseState.PLANNED:
        raise RuleBroken(_("This phase has begun already."))
    before = Phase.objects.filter(project=project, number=number - 1).exclude(state=PhaseState.CLOSED)
    if before.exists():
        raise RuleBroken(_("Close phase %(number)d first.") % {"number": number - 1})
    return _move(acting_user, project, phase, version, PhaseState.ACTIVE, started_on=clock.today(project.time_zone))


@transaction.atomic
def close_phase(
    *, acting_user: User | None, project: Project, number: int, version: int | None = None, reason: str = ""
) -> Phase:
    """End an active phase; its rows then stay as they are.

    `version` as in `start_phase`. `reason` says why it ends while activities are open. Raises RuleBroken with
    what each registered closing check found missing, or where work is open and no reason is given.
    """
    require_capability(acting_user, "phases.close", project)
    phase = _phase(project, number)
    if phase.state not in (PhaseState.ACTIVE, PhaseState.IN_REVIEW):
        raise RuleBroken(_("Only a phase that is under way can be closed."))
    missing = [said for check in closing_checks if (said := check.run(project, number))]
    if missing:
        raise RuleBroken(" ".join(missing))
    if version is not None:
        refuse_stale(phase, version=version, shown={_("State"): phase.state}, sent={_("State"): PhaseState.CLOSED})
    still_open = PhaseActivity.objects.filter(project=project, phase_number=number, status__in=OPEN_STATUSES).count()
    words = clean_text(reason)
    if still_open and not words:
        raise RuleBroken(
            ngettext(
                "%(count)d activity is still open. Say why the phase ends now.",
                "%(count)d activities are still open. Say why the phase ends now.",
                still_open,
            )
            % {"count": still_open},
            field="reason",
        )
    today = clock.today(project.time_zone)
    return _move(acting_user, project, phase, version, PhaseState.CLOSED, reason=words, closed_on=today)


def _move(
    acting_user: User | None,
    project: Project,
    phase: Phase,
    version: int | None,
    state: str,
    *,
    reason: str = "",
    **dates: date,
) -> Phase:
    before = phase.state
    write_versioned(
        phase,
        version=phase.version if version is None else version,
        values={"state": state, **dates},
        shown={_("State"): before},
        sent={_("State"): state},
    )
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(
            "close phase" if state == PhaseState.CLOSED else "start phase",
            "phase",
            str(phase.number),
            str(phase),
            {"state": [before, state]},
            reason,
        ),
    )
    return phase
