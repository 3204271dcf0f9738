"""Changes to phase activities: status, accountable party, due date; one row or many, by one path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_text
from phases.choices import BY_PLAN, AssignedBy, Nature, PhaseState, Status
from phases.domain import transitions
from phases.guards import transition_guards
from phases.models import Phase, PhaseActivity
from phases.permissions import can_report, can_step, sends_back, with_size, with_ties
from phases.selectors.what_moves import planned_days
from phases.selectors.wished_plan import HALF_A_YEAR
from phases.services.telling import tell_done, tell_given
from projects.models import Party, Project
from projects.permissions import Access, access_to
from projects.services.guards import lock_project, refuse_stale, require, write_versioned

MOST_ROWS = 1000
MOST_YEARS_BEFORE = 20
LONGEST_NOTE = 20_000


@dataclass(frozen=True, slots=True)
class Target:
    """A row, and the version that the person saw."""

    pk: int
    version: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one row of several cannot change."""

    ref: str
    reason: str
    field: str = ""


class RowsRefused(RuleBroken):
    """Some of the chosen rows cannot change, so none did. `refusals` says which and why."""

    def __init__(self, refusals: Sequence[Refusal], *, of: int) -> None:
        self.refusals = list(refusals)
        field = ""
        if of == 1:
            message, field = self.refusals[0].reason, self.refusals[0].field
        else:
            message = _("Nothing was changed: %(count)d of %(of)d rows do not allow it.") % {
                "count": len(self.refusals),
                "of": of,
            }
        super().__init__(message, field=field)


def key_of(row: PhaseActivity) -> str:
    """How the trail names a phase activity: `CH.i@2`."""
    return f"{row.activity.ref}@{row.phase_number}"


@dataclass(frozen=True, slots=True)
class Ties:
    """Of the rows at hand: the parties of the person that are accountable, and the ids of rows they help with."""

    own: frozenset[int]
    helped: frozenset[int]


def load_rows(
    project: Project, acting_user: User | None, targets: Sequence[Target]
) -> tuple[list[PhaseActivity], Ties]:
    """The rows, none of them in a closed phase, and what ties the person to them. One query."""
    if not targets:
        raise RuleBroken(_("Choose at least one row."))
    if len(targets) > MOST_ROWS:
        raise RuleBroken(_("Choose %(most)d rows at most.") % {"most": MOST_ROWS})
    wanted = {target.pk for target in targets}
    if len(wanted) != len(targets):
        raise RuleBroken(_("A row is named twice."))
    lock_project(project)
    state = Phase.objects.filter(project=project, number=OuterRef("phase_number")).values("state")
    asked = (
        PhaseActivity.objects.filter(project=project, pk__in=wanted)
        .select_related("activity", "accountable")
        .annotate(phase_state=Subquery(state))
    )
    sized = with_size(asked)
    found: dict[int, Any] = {row.pk: row for row in (with_ties(sized, acting_user) if acting_user else sized)}
    if len(found) != len(wanted):
        raise PhaseActivity.DoesNotExist
    rows = [found[target.pk] for target in targets]
    _refuse_closed(rows)
    if acting_user is None:
        return rows, Ties(frozenset(), frozenset())
    own = frozenset(row.accountable_id for row in rows if row.is_own)
    return rows, Ties(own, frozenset(row.pk for row in rows if row.is_helped))


def _refuse_closed(rows: Sequence[Any]) -> None:
    refusals = [
        Refusal(
            row.activity.ref,
            _("Phase %(number)d is closed; its rows stay as they were.") % {"number": row.phase_number},
        )
        for row in rows
        if row.phase_state == PhaseState.CLOSED
    ]
    if refusals:
        raise RowsRefused(refusals, of=len(rows))


