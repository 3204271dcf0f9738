"""Giving rows back the status they had before they were left out, with the words that belonged to it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from audittrail.models import Event
from audittrail.selectors import history_of
from audittrail.services import Draft
from common import clock
from phases.choices import Status
from phases.domain.replay import ROW_KIND
from phases.models import PhaseActivity
from phases.selectors.tailoring import CHANGE_STATUS
from phases.services.rows import key_of
from projects.models import Project
from projects.services.guards import write_versioned


def status_events(project: Project, key: str) -> list[Event]:
    """The changes of status of a row, newest first. One query."""
    return list(history_of(project.uuid, ROW_KIND, [key]).filter(action=CHANGE_STATUS))


def _before(events: Sequence[Event]) -> dict[str, Any]:
    """What the newest change of status changed, with what was said when the row came to have the status before."""
    if not events:
        return {"status": Status.NOT_STARTED, "reason": "", "operating_since": None}
    changes = events[0].content.get("changes", {})
    before = str(changes.get("status", [Status.NOT_STARTED])[0])
    earlier = next((event.content for event in events[1:]), {})
    same = earlier.get("changes", {}).get("status", [""])[-1] == before
    since = changes.get("operating since", [None])[0]
    return {
        "status": before,
        "reason": str(earlier.get("reason", "")) if same else "",
        "operating_since": date.fromisoformat(since) if since else None,
    }


def restore_drafts(project: Project, rows: Sequence[PhaseActivity], why: str) -> list[Draft]:
    """Take back the newest change of status of each of `rows`; returns the drafts for the trail.

    Nobody checks the table of transitions: the row had that status. Two queries for each row.
    """
    drafts = []
    for row in rows:
        values = _before(status_events(project, key_of(row)))
        before, status, since = row.status, values["status"], row.operating_since
        write_versioned(
            row,
            version=row.version,
            values={**values, "status_since": clock.now()},
            shown={_("Status"): str(Status(before).label)},
            sent={_("Status"): str(Status(status).label)},
        )
        changes: dict[str, Any] = {"status": [before, status]}
        if since != row.operating_since:
            changes["operating since"] = [since, row.operating_since]
        drafts.append(Draft(CHANGE_STATUS, ROW_KIND, key_of(row), "", changes, why))
    return drafts
