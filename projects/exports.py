"""Lists of a project as CSV."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from audittrail.models import Event
from audittrail.sentences import facts_of, sentence_of
from common.spreadsheet import to_csv

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


def trail_csv(events: Iterable[Event], names: Mapping[int, str]) -> str:
    """`events` as CSV, a row each; instants in UTC, changes as JSON."""
    return to_csv(TRAIL_HEADER, _trail_rows(events, names))


def _trail_rows(events: Iterable[Event], names: Mapping[int, str]) -> Iterator[tuple[Any, ...]]:
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
