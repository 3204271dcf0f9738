"""A plan as it stood before an earlier instant: what was recorded since is taken back, newest first. No Django.

An event on a row carries each field that changed as [before, after]; whatever act it was, these fields are enough.
A row that did not exist yet is left out by `added_at`; rows that an act removed stand whole in its event.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from phases.domain.transitions import DONE, VERIFIED

ROW_KIND, PHASE_KIND, ACTIVITY_KIND = "phase activity", "phase", "activity"
REMOVED, MOVED_TO = "rows removed", "phase"
DONE_AT = "done at"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A phase activity, as far as figures need it. `since` is the instant of its status, `done_at` of its last done."""

    ref: str
    phase: int
    component: str
    status: str
    due: date | None
    party_id: int | None
    key: bool
    supplement: bool
    operating_since: date | None
    added_at: datetime
    since: datetime | None = None
    done_at: datetime | None = None
    carried: bool = False

    @property
    def name(self) -> str:
        """How the trail names it."""
        return f"{self.ref}@{self.phase}"


@dataclass(frozen=True, slots=True)
class PlanPhase:
    """A phase, as far as figures need it."""

    number: int
    state: str
    start: date | None
    end: date | None
    started_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event of the trail."""

    at: datetime
    kind: str
    key: str
    changes: Mapping[str, Any]


_FIELDS = {"status": "status", "party id": "party_id"}
_DAYS = {"due": "due", "operating since": "operating_since"}
_ACTIVITY_FIELDS = {"component": "component", "key": "key"}
_PHASE_FIELDS = {"state": "state"}
_PHASE_DAYS = {"start": "start", "end": "end", "started on": "started_on", "closed on": "closed_on"}


def as_record(row: PlanRow) -> dict[str, Any]:
    """A row as an event or a snapshot keeps it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(row).items()
        if value is not None and value is not False
    }


def from_record(record: Mapping[str, Any]) -> PlanRow:
    """The row that `as_record` wrote."""

    def instant(name: str) -> datetime | None:
        return datetime.fromisoformat(record[name]) if record.get(name) else None

    added = instant("added_at")
    if added is None:
        raise ValueError("a row was added at some instant")
    return PlanRow(
        ref=record["ref"],
        phase=record["phase"],
        component=record["component"],
        status=record["status"],
        due=_day(record.get("due")),
        party_id=record.get("party_id"),
        key=bool(record.get("key")),
        supplement=bool(record.get("supplement")),
        operating_since=_day(record.get("operating_since")),
        added_at=added,
        since=instant("since"),
        done_at=instant("done_at"),
        carried=bool(record.get("carried")),
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def rows_at(rows: Iterable[PlanRow], events: Sequence[PastEvent], before: datetime) -> list[PlanRow]:
    """The rows as they stood just before an instant, made from those that stand now.

    `events` are all of the project's on rows and with removed rows, oldest first. `since` and `done_at` are told by
    the events before the instant.
    """
    state = {row.name: row for row in rows}
    for event in reversed(events):
        if event.at < before:
            break
        _take_back(state, event)
    standing = {name: row for name, row in state.items() if row.added_at < before}
    return _with_instants(standing, events, before)


def _take_back(state: dict[str, PlanRow], event: PastEvent) -> None:
    for record in event.changes.get(REMOVED, ()):
        row = from_record(record)
        state[row.name] = row
    if event.kind == ACTIVITY_KIND:
        _take_activity_back(state, event)
    if event.kind != ROW_KIND:
        return
    ref, _at, phase = event.key.rpartition("@")
    name = event.key
    if MOVED_TO in event.changes:
        name = f"{ref}@{event.changes[MOVED_TO][1]}"
    if name not in state:
        return
    row = state.pop(name)
    values: dict[str, Any] = {"phase": int(phase)} if name != event.key else {}
    for said, field in _FIELDS.items():
        if said in event.changes:
            values[field] = event.changes[said][0]
    for said, field in _DAYS.items():
        if said in event.changes:
            values[field] = _day(event.changes[said][0])
    if "carried over" in event.changes:
        values["carried"] = False
    state[event.key] = replace(row, **values)


def _take_activity_back(state: dict[str, PlanRow], event: PastEvent) -> None:
    """What an activity says of all its rows."""
    values: dict[str, Any] = {
        field: event.changes[said][0] for said, field in _ACTIVITY_FIELDS.items() if said in event.changes
    }
    if values:
        state.update({name: replace(row, **values) for name, row in state.items() if row.ref == event.key})


def _with_instants(standing: Mapping[str, PlanRow], events: Sequence[PastEvent], before: datetime) -> list[PlanRow]:
    since: dict[str, datetime] = {}
    done: dict[str, datetime | None] = {}
    for event in events:
        if event.at >= before:
            break
        for record in event.changes.get(REMOVED, ()):
            # A row that comes into its place later has a history of its own.
            name = f"{record['ref']}@{record['phase']}"
            since.pop(name, None)
            done.pop(name, None)
        if event.kind != ROW_KIND:
            continue
        if MOVED_TO in event.changes:
            ref = event.key.rpartition("@")[0]
            after = f"{ref}@{event.changes[MOVED_TO][1]}"
            since.pop(after, None)
            done.pop(after, None)
            if event.key in since:
                since[after], done[after] = since.pop(event.key), done.pop(event.key, None)
        if "status" in event.changes:
            status = event.changes["status"][1]
            since[event.key] = event.at
            if status != VERIFIED:
                done[event.key] = event.at if status == DONE else None
            if DONE_AT in event.changes:
                # A slip was undone: the row was done when it had been done before.
                said = event.changes[DONE_AT][1]
                done[event.key] = datetime.fromisoformat(said) if said else None
    return [replace(row, since=since.get(name, row.added_at), done_at=done.get(name)) for name, row in standing.items()]


def phases_at(phases: Iterable[PlanPhase], events: Sequence[PastEvent], before: datetime) -> list[PlanPhase]:
    """The phases as they stood just before an instant, made from those that stand now, by number."""
    state = {str(phase.number): phase for phase in phases}
    for event in reversed(events):
        if event.at < before:
            break
        if event.kind != PHASE_KIND or event.key not in state:
            continue
        values: dict[str, Any] = {
            field: event.changes[said][0] for said, field in _PHASE_FIELDS.items() if said in event.changes
        }
        values |= {field: _day(event.changes[said][0]) for said, field in _PHASE_DAYS.items() if said in event.changes}
        state[event.key] = replace(state[event.key], **values)
    return [state[key] for key in sorted(state, key=int)]
