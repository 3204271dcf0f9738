"""The trail of one project, as its page and its export show it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User, initials_of
from audittrail.models import Event, Stream
from audittrail.selectors import events_of
from audittrail.sentences import Facts, Sentence, facts_of, field_title, sentence_of, shown, title_of
from common import clock
from projects.models import Project

PAGE_SIZE = 50
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """What of the trail is asked for. `person` is a user's id or "system"; days are the project's.

    `before` and `after` are sequence numbers: the page begins behind the one, or ends in front of the other.
    """

    person: str = ""
    kind: str = ""
    action: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    mine: bool = False
    before: int | None = None
    after: int | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.person or self.kind or self.action or self.text or self.since or self.until or self.mine)

    @property
    def ends_before_it_starts(self) -> bool:
        """Whether no day can fit."""
        return self.since is not None and self.until is not None and self.until < self.since


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an event. `before` is None for a value that stands alone, as in a new object."""

    field: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One event with everything the page says about it; `at` is in the project's time zone."""

    seq: int
    at: datetime
    sentence: Sentence
    initials: str
    is_system: bool
    kind: str
    action: str
    key: str
    via: str
    reason: str
    correlation_id: str
    changes: tuple[Change, ...]
    disposed: bool
    hash: str
    prev_hash: str
    payload_sha256: str
    undo_url: str = ""


@dataclass(frozen=True, slots=True)
class TrailDay:
    """The entries of one day."""

    day: date
    entries: list[TrailEntry]


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A page of entries, newest first, with where the pages before and behind it begin."""

    days: list[TrailDay]
    count: int
    total: int
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a filter."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class TrailChoices:
    """What the filters offer: only what stands in this project's trail. `names` are people by user id."""

    people: list[Choice]
    kinds: list[Choice]
    actions: list[Choice]
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Chain:
    """How long the chain is, where it ends, and when it was last found whole."""

    head_seq: int
    head_hash: str
    checked_at: datetime | None
    checked_seq: int


def choices_of(project: Project) -> TrailChoices:
    """What can be filtered by. Three queries."""
    events = Event.objects.filter(stream_id=project.uuid)
    actors = set(events.order_by().values_list("actor_id", flat=True).distinct())
    acts = set(events.order_by().values_list("kind", "action").distinct())
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=[pk for pk in actors if pk is not None])}
    people = [Choice(str(pk), name) for pk, name in sorted(names.items(), key=lambda pair: pair[1].lower())]
    if None in actors:
        people.append(Choice(SYSTEM, _("The system")))
    kinds = [Choice(kind, title_of(kind)) for kind in sorted({kind for kind, _action in acts})]
    actions = [Choice(action, action.capitalize()) for action in sorted({action for _kind, action in acts})]
    return TrailChoices(people, kinds, actions, names)


def chain_of(project: Project) -> Chain | None:
    """The state of the project's chain. One query."""
    stream = Stream.objects.select_related("checkpoint").filter(pk=project.uuid).first()
    if stream is None:
        return None
    checkpoint = getattr(stream, "checkpoint", None)
    return Chain(
        head_seq=stream.head_seq,
        head_hash=stream.head_hash,
        checked_at=checkpoint.at.astimezone(ZoneInfo(project.time_zone)) if checkpoint else None,
        checked_seq=checkpoint.seq if checkpoint else 0,
    )


def trail_events(project: Project, query: TrailQuery, reader: User) -> QuerySet[Event]:
    """The events of this project's stream that `query` asks for, newest first, whatever its page."""
    events = events_of(project.uuid)
    if query.ends_before_it_starts:
        return events.none()
    if query.person == SYSTEM:
        events = events.filter(actor_id=None)
    elif query.person:
        events = events.filter(actor_id=int(query.person))
    if query.mine:
        events = events.filter(actor_id=reader.pk)
    if query.kind:
        events = events.filter(kind=query.kind)
    if query.action:
        events = events.filter(action=query.action)
    if query.since:
        events = events.filter(at__gte=clock.start_of(query.since, project.time_zone))
    if query.until:
        events = events.filter(at__lt=clock.end_of(query.until, project.time_zone))
    for word in query.text.split():
        # A value starts behind a colon, a bracket or a comma: so the names of fields are not what is found.
        events = events.filter(Q(key__icontains=word) | Q(payload__iregex=_inside_a_value(word)))
    return events


def _inside_a_value(word: str) -> str:
    """A pattern for `word` inside a JSON text that is a value: no colon follows its closing quote."""
    return re.escape(word) + r'[^"]*"[],}]'


def trail_page(
    project: Project,
    query: TrailQuery,
    reader: User,
    names: Mapping[int, str],
    undo: Callable[[Facts], str] | None = None,
) -> TrailPage:
    """The page that `query` asks for; `undo` says where an act can be undone. Two queries, however many events."""
    events = trail_events(project, query, reader)
    total = events.count()
    newer = older = False
    if query.after is not None:
        found = list(events.filter(seq__gt=query.after).order_by("seq")[: PAGE_SIZE + 1])
        newer, older = len(found) > PAGE_SIZE, True
        found = found[:PAGE_SIZE][::-1]
    else:
        start = events if query.before is None else events.filter(seq__lt=query.before)
        found = list(start[: PAGE_SIZE + 1])
        newer, older = query.before is not None, len(found) > PAGE_SIZE
        found = found[:PAGE_SIZE]
    zone = ZoneInfo(project.time_zone)
    days: list[TrailDay] = []
    for event in found:
        entry = entry_of(event, zone, names, undo)
        if not days or days[-1].day != entry.at.date():
            days.append(TrailDay(entry.at.date(), []))
        days[-1].entries.append(entry)
    return TrailPage(
        days=days,
        count=len(found),
        total=total,
        newer=found[0].seq if newer and found else None,
        older=found[-1].seq if older and found else None,
    )


def entry_of(
    event: Event, zone: ZoneInfo, names: Mapping[int, str], undo: Callable[[Facts], str] | None = None
) -> TrailEntry:
    """`event` as the page shows it."""
    facts = facts_of(event, names)
    return TrailEntry(
        seq=event.seq,
        at=event.at.astimezone(zone),
        sentence=sentence_of(facts),
        initials=initials_of(facts.actor),
        is_system=event.actor_id is None,
        kind=title_of(event.kind),
        action=event.action,
        key=event.key,
        via=_VIA.get(facts.via, facts.via),
        reason=facts.reason,
        correlation_id=facts.correlation_id,
        changes=_changes(facts),
        disposed=facts.disposed,
        hash=event.hash,
        prev_hash=event.prev_hash,
        payload_sha256=event.payload_sha256,
        undo_url=undo(facts) if undo is not None else "",
    )


# The words of a trail's own vocabulary, kept as they are recorded, so that page, export and payload agree.
_VIA = {"page": "page", "import": "import", "command": "command", "job": "job"}


def _changes(facts: Facts) -> tuple[Change, ...]:
    return tuple(_change(facts, name, value) for name, value in facts.changes.items())


def _change(facts: Facts, name: str, value: Any) -> Change:
    before, after = facts.pair(name)
    alone = after is value
    return Change(field_title(name), None if alone else shown(before), shown(after))
