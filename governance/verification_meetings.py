"""Approved minutes still say what their record says."""

import json
from collections.abc import Iterator

from common.canonical import canonical_json
from governance.models import Meeting
from governance.selectors.meetings import meeting_plain

FIXED = ("ref", "starts_at", "minutes_long", "place", "state", "agenda", "minutes")
"""What of a meeting never changes once its minutes are approved. The project's time zone may, and so may what became of
its decisions and actions."""


def check_meetings(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each meeting whose approved minutes, or who was there, are not what was pinned."""
    rows = Meeting.objects.filter(minutes_approved_at__isnull=False)
    for row in rows.select_related("project", "record__revision").iterator(chunk_size=50):
        name = f"the minutes of {row.ref} of {row.project.slug}"
        revision = row.record.revision if row.record is not None else None
        if revision is None:
            yield f"{name} have no record"
            continue
        if revision.disposed_at is not None:
            # Disposed of by the rules of retention: there is nothing left to compare with.
            continue
        kept = json.loads(revision.record or "{}")
        now = json.loads(canonical_json(meeting_plain(row)))
        changed = [each for each in FIXED if kept.get(each) != now[each]]
        # Not the names: people may take another.
        there = [[each["presence"], each["deputy"]] for each in kept.get("attendance", ())]
        if there != [[each["presence"], each["deputy"]] for each in now["attendance"]]:
            changed.append("attendance")
        if changed:
            yield f"{name} are not what was approved: {', '.join(each.replace('_', ' ') for each in changed)}"
