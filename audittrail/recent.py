"""The last acts of a stream: what was done at once to many objects is one act."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audittrail.models import Event
from audittrail.selectors import events_of
from audittrail.sentences import Facts, Sentence, facts_of, sentence_of, sentence_of_many

WINDOW = 300


@dataclass(frozen=True, slots=True)
class Act:
    """One act, in words. `count` objects were changed by it; `seq` is its last event."""

    seq: int
    at: datetime
    actor: str
    is_system: bool
    count: int
    sentence: Sentence


def recent_acts(stream_id: UUID, limit: int, *, before: datetime | None = None) -> list[Act]:
    """The last `limit` acts of a stream (before an instant where one is given), newest first.

    One query, or two where an act reaches behind the window.
    """
    found = events_of(stream_id)
    if before is not None:
        found = found.filter(at__lt=before)
    events = list(found[: WINDOW + 1])
    acts: list[Act] = []
    for group in _groups(events[:WINDOW]):
        if len(acts) == limit:
            break
        facts, count = group[0], len(group)
        if len(events) > WINDOW and group[-1].seq == events[WINDOW - 1].seq:
            count = _count_of(stream_id, facts)
        acts.append(
            Act(
                seq=facts.seq,
                at=facts.at,
                actor=facts.actor,
                is_system=facts.actor_id is None,
                count=count,
                sentence=sentence_of(facts) if count == 1 else sentence_of_many(facts, count),
            )
        )
    return acts


def _groups(events: Iterable[Event]) -> Iterator[list[Facts]]:
    """Events that one sentence covers: recorded at the same instant, each on another object, and said alike."""
    group: list[Facts] = []
    keys: set[str] = set()
    said: tuple[object, ...] = ()
    for event in events:
        facts = facts_of(event)
        # That the sentence for many is the same for each of them is what makes it true of all.
        now = (facts.at, facts.actor_id, facts.action, facts.kind, sentence_of_many(facts, 2).text)
        if group and (now != said or facts.key in keys):
            yield group
            group, keys = [], set()
        group.append(facts)
        keys.add(facts.key)
        said = now
    if group:
        yield group


def _count_of(stream_id: UUID, facts: Facts) -> int:
    return (
        events_of(stream_id)
        .filter(seq__lte=facts.seq, at=facts.at, actor_id=facts.actor_id, action=facts.action, kind=facts.kind)
        .count()
    )
