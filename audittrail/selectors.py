"""Reads of the trail. Whoever calls these has checked that the person may read the stream."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from audittrail.models import Event


def events_of(stream_id: UUID) -> QuerySet[Event]:
    """The events of one stream, newest first."""
    return Event.objects.filter(stream_id=stream_id).order_by("-seq")


def history_of(stream_id: UUID, kind: str, keys: Collection[str]) -> QuerySet[Event]:
    """The events on some objects of one kind in one stream, newest first."""
    return events_of(stream_id).filter(kind=kind, key__in=keys)
