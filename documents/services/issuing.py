"""Publishing a version and asking people to read it, in one act."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import User
from documents.models import DocumentVersion
from documents.services.publishing import publish_version
from documents.services.reading import ask_groups
from projects.models import Party


@transaction.atomic
def issue_version(
    *,
    acting_user: User | None,
    version: DocumentVersion,
    lock: int,
    effective_on: date,
    readers: Sequence[tuple[str, Sequence[Party]]] = (),
    due: date | None = None,
) -> tuple[DocumentVersion, int]:
    """Put `version` in force, at once or later, and ask `readers` (by role) to read it by `due`: both, or nothing.

    The version, and how many were asked. Raises as `publish_version` and `ask_groups`.
    """
    published = publish_version(acting_user=acting_user, version=version, lock=lock, effective_on=effective_on)
    if not readers or due is None:
        return published, 0
    return published, ask_groups(acting_user=acting_user, version=published, groups=readers, due=due)
