"""The trail row of an act on an item."""

from collections.abc import Mapping

from accounts.models import User
from audittrail.services import Draft, record_event
from evidence.choices import Classification
from evidence.models import EvidenceItem

#: Changes that quote what somebody wrote.
_WORDS = frozenset({"title", "shows", "owner"})


def tell_of(
    acting_user: User | None, item: EvidenceItem, action: str, changes: Mapping[str, object], reason: str = ""
) -> None:
    """Record `action` on `item`, last in its service.

    More people read the trail than may see a confidential item: of such a one it holds key, hashes and refs, no words.
    """
    hidden = item.classification == Classification.CONFIDENTIAL
    said = {name: pair for name, pair in changes.items() if not hidden or name not in _WORDS}
    record_event(
        stream_id=item.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "evidence", item.key, "" if hidden else item.title, said, "" if hidden else reason),
    )
