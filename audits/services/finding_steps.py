"""Corrective actions of a finding, the look at their effect, and its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import FindingState, StepState
from audits.domain.correcting import NONCONFORMITIES, SETTLED, check_from, lacks
from audits.finding_permissions import may_check_effect, may_describe, may_do_step, may_handle, people_of
from audits.models import AuditFinding, CorrectiveAction, EffectCheck
from audits.services.finding_telling import OWNED, STEP, VERIFY, YOURS, tell_finding, tell_people
from audits.services.findings import own_finding, refuse_settled
from common import clock
from common.exceptions import RuleBroken
from governance.services.texts import day_to_come, line, lines
from projects.models import Party
from projects.permissions import access_to
from projects.services.guards import require, write_versioned

MOST_STEPS = 30


@dataclass(frozen=True, slots=True)
class StepWish:
    """What takes the cause away, by whom, until when."""

    text: str
    owner: Party | None
    due: date | None


@transaction.atomic
def add_step(*, acting_user: User | None, finding: AuditFinding, wish: StepWish) -> CorrectiveAction:
    """Add a corrective action; its owner is told. An open finding is being corrected from then on. One trail event.

    Raises NotPermitted, RuleBroken for words, an owner or a day that are missing, and while its effect is awaited.
    """
    fresh = own_finding(finding)
    require(may_handle(fresh, access_to(fresh.project, acting_user)))
    refuse_settled(fresh)
    if fresh.state == FindingState.VERIFYING:
        raise RuleBroken(_("Its effect is awaited. Take it back to correcting first, then add what is still to do."))
    number = 1 + max(CorrectiveAction.objects.filter(finding=fresh).values_list("number", flat=True), default=0)
    if number > MOST_STEPS:
        raise RuleBroken(_("At most %(most)d actions.") % {"most": MOST_STEPS}, field="text")
    step = CorrectiveAction.objects.create(project=fresh.project, finding=fresh, number=number, **_checked(fresh, wish))
    if fresh.state == FindingState.OPEN:
        _move(fresh, fresh.version, FindingState.ACTING)
    _tell_step(acting_user, fresh, step)
    said = {"action": [None, step.text], "owner": [None, str(step.owner)], "due": [None, step.due.isoformat()]}
    tell_finding(acting_user, fresh, "add action", said)
    return step


@transaction.atomic
def change_step(
    *, acting_user: User | None, finding: AuditFinding, number: int, version: int, wish: StepWish
) -> CorrectiveAction:
    """Change an open corrective action. One trail event, or none. Raises NotPermitted, StaleWrite, RuleBroken."""
    fresh = own_finding(finding)
    require(may_handle(fresh, access_to(fresh.project, acting_user)))
    step = _own_step(fresh, number)
    _refuse_not_open(fresh, step)
    values = _checked(fresh, wish, before=step)
    changes = {
        name: [_plain(getattr(step, name)), _plain(value)]
        for name, value in values.items()
        if getattr(step, name) != value
    }
    if not changes and step.version == version:
        return step
    was = step.owner_id
    write_versioned(
        step,
        version=version,
        values=values,
        shown={_("Action"): step.text, _("Owner"): step.owner or "", _("Due"): step.due},
        sent={_("Action"): values["text"], _("Owner"): values["owner"], _("Due"): values["due"]},
    )
    if step.owner_id != was:
        _tell_step(acting_user, fresh, step)
    tell_finding(acting_user, fresh, "change action", {"number": [None, number], **changes})
    return step


@transaction.atomic
def finish_step(
    *,
    acting_user: User | None,
    finding: AuditFinding,
    number: int,
    version: int,
    note: str,
    done_on: date | None = None,
) -> CorrectiveAction:
    """Say that a corrective action is done, since when (today) and by what. One trail event.

    Its owner does, and who corrects the finding. Raises NotPermitted, StaleWrite, RuleBroken.
    """
    fresh = own_finding(finding)
    step = _own_step(fresh, number)
    require(may_do_step(fresh, step, access_to(fresh.project, acting_user)))
    _refuse_not_open(fresh, step)
    said = lines(note, "note", 2000, needed=_("Say what was done: whoever looks at the effect wants to know."))
    day = done_on or clock.today(fresh.project.time_zone)
    if not fresh.seen_on <= day <= clock.today(fresh.project.time_zone):
        raise RuleBroken(_("Give a day between the finding and today."), field="done_on")
    values = {"state": StepState.DONE, "done_on": day, "done_note": said, "done_by": acting_user}
    _settle_step(step, version, values)
    tell_finding(
        acting_user, fresh, "finish action", {"action": [None, step.text], "done on": [None, day.isoformat()]}, said
    )
    return step


@transaction.atomic
def drop_step(
    *, acting_user: User | None, finding: AuditFinding, number: int, version: int, why: str
) -> CorrectiveAction:
    """Let a corrective action go, with words. One trail event. Raises NotPermitted, StaleWrite, RuleBroken."""
    fresh = own_finding(finding)
    require(may_handle(fresh, access_to(fresh.project, acting_user)))
    step = _own_step(fresh, number)
    _refuse_not_open(fresh, step)
    said = lines(why, "why", 2000, needed=_("Say why it is dropped: it stays on the list with your words."))
    _settle_step(step, version, {"state": StepState.DROPPED, "done_note": said})
    tell_finding(acting_user, fresh, "drop action", {"action": [None, step.text]}, said)
    return step


@transaction.atomic
def take_up_step(
    *, acting_user: User | None, finding: AuditFinding, number: int, version: int, why: str
) -> CorrectiveAction:
    """Open a settled corrective action again, with words. One trail event. Raises as `drop_step`."""
    fresh = own_finding(finding)
    require(may_handle(fresh, access_to(fresh.project, acting_user)))
    refuse_settled(fresh)
    if fresh.state == FindingState.VERIFYING:
        raise RuleBroken(_("Its effect is awaited. Take it back to correcting first."))
    step = _own_step(fresh, number)
    if step.state == StepState.OPEN:
        raise RuleBroken(_("It is open."))
    said = line(why, "why", 300, needed=_("Say why it is open again."))
    _settle_step(step, version, {"state": StepState.OPEN, "done_on": None, "done_note": "", "done_by": None})
    tell_finding(acting_user, fresh, "take up action", {"action": [None, step.text]}, said)
    return step


@transaction.atomic
def await_effect(*, acting_user: User | None, finding: AuditFinding, version: int) -> AuditFinding:
    """Say that all is done, so that somebody else looks whether it works; they are told. One trail event.

    A nonconformity needs a cause and at least one action that is done, and none that is open. Raises NotPermitted,
    StaleWrite, RuleBroken.
    """
    fresh = own_finding(finding)
    require(may_handle(fresh, access_to(fresh.project, acting_user)))
    refuse_settled(fresh)
    if fresh.state == FindingState.VERIFYING:
        raise RuleBroken(_("Its effect is awaited already."))
    if fresh.grade not in NONCONFORMITIES:
        raise RuleBroken(_("It is no nonconformity: close it with a word on what became of it."))
    steps = steps_of(fresh)
    for each in lacks(fresh.grade, cause=fresh.cause, steps=[step.state for step in steps]):
        raise RuleBroken(LACKING()[each], field="cause" if each == "cause" else "")
    _move(fresh, version, FindingState.VERIFYING)
    if fresh.raised_by_id is not None:
        tell_people(fresh, YOURS, acting_user, [fresh.raised_by_id], VERIFY)
    tell_finding(acting_user, fresh, "await effect", {"state": [FindingState.ACTING, FindingState.VERIFYING]})
    return fresh


@transaction.atomic
def check_effect(
    *, acting_user: User | None, finding: AuditFinding, version: int, holds: bool, words: str
) -> EffectCheck:
    """Say whether the actions work, with words. It is closed, or being corrected again. One trail event.

    Nobody who owns it, or owns or did one of its actions; not before the day. Raises NotPermitted, StaleWrite,
    RuleBroken.
    """
    fresh = own_finding(finding)
    steps = steps_of(fresh)
    require(may_check_effect(fresh, access_to(fresh.project, acting_user), steps))
    if fresh.state != FindingState.VERIFYING:
        state = str(FindingState(fresh.state).label).lower()
        raise RuleBroken(
            _("%(ref)s does not wait for a look at its effect: %(state)s.") % {"ref": fresh.ref, "state": state}
        )
    first = first_check(fresh, steps)
    # That something does not work can be seen on any day; that it works only after a while.
    if holds and first is not None and clock.today(fresh.project.time_zone) < first:
        raise RuleBroken(
            _("Too early to say that it works: look from %(day)s on.") % {"day": date_format(first, "j F Y")}
        )
    said = lines(words, "words", 2000, needed=_("Say what you looked at and what you saw."))
    now = clock.now()
    if holds:
        _move(fresh, version, FindingState.CLOSED, closed_at=now, state_reason="")
    else:
        _move(fresh, version, FindingState.ACTING)
    check = EffectCheck.objects.create(
        project=fresh.project, finding=fresh, holds=holds, words=said, checked_by=acting_user, checked_at=now
    )
    if not holds and fresh.owner_id is not None:
        tell_people(fresh, YOURS, acting_user, people_of(fresh.owner_id), OWNED)
    tell_finding(acting_user, fresh, "check effect", {"holds": [None, holds], "state": [None, fresh.state]}, said)
    return check


@transaction.atomic
def close_finding(*, acting_user: User | None, finding: AuditFinding, version: int, words: str) -> AuditFinding:
    """Close an observation or an opportunity with words on what became of it. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken, for a nonconformity too.
    """
    fresh = own_finding(finding)
    require(may_handle(fresh, access_to(fresh.project, acting_user)))
    refuse_settled(fresh)
    if fresh.grade in NONCONFORMITIES:
        raise RuleBroken(_("A nonconformity closes when somebody else has seen that its actions work."))
    said = line(words, "words", 300, needed=_("Say what became of it."))
    if any(step.state == StepState.OPEN for step in steps_of(fresh)):
        raise RuleBroken(LACKING()["open"])
    _move(fresh, version, FindingState.CLOSED, closed_at=clock.now(), state_reason=said)
    tell_finding(acting_user, fresh, "close", {"state": [None, FindingState.CLOSED]}, said)
    return fresh


@transaction.atomic
def reopen_finding(*, acting_user: User | None, finding: AuditFinding, version: int, reason: str) -> AuditFinding:
    """Take a finding up again: one that is closed or withdrawn, or whose effect is awaited. One trail event.

    A settled one by who raised it or plans audits, one that waits by who corrects it. Raises NotPermitted, StaleWrite,
    RuleBroken without a reason.
    """
    fresh = own_finding(finding)
    access = access_to(fresh.project, acting_user)
    before = fresh.state
    if before in SETTLED:
        if not access.can("audits.manage"):
            require(may_describe(fresh, access))
    elif before == FindingState.VERIFYING:
        require(may_handle(fresh, access))
    else:
        raise RuleBroken(_("It is being worked on."))
    said = line(reason, "reason", 300, needed=_("Say why it is taken up again."))
    state = FindingState.ACTING if steps_of(fresh) or fresh.correction or fresh.cause else FindingState.OPEN
    _move(fresh, version, state, closed_at=None, state_reason="")
    tell_finding(acting_user, fresh, "take up", {"state": [before, state]}, said)
    return fresh


def steps_of(finding: AuditFinding) -> Sequence[CorrectiveAction]:
    """Its corrective actions, in their order. One query."""
    return list(CorrectiveAction.objects.filter(finding=finding).select_related("owner", "done_by").order_by("number"))


def first_check(finding: AuditFinding, steps: Sequence[CorrectiveAction]) -> date | None:
    """From which day on its effect may be said to hold; None where nothing is done yet."""
    done = [step.done_on for step in steps if step.state == StepState.DONE and step.done_on is not None]
    return check_from(done, finding.verify_on)


def LACKING() -> dict[str, str]:
    """Sentences on what a finding lacks before its effect is awaited."""
    return {
        "cause": _("Say why it came about first: without the cause nobody can tell whether it comes back."),
        "action": _("Add at least one action that takes the cause away, and do it."),
        "open": _("An action is still open: finish it or drop it first."),
    }


def _own_step(finding: AuditFinding, number: int) -> CorrectiveAction:
    return CorrectiveAction.objects.select_related("owner").get(finding=finding, number=number)


def _refuse_not_open(finding: AuditFinding, step: CorrectiveAction) -> None:
    refuse_settled(finding)
    if step.state != StepState.OPEN:
        state = str(StepState(step.state).label).lower()
        raise RuleBroken(_("Action %(n)d is %(state)s already.") % {"n": step.number, "state": state})


def _settle_step(step: CorrectiveAction, version: int, values: dict[str, Any]) -> None:
    write_versioned(
        step,
        version=version,
        values=values,
        shown={_("State"): StepState(step.state).label},
        sent={_("State"): StepState(values["state"]).label},
    )


def _move(finding: AuditFinding, version: int, state: FindingState, **more: Any) -> None:
    write_versioned(
        finding,
        version=version,
        values={"state": state, **more},
        shown={_("State"): FindingState(finding.state).label},
        sent={_("State"): state.label},
    )


def _checked(finding: AuditFinding, wish: StepWish, before: CorrectiveAction | None = None) -> dict[str, Any]:
    if wish.owner is None:
        raise RuleBroken(_("Say who does it."), field="owner")
    if wish.owner.project_id != finding.project_id:
        raise Party.DoesNotExist
    due = wish.due
    if before is None or due != before.due:
        due = day_to_come(due, "due", finding.project, needed=_("Say by when it is to be done."))
    return {
        "text": line(wish.text, "text", 300, needed=_("Say what is to be done.")),
        "owner": wish.owner,
        "due": due,
    }


def _tell_step(acting_user: User | None, finding: AuditFinding, step: CorrectiveAction) -> None:
    tell_people(finding, YOURS, acting_user, people_of(step.owner_id), f"{STEP} {step.number}")


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.name if isinstance(value, Party) else value