@transaction.atomic
def change_status(
    *,
    acting_user: User | None,
    project: Project,
    targets: Sequence[Target],
    status: str,
    text: str = "",
    texts: Mapping[int, str] | None = None,
    operating_since: date | None = None,
) -> list[PhaseActivity]:
    """Take rows to `status`, all or none.

    `text` is the reason or justification where the step needs one, `texts` (by row) where each has its own;
    `operating_since` (default today) belongs to
    done rows that go on from then. Raises RowsRefused with every row that the table, the person's rights or a
    guard refuse, StaleWrite where a row has changed since it was read.
    """
    if status not in Status.values:
        raise RuleBroken(_("There is no such status."), field="status")
    rows, ties = load_rows(project, acting_user, targets)
    words = {row.pk: clean_text((texts or {}).get(row.pk, text)) for row in rows}
    access = access_to(project, acting_user)
    today = clock.today(project.time_zone)
    if operating_since is not None and operating_since > today:
        raise RuleBroken(_("It cannot operate since a day that has not come yet."), field="operating_since")
    if operating_since is not None and operating_since.year < project.start_date.year - MOST_YEARS_BEFORE:
        raise RuleBroken(_("This is too long ago. Give the day from which you have records."), field="operating_since")
    # A stale row comes before the table of transitions: its reader shall see what changed, not a refusal of a
    # step that they never saw.
    for row, target in zip(rows, targets, strict=True):
        refuse_stale(row, version=target.version, **_status_texts(row, status, words[row.pk]))
    refusals = _refused_steps(project, access, ties, rows, status, words)
    if refusals:
        raise RowsRefused(refusals, of=len(rows))
    now = clock.now()
    drafts = []
    for row, target in zip(rows, targets, strict=True):
        values: dict[str, Any] = {"status": status, "status_since": now, "reason": words[row.pk]}
        if status == Status.DONE:
            values |= {"done_by": acting_user, "done_at": now}
            if row.activity.nature == Nature.OPERATE:
                values["operating_since"] = operating_since or row.operating_since or today
        elif status == Status.VERIFIED:
            values |= {"verified_by": acting_user, "verified_at": now}
        else:
            values |= {"done_by": None, "done_at": None, "verified_by": None, "verified_at": None}
            values["operating_since"] = None
        before = row.status
        since_before = row.operating_since
        write_versioned(
            row,
            version=target.version,
            values=values,
            **_status_texts(row, status, words[row.pk]),
        )
        changes: dict[str, Any] = {"status": [before, status]}
        if since_before != row.operating_since:
            changes["operating since"] = [since_before, row.operating_since]
        if status == Status.VERIFIED and acting_user is not None and row.done_by_id == acting_user.pk:
            changes["verified by the same person"] = "very small entity"
        drafts.append(Draft("change status", "phase activity", key_of(row), "", changes, words[row.pk]))
    if status == Status.DONE:
        tell_done(project, acting_user, rows)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return rows


def _status_texts(row: PhaseActivity, status: str, text: str) -> dict[str, dict[str, str]]:
    """What stands and what was sent, for who has to compare the two."""
    shown, sent = {_("Status"): str(Status(row.status).label)}, {_("Status"): str(Status(status).label)}
    if row.reason or text:
        shown[_("Reason")], sent[_("Reason")] = row.reason, text
    return {"shown": shown, "sent": sent}


def _refused_steps(
    project: Project,
    access: Access,
    ties: Ties,
    rows: list[PhaseActivity],
    status: str,
    words: Mapping[int, str],
) -> list[Refusal]:
    refusals = []
    allowed = []
    for row in rows:
        step = transitions.transition(row.status, status)
        if step is None:
            reason = (
                _("It is %(status)s already.") % {"status": row.get_status_display().lower()}
                if row.status == status
                else transitions.refusal(row.status, status)
            )
            refusals.append(Refusal(row.activity.ref, reason))
            continue
        decision = can_step(access, row, status, step, ties.own, ties.helped)
        if not decision:
            refusals.append(Refusal(row.activity.ref, decision.reason))
        elif not words[row.pk] and (step.needs_text or sends_back(access, row, status, ties.own, ties.helped)):
            refusals.append(Refusal(row.activity.ref, _missing_text(status), field="text"))
        else:
            allowed.append(row)
    for guard in transition_guards:
        said = guard.check(project, allowed, status)
        refusals += [Refusal(row.activity.ref, said[row.pk]) for row in allowed if row.pk in said]
    return refusals


def _missing_text(status: str) -> str:
    if status == Status.BLOCKED:
        return _("Say in a line what is missing and from whom.")
    if status == Status.NOT_APPLICABLE:
        return _("Justify why this does not apply. An auditor will read it.")
    return _("Say why it goes back.")


@transaction.atomic
def assign_party(
    *, acting_user: User | None, project: Project, targets: Sequence[Target], party: Party | None
) -> list[PhaseActivity]:
    """Make `party` accountable for rows, or nobody. All or none.

    Raises RuleBroken for a party that is no longer active or of another project, StaleWrite for a stale row.
    """
    require(access_to(project, acting_user).can("phases.assign"))
    rows, _ties = load_rows(project, acting_user, targets)
    if party is not None and party.project_id != project.pk:
        raise Party.DoesNotExist
    if party is not None and not party.is_active:
        raise RuleBroken(_("%(name)s can no longer be given activities.") % {"name": party.name}, field="party")
    drafts, given = [], {}
    for row, target in zip(rows, targets, strict=True):
        before = row.accountable
        name_before, name_after = _name(before), _name(party)
        write_versioned(
            row,
            version=target.version,
            values={"accountable": party, "assigned_by": AssignedBy.HAND if party else AssignedBy.NOBODY},
            shown={_("Responsible party"): name_before},
            sent={_("Responsible party"): name_after},
        )
        if before != party:
            given[row.pk] = [party.pk] if party is not None else []
            drafts.append(
                Draft(
                    "assign",
                    "phase activity",
                    key_of(row),
                    "",
                    {
                        "responsible party": [name_before or None, name_after or None],
                        "party id": [before.pk if before else None, party.pk if party else None],
                    },
                )
            )
    tell_given(project, acting_user, given)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return rows


