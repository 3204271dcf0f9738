"""Undoing an act of tailoring: the inverse act, as a new event that names the one it takes back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.models import Event
from audittrail.sentences import sentence
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken
from phases.choices import PhaseState, Status
from phases.domain.replay import MOVED_TO, REMOVED, ROW_KIND
from phases.models import Phase, PhaseActivity, ProjectActivity
from phases.selectors.tailoring import (
    ACTIVITY_KIND,
    ADD_OWN,
    ADD_PHASE,
    CHANGE_STATUS,
    CREATE_OWN,
    MOVE_ROW,
    REMOVE_OWN,
    REMOVE_ROW,
    SPLIT_UP,
)
from phases.services.rows import key_of
from phases.services.tailoring.guard import refuse_split
from phases.services.tailoring.own import OWN, rows_of_activity
from phases.services.tailoring.places import date_in, free_place, phases_of, refuse_settled, write_move
from phases.services.tailoring.removal import refuse_reported, remove_rows
from phases.services.tailoring.restore import restore_drafts, status_events
from phases.services.tailoring.split import join, refuse_joining
from projects.models import Project
from projects.services.guards import require_capability


@dataclass(frozen=True, slots=True)
class Undoing:
    """An act that could be undone: what was done, what undoing does, and why it cannot be ("" where it can)."""

    event: Event
    said: str
    does: str = ""
    why_not: str = ""


def _row_at(project: Project, key: str) -> PhaseActivity:
    ref, _at, number = key.rpartition("@")
    row = (
        PhaseActivity.objects.filter(project=project, activity__ref=ref, phase_number=int(number))
        .select_related("activity", "accountable")
        .first()
    )
    if row is None:
        raise RuleBroken(
            _("The row has moved on since: %(ref)s no longer stands in phase %(number)s.")
            % {"ref": ref, "number": number}
        )
    return row


def _refuse_closed(project: Project, *numbers: int) -> None:
    closed = Phase.objects.filter(project=project, number__in=numbers, state=PhaseState.CLOSED).first()
    if closed is not None:
        raise RuleBroken(_("Phase %(number)d is closed; its rows stay as they were.") % {"number": closed.number})


def _pair(event: Event, name: str) -> tuple[Any, Any]:
    value = event.content.get("changes", {}).get(name)
    return (value[0], value[1]) if isinstance(value, list) and len(value) == 2 else (None, None)


def _undo_status(project: Project, event: Event) -> tuple[str, Callable[[User | None, str], None]]:
    before, after = _pair(event, "status")
    if Status.NOT_APPLICABLE not in (before, after):
        raise RuleBroken(_("This was a report on the work, no act of tailoring. Change the status instead."))
    row = _row_at(project, event.key)
    _refuse_closed(project, row.phase_number)
    newest = status_events(project, event.key)[0]
    if newest.seq != event.seq:
        raise RuleBroken(_("The row has moved on since: %(what)s.") % {"what": sentence(newest).text})
    split = refuse_split(project, [row], before)
    if split:
        raise RuleBroken(split[row.pk])

    def act(acting_user: User | None, why: str) -> None:
        drafts = restore_drafts(project, [row], why)
        record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)

    if after == Status.NOT_APPLICABLE:
        return _("It applies again and is %(status)s, as before.") % {"status": before}, act
    return _("It is not applicable again, with the justification it had."), act


def _undo_move(project: Project, event: Event) -> tuple[str, Callable[[User | None, str], None]]:
    before, after = _pair(event, MOVED_TO)
    row = _row_at(project, f"{event.key.rpartition('@')[0]}@{after}")
    _refuse_closed(project, before, after)
    if _moved_here(project, row) != event.seq:
        raise RuleBroken(_("The row was moved again since."))
    refuse_settled(row)
    phases = phases_of(project)
    free_place(row.activity, phases, before)

    def act(acting_user: User | None, why: str) -> None:
        changes = event.content["changes"]
        values: dict[str, Any] = {"phase_number": before, "tailored_why": _pair(event, "why before")[0] or ""}
        for said, name in (("origin", "origin"), ("came from phase", "origin_phase")):
            if said in changes:
                values[name] = changes[said][0]
        if not row.due_is_own:
            values["due"] = date_in(project, row, before, phases)
        write_move(acting_user, project, row, row.version, values, why)

    return _("It stands in phase %(number)s again.") % {"number": before}, act


def _moved_here(project: Project, row: PhaseActivity) -> int | None:
    """The newest event that moved `row` to where it stands."""
    moves = Event.objects.filter(
        stream_id=project.uuid, kind=ROW_KIND, action=MOVE_ROW, key__startswith=f"{row.activity.ref}@"
    ).order_by("-seq")
    return next((event.seq for event in moves if _pair(event, MOVED_TO)[1] == row.phase_number), None)


def _undo_row(project: Project, event: Event) -> tuple[str, Callable[[User | None, str], None]]:
    row = _row_at(project, event.key)
    activity = row.activity
    is_last = OWN in activity.ref and len(rows_of_activity(activity)) == 1
    if is_last:
        return _undo_own(project, event, activity)
    if event.seq != _made_by(project, event):
        raise RuleBroken(_("The row was taken out and added again since."))
    refuse_reported(project, [row])

    def act(acting_user: User | None, why: str) -> None:
        draft = Draft(REMOVE_ROW, ROW_KIND, key_of(row), "", {REMOVED: remove_rows(project, [row])}, why)
        record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[draft])

    return _("The row goes out of the plan. Past days still show it."), act


def _made_by(project: Project, event: Event) -> int:
    """The newest event that made the row of `event`."""
    made = Event.objects.filter(
        stream_id=project.uuid, kind=ROW_KIND, key=event.key, action__in=(ADD_PHASE, ADD_OWN)
    ).order_by("-seq")
    return made.values_list("seq", flat=True)[0]


def _undo_own(
    project: Project, event: Event, activity: ProjectActivity | None = None
) -> tuple[str, Callable[[User | None, str], None]]:
    own = activity or ProjectActivity.objects.filter(project=project, ref=event.key).first()
    if own is None:
        raise RuleBroken(_("%(ref)s is no longer in the plan.") % {"ref": event.key})
    if own.parts.exists():
        raise RuleBroken(_("%(ref)s is split. Join its parts first.") % {"ref": own.ref})
    rows = rows_of_activity(own)
    refuse_reported(project, rows, refs=[own.ref])

    def act(acting_user: User | None, why: str) -> None:
        changes = {"title": [own.title, None], REMOVED: remove_rows(project, rows, [own])}
        draft = Draft(REMOVE_OWN, ACTIVITY_KIND, own.ref, own.title, changes, why)
        record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[draft])

    return _("The activity goes out of the plan with all its rows. Past days still show it."), act


def _undo_split(project: Project, event: Event) -> tuple[str, Callable[[User | None, str], None]]:
    whole = ProjectActivity.objects.filter(project=project, ref=event.key).first()
    if whole is None:
        raise RuleBroken(_("%(ref)s is no longer in the plan.") % {"ref": event.key})
    refuse_joining(project, whole)

    def act(acting_user: User | None, why: str) -> None:
        join(acting_user=acting_user, project=project, activity=whole, reason=why)

    return _("Its parts go out of the plan, and the whole applies again as before."), act


_UNDO: dict[tuple[str, str], Callable[[Project, Event], tuple[str, Callable[[User | None, str], None]]]] = {
    (ROW_KIND, CHANGE_STATUS): _undo_status,
    (ROW_KIND, MOVE_ROW): _undo_move,
    (ROW_KIND, ADD_PHASE): _undo_row,
    (ROW_KIND, ADD_OWN): _undo_row,
    (ACTIVITY_KIND, CREATE_OWN): _undo_own,
    (ACTIVITY_KIND, SPLIT_UP): _undo_split,
}


def _plan(project: Project, event: Event) -> tuple[str, Callable[[User | None, str], None]]:
    found = _UNDO.get((event.kind, event.action))
    if found is None or event.payload is None:
        raise RuleBroken(_("Only acts of tailoring can be undone here."))
    return found(project, event)


def undoing_of(project: Project, seq: int) -> Undoing:
    """What undoing event `seq` of the project would do. Raises Event.DoesNotExist where there is none."""
    event = Event.objects.get(stream_id=project.uuid, seq=seq)
    said = sentence(event).text
    try:
        does, _act = _plan(project, event)
    except RuleBroken as refused:
        return Undoing(event, said, why_not=str(refused))
    return Undoing(event, said, does)


@transaction.atomic
def undo(*, acting_user: User | None, project: Project, seq: int) -> str:
    """Carry out the inverse of event `seq`, with "Undo of event ..." as the reason; returns what it did, in words.

    Raises RuleBroken, with why, where the event is no act of tailoring, or what it changed has moved on since;
    Event.DoesNotExist where the project has no such event.
    """
    require_capability(acting_user, "phases.tailor", project)
    event = Event.objects.get(stream_id=project.uuid, seq=seq)
    does, act = _plan(project, event)
    act(acting_user, _("Undo of event %(seq)d") % {"seq": seq})
    return does
