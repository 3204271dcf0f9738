"""Is every stream whole, and are the triggers in place?"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from audittrail import triggers
from audittrail.domain import GENESIS, Link, faults_of
from audittrail.models import Checkpoint, Event, Stream
from common import clock

# A lawful disposal of a payload is an event of its own: action "dispose", this kind, the sequence number as key.
EVENT_KIND = "trail event"
_FIELDS = ("seq", "payload", "salt", "payload_sha256", "prev_hash", "hash", "mac")


def check_stream(stream: Stream, *, resume: bool = False) -> Iterator[str]:
    """Yield a sentence for each fault of one stream; leave a checkpoint when it is whole.

    With `resume` the check starts behind the last checkpoint, whose hash must still be there.
    """
    seq, previous, whole = 0, GENESIS, True
    events = Event.objects.filter(stream=stream).order_by("seq")
    checkpoint = Checkpoint.objects.filter(stream=stream).first()
    if checkpoint is not None:
        if not events.filter(seq=checkpoint.seq, hash=checkpoint.hash).exists():
            whole = False
            yield f"{stream}: event {checkpoint.seq} is not what it was at the last check"
        if resume:
            seq, previous = checkpoint.seq, checkpoint.hash
            events = events.filter(seq__gt=checkpoint.seq)
    disposed = set(Event.objects.filter(stream=stream, action="dispose", kind=EVENT_KIND).values_list("key", flat=True))
    # Beside the chain, the columns that lists filter by must say what the payload says.
    fields = (*_FIELDS, "mac_key_id", "action", "kind", "key", "actor_id", "at")
    for row in events.values_list(*fields).iterator(chunk_size=5000):
        link = Link(*row[:7])
        key = settings.TRAIL_KEYS.get(row[7])
        faults = faults_of(link, expected_seq=seq + 1, expected_prev=previous, key=key)
        if key is None:
            faults.append(f"event {link.seq} names the trail key {row[7]!r}, which is not set")
        if link.payload is None and str(link.seq) not in disposed:
            faults.append(f"event {link.seq} has lost its content, and no event says that it was disposed of")
        elif link.payload is not None and not faults and _columns_differ(link.payload, row[8:]):
            faults.append(f"event {link.seq} was altered: its columns differ from its content")
        for fault in faults:
            whole = False
            yield f"{stream}: {fault}"
        seq, previous = link.seq, link.hash
    if (seq, previous) != (stream.head_seq, stream.head_hash):
        whole = False
        yield f"{stream}: ends at event {seq}, its head says {stream.head_seq}"
    if whole and seq:
        Checkpoint.objects.update_or_create(stream=stream, defaults={"seq": seq, "hash": previous, "at": clock.now()})


def _columns_differ(payload: str, columns: tuple[str, str, str, int | None, datetime]) -> bool:
    content = json.loads(payload)
    told = (content["action"], content["kind"], content["key"], content["actor_id"])
    return told != columns[:4] or datetime.fromisoformat(content["at"]) != columns[4]


def check_streams(resume: bool) -> Iterator[str]:
    """Check every stream of the installation."""
    for stream in Stream.objects.order_by("kind", "label", "id"):
        yield from check_stream(stream, resume=resume)


def check_triggers(_resume: bool) -> Iterator[str]:
    """Check that the database itself still refuses to change an event."""
    for name in triggers.missing(connection):
        yield f"the trigger {name} is missing or altered; run manage.py migrate to make it again"


def check_kept_heads(kept: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence for each end in a file of `export_trail_heads` that the trail no longer has."""
    for head in kept.get("heads", []):
        stands = Event.objects.filter(stream_id=head["stream"], seq=head["seq"], hash=head["hash"])
        if head["seq"] and not stands.exists():
            yield f"{head['kind']} {head['label']}: event {head['seq']} of {kept.get('at', 'then')} is gone or altered"
