"""What a phase leaves unfinished joins the next one, with links both ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from audittrail.services import Draft
from common import clock
from phases.choices import Origin, Status
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Contributor, Phase, PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.services.ground import ground_of
from phases.services.make_rows import add_phases
from phases.services.rows import key_of
from projects.models import Project

LAST_PHASE = 4


@dataclass(frozen=True, slots=True)
class Carried:
    """A row and the one that it goes on in; `is_new` where the next phase had none of that ref."""

    row: PhaseActivity
    into: PhaseActivity
    is_new: bool


def carry_over(project: Project, number: int) -> tuple[list[Carried], list[Draft]]:
    """Let the open rows of phase `number` go on in the next phase; returns them with the drafts for the trail.

    A row of the same activity that is there already takes over status, reason, note and party where it has not begun
    and has none; else one is made, dated in what is left of the phase. From then on the work counts there alone. Rows
    of phase 4 go nowhere. Eight queries and one for each row that is there already.
    """
    if number >= LAST_PHASE:
        return [], []
    rows = list(
        PhaseActivity.objects.filter(project=project, phase_number=number, status__in=OPEN_STATUSES)
        .select_related("activity", "accountable")
        .order_by("activity__position", "pk")
    )
    there = {
        row.activity_id: row
        for row in PhaseActivity.objects.filter(
            project=project, phase_number=number + 1, activity__in=[row.activity_id for row in rows]
        ).select_related("activity", "accountable")
    }
    carried = [Carried(row, _join(row, there[row.activity_id]), False) for row in rows if row.activity_id in there]
    missing = [row for row in rows if row.activity_id not in there]
    carried += [
        Carried(row, made, True) for row, made in zip(missing, _make(project, missing, number + 1), strict=True)
    ]
    carried.sort(key=lambda each: each.row.activity.position)
    return carried, [draft for each in carried for draft in _drafts(each)]


def _join(row: PhaseActivity, into: PhaseActivity) -> PhaseActivity:
    values: dict[str, Any] = {"carried_from": row, "version": F("version") + 1}
    if into.status == Status.NOT_STARTED and row.status != Status.NOT_STARTED:
        values |= {"status": row.status, "reason": row.reason, "status_since": clock.now()}
    if into.accountable_id is None and row.accountable_id is not None:
        values |= {"accountable": row.accountable, "assigned_by": row.assigned_by}
    if not into.note:
        values["note"] = row.note
    before = (into.status, into.accountable)
    PhaseActivity.objects.filter(pk=into.pk).update(**values)
    into.refresh_from_db()
    into.was = before  # type: ignore[attr-defined]  # for the drafts alone
    return into


def _make(project: Project, rows: Sequence[PhaseActivity], number: int) -> list[PhaseActivity]:
    if not rows:
        return []
    texts = texts_for(project)
    phases = list(Phase.objects.filter(project=project))
    made = add_phases(
        project,
        [(row.activity, effective_text(texts, row.activity), number) for row in rows],
        ground_of(project, phases, texts),
    )
    for row, new in zip(rows, made, strict=True):
        new.status, new.reason, new.note = row.status, row.reason, row.note
        new.accountable, new.assigned_by = row.accountable, row.assigned_by
        new.contributors_by_hand = row.contributors_by_hand
        new.carried_from, new.origin, new.origin_phase = row, Origin.CARRIED, row.phase_number
        new.activity = row.activity
    fields = ["status", "reason", "note", "accountable", "assigned_by", "contributors_by_hand"]
    fields += ["carried_from", "origin", "origin_phase"]
    PhaseActivity.objects.bulk_update(made, fields)
    Contributor.objects.filter(project=project, phase_activity__in=made).delete()
    helpers = Contributor.objects.filter(project=project, phase_activity__in=rows)
    into = {row.pk: new for row, new in zip(rows, made, strict=True)}
    Contributor.objects.bulk_create(
        Contributor(project=project, phase_activity=into[helper.phase_activity_id], party_id=helper.party_id)
        for helper in helpers
    )
    return made


def _drafts(each: Carried) -> list[Draft]:
    out = Draft("carry over", "phase activity", key_of(each.row), "", {"carried over": [None, key_of(each.into)]})
    changes: dict[str, Any] = {"carried from": [None, key_of(each.row)]}
    if not each.is_new:
        status, party = each.into.was  # type: ignore[attr-defined]  # set by `_join`
        if status != each.into.status:
            changes["status"] = [status, each.into.status]
        if party != each.into.accountable:
            changes["responsible party"] = [
                party.name if party else None,
                each.into.accountable.name if each.into.accountable else None,
            ]
            changes["party id"] = [party.pk if party else None, each.into.accountable_id]
    return [out, Draft("take over", "phase activity", key_of(each.into), "", changes)]
