"""What the trail says of comments.

More people read the trail than may read what some comments are on: apps say which objects are covered, and under which
name the trail knows them.
"""

from collections.abc import Mapping

from accounts.models import User
from audittrail.services import Draft, record_event
from notifications.registry import comment_covers
from projects.models import Project

#: What stands in place of the words.
UNSAID = "(confidential)"


def tell_of_talk(
    acting_user: User | None, project: Project, action: str, kind: str, key: str, changes: Mapping[str, object]
) -> None:
    """Record `action` on what was said on an object, last in its service; of a covered object without the words."""
    cover = comment_covers[kind](project, key) if kind in comment_covers else ""
    said = dict.fromkeys(changes, UNSAID) if cover else dict(changes)
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(action, kind, cover or key, "", said),
    )
