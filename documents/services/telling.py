"""The trail row of an act on a document, and whom to tell of it.

The act writes one row, in its transaction; whom it concerns is found by the next round of sending.
"""

from collections.abc import Iterable, Mapping

from accounts.models import User
from audittrail.services import Draft, record_event
from documents.choices import Classification
from documents.models import Document, DocumentVersion
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import occur
from projects.models import Party

#: What the trail may say of a confidential document.
_PLAIN = frozenset(
    {"version", "after", "sha256", "state", "effective on", "review on", "record", "obsolete", "own work"}
)
ASKED, DECIDED = "document approval", "document decided"
TO_READ, READ_LATE = "document to read", "document reading overdue"
VALUE_MISSING = "objective value missing"
REVIEW_DUE, REVIEW_LATE = "document review due", "document review overdue"


def tell_of(
    acting_user: User | None, document: Document, action: str, changes: Mapping[str, object], reason: str = ""
) -> None:
    """Record `action` on `document`, last in its service.

    More people read the trail than may see a confidential document: of such a one it holds number, versions and hashes,
    no words.
    """
    hidden = document.classification == Classification.CONFIDENTIAL
    said = {name: pair for name, pair in changes.items() if not hidden or name in _PLAIN}
    key, label = (document.number, "") if hidden else (document.key, str(document))
    record_event(
        stream_id=document.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "document", key, label, said, "" if hidden else reason),
    )


def tell_of_version(
    acting_user: User | None,
    version: DocumentVersion,
    action: str,
    changes: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Record `action` on `version`, last in its service."""
    said = {"version": [None, str(version.number)], **(changes or {})}
    tell_of(acting_user, version.document, action, said, reason)


def tell_asked(version: DocumentVersion, acting_user: User | None, people: Iterable[User]) -> None:
    """Let `people` know that they are asked to decide about `version`."""
    facts = {"version": version.pk, "round": version.round, "people": [each.pk for each in people]}
    occur(version.document.project, ASKED, acting_user=acting_user, facts=facts)


def tell_decided(version: DocumentVersion, acting_user: User | None) -> None:
    """Let whoever sent `version` know what became of it."""
    if version.submitted_by_id is not None:
        facts = {"version": version.pk, "round": version.round, "person": version.submitted_by_id}
        occur(version.document.project, DECIDED, acting_user=acting_user, facts=facts)


def tell_readers(version: DocumentVersion, acting_user: User | None, readers: Iterable[Party]) -> None:
    """Let `readers` know that they are asked to read `version`."""
    facts = {"version": version.pk, "people": [each.user_id for each in readers if each.user_id is not None]}
    occur(version.document.project, TO_READ, acting_user=acting_user, facts=facts)


def news_of_readers(occasion: Occasion) -> list[News]:
    """Who is asked to read which version; each is told once. No query."""
    version = occasion.facts["version"]
    return [
        News(person, TO_READ, f"document version {version}", occasion.project_id, version)
        for person in occasion.facts["people"]
    ]


def news_of_asked(occasion: Occasion) -> list[News]:
    """Who is asked about which version; each is told once a round. No query."""
    version, turn = occasion.facts["version"], occasion.facts["round"]
    return [
        News(person, ASKED, f"document version {version} round {turn}", occasion.project_id, version)
        for person in occasion.facts["people"]
    ]


def news_of_decided(occasion: Occasion) -> list[News]:
    """Who sent the version that is decided. No query."""
    version, turn = occasion.facts["version"], occasion.facts["round"]
    return [
        News(
            occasion.facts["person"],
            DECIDED,
            f"document version {version} round {turn}",
            occasion.project_id,
            version,
        )
    ]
