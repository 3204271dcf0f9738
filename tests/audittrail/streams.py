"""A small stream for the tests of the trail, and ways to do to it what must never happen."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from audittrail import triggers
from audittrail.models import Event, Stream
from audittrail.services import Draft, open_stream, record_events

STREAM = UUID(int=42)


def small_stream(count: int = 5) -> Stream:
    """A stream of `count` events, one act each."""
    open_stream(stream_id=STREAM, kind="project", label="Small")
    for number in range(1, count + 1):
        record_events(
            stream_id=STREAM,
            acting_user=None,
            drafts=[Draft("change", "thing", f"T{number}", f"Thing {number}", {"size": [number, number + 1]})],
        )
    return Stream.objects.get(pk=STREAM)


def lifted() -> AbstractContextManager[None]:
    """What somebody with the database in hand can do: the triggers are gone for the block."""
    return triggers.lifted(connection)


def events() -> QuerySet[Event]:
    """The events of the small stream; the database holds those of the cast too."""
    return Event.objects.filter(stream_id=STREAM)


def alter(seq: int, **values: Any) -> None:
    """Change an event behind the application's back."""
    with lifted():
        events().filter(seq=seq).update(**values)
