"""Pinning a record of this system: what it said at one moment, as proof that stays."""

from collections.abc import Sequence

from accounts.models import User
from evidence.choices import Classification
from evidence.models import EvidenceItem
from evidence.services.items import Facts, RecordIn, add_evidence
from projects.models import Party, Project


def pin_record(
    *,
    acting_user: User | None,
    project: Project,
    kind: str,
    key: str,
    content: object,
    title: str,
    shows: str = "",
    refs: Sequence[str] = (),
    classification: str = Classification.INTERNAL,
    owner: Party | None = None,
) -> EvidenceItem:
    """Keep `content` (anything with a canonical JSON) as evidence, under its hash. One trail event.

    `kind` and `key` name the record it was taken from, such as "answer" and "baseline Q-8.6.1-01". Raises NotPermitted,
    RuleBroken for refs that are not there, and TypeError for content that has no canonical JSON.
    """
    return add_evidence(
        acting_user=acting_user,
        project=project,
        content=RecordIn(kind, key, content),
        facts=Facts(title=title, shows=shows, refs=tuple(refs), classification=classification, owner=owner),
    )
