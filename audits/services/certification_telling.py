"""The trail row of an act on the way to the certificate, on what comes round, and on new and changed services."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from audittrail.services import Draft, record_event
from evidence.models import EvidenceItem
from projects.models import Party, Project


def tell(
    acting_user: User | None,
    project: Project,
    draft: Draft,
) -> None:
    """Record what `draft` says in the trail of `project`, last in its service."""
    record_event(stream_id=project.uuid, acting_user=acting_user, draft=draft)


def plain(value: object) -> object:
    """A value as the trail keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Party):
        return value.name
    return value.key if isinstance(value, EvidenceItem) else value


def differences(row: Any, values: Mapping[str, object]) -> dict[str, list[object]]:
    """What `values` would change of `row`, before and after, as the trail keeps it."""
    return {
        name: [plain(getattr(row, name)), plain(value)] for name, value in values.items() if getattr(row, name) != value
    }
