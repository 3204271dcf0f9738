"""Phase 4: what was built goes on, each activity in its rhythm."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_text
from phases.choices import Nature, Rhythm, Status
from phases.domain.rhythm import USUAL, next_due
from phases.models import Contributor, PhaseActivity, Round
from phases.permissions import can_report
from phases.services.make_rows import make_packages
from phases.services.rows import Target, key_of, load_rows
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require, require_capability, write_versioned

OPERATION = 4
LONGEST_NOTE = 2000


def open_operation(project: Project) -> tuple[list[PhaseActivity], list[Draft]]:
    """Make the rows of phase 4: every activity that goes on or reviews, and that applied in its last phase.

    Each goes on with the party, the contributors and `operating_since` of its last row, in the usual rhythm of its
    nature, due for the first time one round from today. What was carried over is there already. Six queries.
    """
    rows = (
        PhaseActivity.objects.filter(project=project, activity__nature__in=[Nature.OPERATE, Nature.REVIEW])
        .select_related("activity")
        .order_by("activity__position", "activity_id", "phase_number")
    )
    last: dict[int, PhaseActivity] = {row.activity_id: row for row in rows}
    going_on = [
        row
        for row in last.values()
        if 1 <= row.phase_number < OPERATION and row.status in (Status.DONE, Status.VERIFIED)
    ]
    today, instant = clock.today(project.time_zone), clock.now()
    made = PhaseActivity.objects.bulk_create(
        PhaseActivity(
            project=project,
            activity=row.activity,
            phase_number=OPERATION,
            status=Status.IN_PROGRESS,
            status_since=instant,
            added_at=instant,
            accountable_id=row.accountable_id,
            assigned_by=row.assigned_by,
            contributors_by_hand=row.contributors_by_hand,
            operating_since=row.operating_since or (today if row.activity.nature == Nature.OPERATE else None),
            rhythm=USUAL[row.activity.nature],
            due=next_due(today, USUAL[row.activity.nature], today),
        )
        for row in going_on
    )
    make_packages(project, ((row.activity.component, OPERATION) for row in made))
    helpers = Contributor.objects.filter(project=project, phase_activity__in=going_on)
    into = {before.pk: row for before, row in zip(going_on, made, strict=True)}
    Contributor.objects.bulk_create(
        Contributor(project=project, phase_activity=into[helper.phase_activity_id], party_id=helper.party_id)
        for helper in helpers
    )
    return made, [
        Draft("go on", "phase activity", key_of(row), "", {"rhythm": [None, row.rhythm], "due": [None, row.due]})
        for row in made
    ]


@transaction.atomic
def set_rhythm(
    *, acting_user: User | None, project: Project, targets: Sequence[Target], rhythm: str
) -> list[PhaseActivity]:
    """Let activities of phase 4 come round so often, or ("") once. All or none.

    Raises RuleBroken for a rhythm that is none and for rows of another phase, StaleWrite for a stale row.
    """
    require_capability(acting_user, "phases.schedule", project)
    if rhythm not in Rhythm.values:
        raise RuleBroken(_("There is no such rhythm."), field="rhythm")
    rows, _ties = load_rows(project, acting_user, targets)
    today = clock.today(project.time_zone)
    drafts = []
    for row, target in zip(rows, targets, strict=True):
        if row.phase_number != OPERATION:
            raise RuleBroken(_("Only what goes on in phase 4 has a rhythm."), field="rhythm")
        before, due_before = row.rhythm, row.due
        values: dict[str, Any] = {"rhythm": rhythm}
        if rhythm and (row.due is None or before == Rhythm.NONE):
            values["due"] = next_due(today, rhythm, today)
        write_versioned(
            row, version=target.version, values=values, shown={_("Rhythm"): before}, sent={_("Rhythm"): rhythm}
        )
        changes: dict[str, Any] = {"rhythm": [before, rhythm]}
        if due_before != row.due:
            changes["due"] = [due_before, row.due]
        if before != rhythm:
            drafts.append(Draft("set rhythm", "phase activity", key_of(row), "", changes))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return rows


@transaction.atomic
def finish_round(
    *, acting_user: User | None, project: Project, target: Target, done_on: date | None = None, note: str = ""
) -> Round:
    """Say that an activity of phase 4 was seen to this time, on `done_on` (default today); it is due again next time.

    Raises RuleBroken for a row without a rhythm, a day to come, or one before the last round; StaleWrite for a stale
    row, so that a double click counts once.
    """
    (row,), ties = load_rows(project, acting_user, [target])
    require(can_report(access_to(project, acting_user), row, ties.own, ties.helped))
    today = clock.today(project.time_zone)
    day = done_on or today
    if not row.rhythm or row.due is None:
        raise RuleBroken(_("This activity has no rhythm."))
    if row.status == Status.NOT_APPLICABLE:
        raise RuleBroken(_("This activity is not applicable."))
    if day > today:
        raise RuleBroken(_("This day has not come yet."), field="done_on")
    last = Round.objects.filter(phase_activity=row).order_by("-done_on").first()
    if last is not None and day < last.done_on:
        raise RuleBroken(_("The last time was later: %(day)s.") % {"day": last.done_on.isoformat()}, field="done_on")
    words = clean_text(note)
    if len(words) > LONGEST_NOTE:
        raise RuleBroken(_("A note has 2,000 characters at most here."), field="note")
    due = row.due
    write_versioned(
        row,
        version=target.version,
        values={"due": next_due(due, row.rhythm, max(day, due))},
        shown={_("Due"): due.isoformat()},
        sent={_("Seen to on"): day.isoformat()},
    )
    made = Round.objects.create(
        project=project,
        phase_activity=row,
        rhythm=row.rhythm,
        due=due,
        done_on=day,
        done_by=acting_user,
        note=words,
        recorded_at=clock.now(),
    )
    changes = {"round": [None, day], "due": [due, row.due]}
    record_events(
        stream_id=project.uuid,
        acting_user=acting_user,
        drafts=[Draft("finish round", "phase activity", key_of(row), "", changes, words)],
    )
    return made
