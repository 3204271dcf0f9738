"""What an assessment asks of the plan beyond a status: flags and dates, each row for its own reason."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken
from phases.choices import IMPROVE_ONLY
from phases.models import PhaseActivity, ProjectActivity
from phases.services.rows import Target, check_due, key_of, load_rows
from projects.models import Project
from projects.services.guards import lock_project, require_capability, write_versioned


@transaction.atomic
def set_improve_only(
    *,
    acting_user: User | None,
    project: Project,
    targets: Sequence[Target],
    improve_only: bool,
    reasons: Mapping[int, str] | None = None,
) -> list[PhaseActivity]:
    """Say of rows that what they ask is met already and only made better, or no longer so. All or none.

    `reasons` by row go into the trail. Raises RowsRefused for rows of a closed phase, StaleWrite for a stale row.
    """
    require_capability(acting_user, "phases.tailor", project)
    rows, _ties = load_rows(project, acting_user, targets)
    drafts = []
    for row, target in zip(rows, targets, strict=True):
        before = row.is_improve_only
        name = _("Improve only")
        write_versioned(
            row,
            version=target.version,
            values={"is_improve_only": improve_only},
            shown={name: _yes(before)},
            sent={name: _yes(improve_only)},
        )
        if before != improve_only:
            changes = {"improve only": [before, improve_only]}
            drafts.append(
                Draft(IMPROVE_ONLY, "phase activity", key_of(row), "", changes, (reasons or {}).get(row.pk, ""))
            )
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return rows


@transaction.atomic
def set_key(
    *, acting_user: User | None, project: Project, refs: Mapping[str, str], is_key: bool
) -> list[ProjectActivity]:
    """Make activities key activities, about which the gate of their phase asks, or no longer so. All or none.

    `refs` names each with its reason for the trail; those that stand so already stay. Raises
    ProjectActivity.DoesNotExist for a ref that the plan has not.
    """
    require_capability(acting_user, "phases.tailor", project)
    lock_project(project)
    found = list(ProjectActivity.objects.filter(project=project, ref__in=refs).order_by("position", "ref"))
    if len(found) != len(refs):
        raise ProjectActivity.DoesNotExist
    drafts = []
    changed = []
    for activity in found:
        if activity.is_key == is_key:
            continue
        write_versioned(activity, version=activity.version, values={"is_key": is_key}, shown={}, sent={})
        changed.append(activity)
        changes = {"key": [not is_key, is_key]}
        drafts.append(Draft("change", "activity", activity.ref, activity.title, changes, refs[activity.ref]))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return changed


@transaction.atomic
def move_due(
    *,
    acting_user: User | None,
    project: Project,
    targets: Sequence[Target],
    days: Mapping[int, date],
    reasons: Mapping[int, str] | None = None,
) -> list[PhaseActivity]:
    """Give each row the due date of its own that `days` has for it, with its reason. All or none.

    Raises RuleBroken for a row without a day and for days that `check_due` refuses, StaleWrite for a stale row.
    """
    require_capability(acting_user, "phases.schedule", project)
    rows, _ties = load_rows(project, acting_user, targets)
    drafts = []
    for row, target in zip(rows, targets, strict=True):
        day = days.get(row.pk)
        if day is None:
            raise RuleBroken(_("Give a day for %(ref)s.") % {"ref": row.activity.ref}, field="due")
        check_due(project, day)
        before = row.due
        write_versioned(
            row,
            version=target.version,
            values={"due": day, "due_is_own": True},
            shown={_("Due"): before.isoformat() if before else ""},
            sent={_("Due"): day.isoformat()},
        )
        if before != day:
            changes = {"due": [before, day]}
            drafts.append(
                Draft("reschedule", "phase activity", key_of(row), "", changes, (reasons or {}).get(row.pk, ""))
            )
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return rows


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
