"""When recurring work is due, and which workers show no life any more. Plain arithmetic, without a database."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at `hour`:`minute` UTC, so that no change to summer time skips or doubles it."""

    hour: int
    minute: int

    def slot(self, now: datetime) -> datetime:
        """The latest instant up to `now` at which it was due."""
        at = now.astimezone(UTC).replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return at if at <= now else at - timedelta(days=1)

    def following(self, now: datetime) -> datetime:
        """The first instant after `now` at which it is due."""
        return self.slot(now) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Every:
    """Once in each `period`, counted from a fixed instant. Raises ValueError for less than a second."""

    period: timedelta

    def __post_init__(self) -> None:
        if self.period < timedelta(seconds=1):
            raise ValueError("work recurs once a second at most")

    def slot(self, now: datetime) -> datetime:
        """The latest instant up to `now` at which it was due."""
        return now.astimezone(UTC) - (now - _EPOCH) % self.period

    def following(self, now: datetime) -> datetime:
        """The first instant after `now` at which it is due."""
        return self.slot(now) + self.period


Schedule = Daily | Every


@dataclass
class Sightings(Generic[Key]):
    """Watches signs of life by a clock that only goes forward, so that no wrong host clock declares a worker dead.

    A sign is whatever a worker changes while it lives. `patience` is in seconds.
    """

    patience: float
    _seen: dict[Key, tuple[object, float]] = field(default_factory=dict)

    def lost(self, signs: Mapping[Key, object], *, at: float) -> list[Key]:
        """Those of `signs` whose sign has been the same for `patience` seconds; `at` is a monotonic time in seconds."""
        known = {key: self._seen.get(key) for key in signs}
        self._seen = {
            key: seen if seen is not None and seen[0] == sign else (sign, at)
            for (key, sign), seen in zip(signs.items(), known.values(), strict=True)
        }
        return [key for key, (_sign, since) in self._seen.items() if at - since >= self.patience]