def _name(party: Party | None) -> str:
    return party.name if party is not None else ""


@transaction.atomic
def set_due(
    *, acting_user: User | None, project: Project, targets: Sequence[Target], due: date | None
) -> list[PhaseActivity]:
    """Give rows a due date of their own; with None they follow their packages again. All or none.

    Raises RuleBroken for a date before the project starts or more than half a year after its last phase,
    StaleWrite for a stale row.
    """
    require(access_to(project, acting_user).can("phases.schedule"))
    rows, _ties = load_rows(project, acting_user, targets)
    check_due(project, due)
    planned = planned_days(project, [row.pk for row in rows]) if due is None else {}
    drafts = []
    for row, target in zip(rows, targets, strict=True):
        before = row.due
        after = planned.get(row.pk) if due is None else due
        write_versioned(
            row,
            version=target.version,
            values={"due": after, "due_is_own": due is not None},
            shown={_("Due"): before.isoformat() if before else ""},
            sent={_("Due"): due.isoformat() if due else _("as planned")},
        )
        if before != after:
            reason = BY_PLAN if due is None else ""
            drafts.append(Draft("reschedule", "phase activity", key_of(row), "", {"due": [before, after]}, reason))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return rows


def check_due(project: Project, due: date | None) -> None:
    """Raise RuleBroken for a day before the project starts or more than half a year after its last phase."""
    if due is not None and due < project.start_date:
        raise RuleBroken(
            _("The project starts on %(start)s. Choose a day on or after it.")
            % {"start": project.start_date.isoformat()},
            field="due",
        )
    if due is not None and due > _last_day(project):
        raise RuleBroken(
            _("The last phase ends on %(end)s. Choose a day up to half a year after it.")
            % {"end": (_last_day(project) - HALF_A_YEAR).isoformat()},
            field="due",
        )


def _last_day(project: Project) -> date:
    end = Phase.objects.filter(project=project).aggregate(last=Max("end"))["last"]
    return (end or project.start_date) + HALF_A_YEAR


@transaction.atomic
def write_note(*, acting_user: User | None, project: Project, target: Target, note: str) -> PhaseActivity:
    """Replace the note of a row (Markdown). Raises StaleWrite, with both texts, for a stale row."""
    rows, ties = load_rows(project, acting_user, [target])
    require(can_report(access_to(project, acting_user), rows[0], ties.own, ties.helped))
    return _put_notes(acting_user, project, rows, [target], [note])[0]


@transaction.atomic
def write_notes(
    *, acting_user: User | None, project: Project, targets: Sequence[Target], notes: Sequence[str]
) -> list[PhaseActivity]:
    """Replace the notes of rows, each by its own (Markdown). All or none.

    Raises RowsRefused with every row that is another's or whose note is too long, StaleWrite for a stale row.
    """
    rows, ties = load_rows(project, acting_user, targets)
    access = access_to(project, acting_user)
    refusals = [
        Refusal(row.activity.ref, decision.reason)
        for row in rows
        if not (decision := can_report(access, row, ties.own, ties.helped))
    ]
    if refusals:
        raise RowsRefused(refusals, of=len(rows))
    return _put_notes(acting_user, project, rows, targets, notes)


def _put_notes(
    acting_user: User | None,
    project: Project,
    rows: list[PhaseActivity],
    targets: Sequence[Target],
    notes: Sequence[str],
) -> list[PhaseActivity]:
    said = _("A note has 20,000 characters at most. Put longer texts into a document.")
    pairs = zip(rows, notes, strict=True)
    too_long = [Refusal(row.activity.ref, said, "note") for row, note in pairs if len(note) > LONGEST_NOTE]
    if too_long:
        raise RowsRefused(too_long, of=len(rows))
    drafts = []
    for row, target, note in zip(rows, targets, notes, strict=True):
        before = row.note
        write_versioned(
            row,
            version=target.version,
            values={"note": note},
            shown={_("Note"): before},
            sent={_("Note"): note},
        )
        drafts.append(Draft("write note", "phase activity", key_of(row), "", {"note": [before, note]}))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return rows
