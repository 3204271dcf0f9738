"""Lists of a project as rows of a file."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from audittrail.models import Event
from audittrail.sentences import facts_of, sentence_of

TRAIL_HEADER = (
    "seq",
    "at",
    "actor",
    "via",
    "action",
    "kind",
    "key",
    "sentence",
    "changes",
    "reason",
    "correlation_id",
    "payload_sha256",
    "hash",
)


def trail_rows(events: Iterable[Event], names: Mapping[int, str]) -> Iterator[tuple[Any, ...]]:
    """`events`, a row each under TRAIL_HEADER; instants in UTC, changes as JSON."""
    for event in events:
        facts = facts_of(event, names)
        yield (
            event.seq,
            event.at.isoformat(),
            facts.actor,
            facts.via,
            event.action,
            event.kind,
            event.key,
            sentence_of(facts).text,
            json.dumps(facts.changes, ensure_ascii=False, sort_keys=True) if facts.changes else "",
            facts.reason,
            facts.correlation_id,
            event.payload_sha256,
            event.hash,
        )
