"""The trail row of an act on an item."""

from collections.abc import Mapping

from accounts.models import User
from audittrail.services import Draft, record_event
from evidence.models import EvidenceItem


def tell_of(
    acting_user: User | None, item: EvidenceItem, action: str, changes: Mapping[str, object], reason: str = ""
) -> None:
    """Record `action` on `item`, last in its service."""
    record_event(
        stream_id=item.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "evidence", item.key, item.title, changes, reason),
    )
