"""Phases begin and end. Every way of closing one goes through here, past the registered checks."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audittrail.services import Draft, record_events
from common import clock
from common.canonical import sha256_of
from common.exceptions import RuleBroken
from common.texts import clean_text
from phases.choices import PhaseState
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity
from phases.services.carry_over import carry_over
from phases.services.freeze import frozen_content
from phases.services.operation import OPERATION, open_operation
from projects.models import Project
from projects.registries import ClosingCheck, closing_checks
from projects.services.guards import refuse_stale, require_capability, write_versioned


def _phase(project: Project, number: int) -> Phase:
    return Phase.objects.get(project=project, number=number)


@transaction.atomic
def start_phase(*, acting_user: User | None, project: Project, number: int, version: int | None = None) -> Phase:
    """Begin a planned phase; operation (phase 4) gets its rows then.

    Raises RuleBroken where it has begun, or the one before is not closed. `version` is the one that a person saw
    (None: no person did); StaleWrite where the phase has moved on.
    """
    require_capability(acting_user, "phases.close", project)
    phase = _phase(project, number)
    if phase.state != PhaseState.PLANNED:
        raise RuleBroken(_("This phase has begun already."))
    before = Phase.objects.filter(project=project, number=number - 1).exclude(state=PhaseState.CLOSED)
    if before.exists():
        raise RuleBroken(_("Close phase %(number)d first.") % {"number": number - 1})
    made, drafts = open_operation(project) if number == OPERATION else ([], [])
    today = clock.today(project.time_zone)
    facts = {"phase activities": len(made)} if made else {}
    return _move(acting_user, project, phase, version, PhaseState.ACTIVE, drafts=drafts, facts=facts, started_on=today)


@transaction.atomic
def review_phase(*, acting_user: User | None, project: Project, number: int, version: int | None = None) -> Phase:
    """Take an active phase into review: its work goes on, its end is prepared. Raises RuleBroken for any other.

    `version` as in `start_phase`.
    """
    require_capability(acting_user, "phases.close", project)
    phase = _phase(project, number)
    if phase.state != PhaseState.ACTIVE:
        raise RuleBroken(_("Only an active phase can go into review."))
    today = clock.today(project.time_zone)
    return _move(acting_user, project, phase, version, PhaseState.IN_REVIEW, review_since=today)


@transaction.atomic
def resume_phase(
    *, acting_user: User | None, project: Project, number: int, version: int | None = None, reason: str = ""
) -> Phase:
    """Take a phase back from review into work, with a reason. `version` as in `start_phase`."""
    require_capability(acting_user, "phases.close", project)
    phase = _phase(project, number)
    if phase.state != PhaseState.IN_REVIEW:
        raise RuleBroken(_("This phase is not in review."))
    words = clean_text(reason)
    if not words:
        raise RuleBroken(_("Say why the review is called off."), field="reason")
    return _move(acting_user, project, phase, version, PhaseState.ACTIVE, reason=words, review_since=None)


@transaction.atomic
def close_phase(
    *, acting_user: User | None, project: Project, number: int, version: int | None = None, reason: str = ""
) -> Phase:
    """End a phase: freeze its rows, and let what is unfinished go on in the next one.

    `version` as in `start_phase`. `reason` says why it ends while activities are open, or without what a check
    that yields to a reason asks for. Its rows then stay as they are. Raises RuleBroken with what each registered
    closing check found missing, or where work is open and no reason is given; StaleWrite for who comes second.
    """
    require_capability(acting_user, "phases.close", project)
    phase = _phase(project, number)
    if version is not None:
        refuse_stale(phase, version=version, shown={_("State"): phase.state}, sent={_("State"): PhaseState.CLOSED})
    if phase.state not in (PhaseState.ACTIVE, PhaseState.IN_REVIEW):
        raise RuleBroken(_("Only a phase that is under way can be closed."))
    missing = [(check, said) for check in closing_checks if (said := check.run(project, number))]
    if held := [said for check, said in missing if not check.yields_to_reason]:
        raise RuleBroken(" ".join(held))
    still_open = PhaseActivity.objects.filter(project=project, phase_number=number, status__in=OPEN_STATUSES).count()
    words = clean_text(reason)
    asked = [said for _check, said in missing]
    if still_open:
        asked.append(
            ngettext(
                "%(count)d activity is still open. Say why the phase ends now.",
                "%(count)d activities are still open. Say why the phase ends now.",
                still_open,
            )
            % {"count": still_open}
        )
    if asked and not words:
        raise RuleBroken(" ".join(asked), field="reason")
    frozen = frozen_content(project, number)
    _carried, drafts = carry_over(project, number)
    _move(
        acting_user,
        project,
        phase,
        version,
        PhaseState.CLOSED,
        reason=words,
        drafts=drafts,
        facts={"carried over": len(drafts) // 2, "frozen sha256": sha256_of(frozen), **_left_out(missing)},
        closed_on=clock.today(project.time_zone),
        closed_at=clock.now(),
        frozen=frozen,
    )
    return phase


def _left_out(missing: Sequence[tuple[ClosingCheck, str]]) -> dict[str, Any]:
    """What the phase closes without, for the trail."""
    return {"closed without": [None, ", ".join(str(check.title) for check, _said in missing)]} if missing else {}


_ACTIONS = {
    (PhaseState.PLANNED, PhaseState.ACTIVE): "start phase",
    (PhaseState.ACTIVE, PhaseState.IN_REVIEW): "review phase",
    (PhaseState.IN_REVIEW, PhaseState.ACTIVE): "resume phase",
}
_DAYS = {"started_on": "started on", "review_since": "review since", "closed_on": "closed on"}


def _move(
    acting_user: User | None,
    project: Project,
    phase: Phase,
    version: int | None,
    state: PhaseState,
    *,
    reason: str = "",
    drafts: Sequence[Draft] = (),
    facts: Mapping[str, Any] | None = None,
    **values: Any,
) -> Phase:
    before = PhaseState(phase.state)
    changes: dict[str, Any] = {"state": [before, state]}
    for name, said in _DAYS.items():
        if name in values:
            changes[said] = [getattr(phase, name), values[name]]
    write_versioned(
        phase,
        version=phase.version if version is None else version,
        values={"state": state, **values},
        shown={_("State"): before},
        sent={_("State"): state},
    )
    action = _ACTIONS.get((before, state), "close phase")
    draft = Draft(action, "phase", str(phase.number), str(phase), {**changes, **(facts or {})}, reason)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[*drafts, draft])
    return phase
