"""Is every stream whole, and are the triggers in place?"""

import json
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from audittrail import triggers
from audittrail.domain import GENESIS, Link, faults_of
from audittrail.models import Checkpoint, Event, Stream
from common import clock

_FIELDS = ("seq", "payload", "salt", "payload_sha256", "prev_hash", "hash", "mac")


def check_stream(stream: Stream, *, resume: bool = False) -> Iterator[str]:
    """Yield a sentence for each fault of one stream; leave a checkpoint when it is whole.

    With `resume` the check starts behind the last checkpoint, whose hash must still be there.
    """
    seq, previous = 0, GENESIS
    events = Event.objects.filter(stream=stream).order_by("seq")
    checkpoint = Checkpoint.objects.filter(stream=stream).first() if resume else None
    if checkpoint is not None:
        if not events.filter(seq=checkpoint.seq, hash=checkpoint.hash).exists():
            yield f"{stream}: event {checkpoint.seq} is not what it was at the last check"
        seq, previous = checkpoint.seq, checkpoint.hash
        events = events.filter(seq__gt=checkpoint.seq)
    whole = True
    # Beside the chain, the columns that lists filter by must say what the payload says.
    for row in events.values_list(*_FIELDS, "action", "kind", "key", "actor_id").iterator(chunk_size=5000):
        link = Link(*row[:7])
        faults = faults_of(link, expected_seq=seq + 1, expected_prev=previous, key=settings.TRAIL_KEY)
        if link.payload is not None and not faults and _columns_differ(link.payload, row[7:]):
            faults = [f"event {link.seq} was altered: its columns differ from its content"]
        for fault in faults:
            whole = False
            yield f"{stream}: {fault}"
        seq, previous = link.seq, link.hash
    if (seq, previous) != (stream.head_seq, stream.head_hash):
        whole = False
        yield f"{stream}: ends at event {seq}, its head says {stream.head_seq}"
    if whole and seq:
        Checkpoint.objects.update_or_create(stream=stream, defaults={"seq": seq, "hash": previous, "at": clock.now()})


def _columns_differ(payload: str, columns: tuple[str, str, str, int | None]) -> bool:
    content = json.loads(payload)
    return (content["action"], content["kind"], content["key"], content["actor_id"]) != columns


def check_streams(resume: bool) -> Iterator[str]:
    """Check every stream of the installation."""
    for stream in Stream.objects.order_by("kind", "label", "id"):
        yield from check_stream(stream, resume=resume)


def check_triggers(_resume: bool) -> Iterator[str]:
    """Check that the database itself still refuses to change an event."""
    for name in triggers.missing(connection):
        yield f"the trigger {name} is missing; run manage.py migrate to make it again"
