"""Taking rows out of a plan again, as long as nothing was reported on them. The event keeps them for past days."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from audittrail.selectors import history_of
from common.exceptions import RuleBroken
from notifications.models import Comment
from phases.choices import PhaseState
from phases.domain.replay import ROW_KIND
from phases.models import ActivityLink, Contributor, Phase, PhaseActivity, ProjectActivity
from phases.selectors.as_of import records_of
from phases.selectors.tailoring import ADD_OWN, ADD_PART, ADD_PHASE, REMOVE_ROW
from phases.services.rows import key_of
from projects.models import Project

COMMENTED = "activity"
# What somebody says about the work; dates and people are planning, and go with the row.
REPORTS = frozenset({"change status", "write note", "finish round", "go on", "carry over", "take over"})
_MADE = frozenset({ADD_PHASE, ADD_PART, ADD_OWN, REMOVE_ROW})


def refuse_reported(project: Project, rows: Sequence[PhaseActivity], *, refs: Collection[str] = ()) -> None:
    """Raise RuleBroken where one of `rows` lies in a closed phase or somebody has reported on it.

    `refs` are activities that would go altogether: then a comment on one holds them too. Three queries.
    """
    closed = set(Phase.objects.filter(project=project, state=PhaseState.CLOSED).values_list("number", flat=True))
    for row in rows:
        if row.phase_number in closed:
            raise RuleBroken(
                _("Phase %(number)d is closed; %(ref)s stays in it as it was.")
                % {"number": row.phase_number, "ref": row.activity.ref}
            )
    keys = [key_of(row) for row in rows]
    noted = next((key_of(row) for row in rows if row.note or row.done_at or row.carried_from_id), "")
    name = _reported(project, keys) or noted
    if name:
        raise RuleBroken(
            _("Work was reported on %(ref)s in phase %(phase)s, so it stays. Leave it out as not applicable instead.")
            % {"ref": name.rpartition("@")[0], "phase": name.rpartition("@")[2]}
        )
    said = Comment.objects.filter(project=project, kind=COMMENTED, key__in=refs).values_list("key", flat=True).first()
    if said:
        raise RuleBroken(
            _("Somebody commented on %(ref)s, so it stays. Leave it out as not applicable instead.") % {"ref": said}
        )


def _reported(project: Project, keys: Collection[str]) -> str:
    """One of `keys` on which somebody reported since the row that stands there was made, or "". One query."""
    told: dict[str, bool] = {}
    events = history_of(project.uuid, ROW_KIND, keys).filter(action__in=REPORTS | _MADE).order_by("seq")
    for key, action in events.values_list("key", "action"):
        told[key] = action in REPORTS
    return next((key for key, is_report in told.items() if is_report), "")


def remove_rows(
    project: Project, rows: Sequence[PhaseActivity], activities: Sequence[ProjectActivity] = ()
) -> list[dict[str, Any]]:
    """Take `rows` out, and `activities` with them; returns the rows as they stood, for the views of past days.

    Raises RuleBroken where something of another part hangs on one of them.
    """
    records = records_of(project, {key_of(row) for row in rows})
    try:
        Contributor.objects.filter(project=project, phase_activity__in=rows).delete()
        PhaseActivity.objects.filter(project=project, pk__in=[row.pk for row in rows]).delete()
        if activities:
            ActivityLink.objects.filter(project=project, before__in=activities).delete()
            ActivityLink.objects.filter(project=project, after__in=activities).delete()
            ProjectActivity.objects.filter(project=project, pk__in=[each.pk for each in activities]).delete()
    except ProtectedError as error:
        raise RuleBroken(
            _("Something else of the project hangs on it, so it stays. Leave it out as not applicable instead.")
        ) from error
    return records
