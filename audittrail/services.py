"""The one way to write a trail."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction

from audittrail import context
from audittrail.domain import GENESIS, link_hash, link_mac, payload_hash
from audittrail.models import Event, Stream
from common import clock
from common.canonical import canonical_json

SCHEMA_VERSION = 1
INSTALLATION_STREAM = UUID(int=1)


class Actor(Protocol):
    """Whoever acts: a user of the application."""

    pk: Any
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded about one object.

    `changes` maps a field to `[before, after]`, or for a new object to its value. `label` is how a person
    would name the object.
    """

    action: str
    kind: str
    key: str
    label: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def open_stream(*, stream_id: UUID, kind: str, label: str) -> Stream:
    """Begin the stream of a new project or organization; an existing one is returned as it is."""
    stream, _ = Stream.objects.get_or_create(
        id=stream_id, defaults={"kind": kind, "label": label[:200], "head_hash": GENESIS}
    )
    return stream


@transaction.atomic
def record_events(*, stream_id: UUID, acting_user: Actor | None, drafts: Sequence[Draft]) -> list[Event]:
    """Append `drafts` to a stream, in order, under one lock of its head.

    Call it last in a service: the head stays locked until the transaction ends. `acting_user` None is the
    application itself ("system"). Raises Stream.DoesNotExist where the stream was never opened.
    """
    if not drafts:
        return []
    stream = Stream.objects.select_for_update().get(pk=stream_id)
    came = context.current()
    at = clock.now()
    actor_id = acting_user.pk if acting_user is not None else None
    actor_label = (acting_user.name or acting_user.email) if acting_user is not None else "system"
    previous = stream.head_hash
    events = []
    for seq, draft in enumerate(drafts, start=stream.head_seq + 1):
        payload = canonical_json(
            {
                "at": at,
                "actor_id": actor_id,
                "actor": actor_label,
                "via": came.via,
                "action": draft.action,
                "kind": draft.kind,
                "key": draft.key,
                "label": draft.label,
                "changes": dict(draft.changes),
                "reason": draft.reason,
                "correlation_id": came.correlation_id,
                "schema_version": SCHEMA_VERSION,
            }
        )
        salt = secrets.token_hex(16)
        digest = payload_hash(salt, payload)
        hash_ = link_hash(seq, previous, digest)
        events.append(
            Event(
                stream=stream,
                seq=seq,
                at=at,
                actor_id=actor_id,
                action=draft.action,
                kind=draft.kind,
                key=draft.key,
                payload=payload,
                salt=salt,
                payload_sha256=digest,
                prev_hash=previous,
                hash=hash_,
                mac=link_mac(settings.TRAIL_KEY, hash_),
                mac_key_id=settings.TRAIL_KEY_ID,
            )
        )
        previous = hash_
    Event.objects.bulk_create(events)
    Stream.objects.filter(pk=stream_id).update(head_seq=events[-1].seq, head_hash=previous)
    return events


def record_event(*, stream_id: UUID, acting_user: Actor | None, draft: Draft) -> Event:
    """Append one event (see `record_events`)."""
    return record_events(stream_id=stream_id, acting_user=acting_user, drafts=[draft])[0]


def record_installation_event(*, acting_user: Actor | None, draft: Draft) -> Event:
    """Append to the installation's own stream, which is opened on first use."""
    open_stream(stream_id=INSTALLATION_STREAM, kind="installation", label="This installation")
    return record_event(stream_id=INSTALLATION_STREAM, acting_user=acting_user, draft=draft)
