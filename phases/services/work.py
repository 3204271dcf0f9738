"""What a person reports from My work: one press with a note, and the way back from a slip."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from phases.choices import Status
from phases.domain.replay import DONE_AT
from phases.domain.transitions import path_to
from phases.guards import transition_guards
from phases.models import PhaseActivity
from phases.permissions import can_report
from phases.services.rows import Target, change_status, key_of, load_rows, write_note
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import refuse_stale, require, require_capability, write_versioned

UNDO_SECONDS = 600
_SALT = "phases.work.undo"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a press: the row as it stands, and a token that takes its status back ("" where it did not move).

    `changed` is false where everything stood so already.
    """

    row: PhaseActivity
    undo: str = ""
    changed: bool = True


@transaction.atomic
def report_work(
    *,
    acting_user: User,
    project: Project,
    target: Target,
    status: str,
    text: str = "",
    note: str | None = None,
    operating_since: date | None = None,
) -> Report:
    """Take a row to `status` and replace its note, both or neither; `note` None leaves the note.

    One press from not started or blocked to done goes over in progress, and the trail tells both steps. The same
    press again, with the version of before, changes nothing where the row stands so already. Raises what
    `change_status` and `write_note` raise.
    """
    if status not in Status.values:
        raise RuleBroken(_("There is no such status."), field="status")
    require_capability(acting_user, "phases.report", project)
    row = PhaseActivity.objects.select_related("activity", "accountable").get(project=project, pk=target.pk)
    words = None if note is None else note.replace("\r\n", "\n").strip()
    keeps_note = words is None or words == row.note.replace("\r\n", "\n").strip()
    if row.version != target.version and row.status == status and keeps_note:
        return Report(row, changed=False)
    shown, sent = {_("Status"): str(row.get_status_display())}, {_("Status"): str(Status(status).label)}
    if not keeps_note:
        shown[_("Note")], sent[_("Note")] = row.note, str(words)
    if text:
        shown[_("Reason")], sent[_("Reason")] = row.reason, text
    refuse_stale(row, version=target.version, shown=shown, sent=sent)
    before = _facts(row)
    moves = row.status != status
    version = target.version
    if moves:
        *between, last = path_to(row.status, status)
        for step in between:
            change_status(acting_user=acting_user, project=project, targets=[Target(row.pk, version)], status=step)
            version += 1
        (row,) = change_status(
            acting_user=acting_user,
            project=project,
            targets=[Target(row.pk, version)],
            status=last,
            text=text,
            operating_since=operating_since,
        )
        version += 1
    if not keeps_note and words is not None:
        row = write_note(acting_user=acting_user, project=project, target=Target(row.pk, version), note=words)
    if not moves:
        return Report(row, changed=not keeps_note)
    return Report(row, _token(acting_user, row, before))


def _facts(row: PhaseActivity) -> dict[str, Any]:
    """What a change of status writes over."""
    return {
        "status": row.status,
        "reason": row.reason,
        "operating_since": row.operating_since.isoformat() if row.operating_since else None,
        "done_by": row.done_by_id,
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "verified_by": row.verified_by_id,
        "verified_at": row.verified_at.isoformat() if row.verified_at else None,
    }


def _token(user: User, row: PhaseActivity, before: dict[str, Any]) -> str:
    told = {"user": user.pk, "row": row.pk, "version": row.version, "before": before}
    return signing.dumps(told, salt=_SALT, compress=True)


def undoes(token: str, *, acting_user: User, row_id: int) -> dict[str, Any] | None:
    """What an undo token of this person for this row says, or None where it is another's, altered or too old."""
    try:
        told = signing.loads(token, salt=_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return None
    return told if told["user"] == acting_user.pk and told["row"] == row_id else None


@transaction.atomic
def undo_report(*, acting_user: User, project: Project, pk: int, token: str) -> PhaseActivity:
    """Give a row the status that it had before the press that made `token`. Notes stay: words are not thrown away.

    It is a way back for ten minutes, for the person who pressed, as long as nobody touched the row since; so it may
    take steps that the table does not have. Raises RuleBroken for any other token, StaleWrite for a row that moved on.
    """
    told = undoes(token, acting_user=acting_user, row_id=pk)
    if told is None:
        raise RuleBroken(_("It is too late to undo this. Set the status anew instead."))
    (row,), ties = load_rows(project, acting_user, [Target(pk, told["version"])])
    before = told["before"]
    access = access_to(project, acting_user)
    # Who could take the step may take it back; what they were since stripped of, they may not.
    if not (access.can("phases.verify") and row.done_by_id != acting_user.pk):
        require(can_report(access, row, ties.own, ties.helped))
    status = before["status"]
    refuse_stale(
        row,
        version=told["version"],
        shown={_("Status"): str(row.get_status_display())},
        sent={_("Status"): str(Status(status).label)},
    )
    for guard in transition_guards:
        said = guard.check(project, [row], status)
        if row.pk in said:
            raise NotPermitted(said[row.pk])
    values = {
        "status": status,
        "status_since": clock.now(),
        "reason": before["reason"],
        "operating_since": _day(before["operating_since"]),
        "done_by_id": before["done_by"],
        "done_at": _instant(before["done_at"]),
        "verified_by_id": before["verified_by"],
        "verified_at": _instant(before["verified_at"]),
    }
    was, since_was = row.status, row.operating_since
    write_versioned(row, version=told["version"], values=values, shown={}, sent={})
    changes: dict[str, Any] = {"status": [was, status]}
    if since_was != row.operating_since:
        changes["operating since"] = [since_was, row.operating_since]
    if row.done_at is not None:
        changes[DONE_AT] = [None, row.done_at]
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("change status", "phase activity", key_of(row), "", changes, _("Undone")),
    )
    return row


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
