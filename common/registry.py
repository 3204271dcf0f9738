"""A registry: what must appear low in the import order but is known high puts itself in here."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Entries by key, in the order of `order` then of registration. Filled in `AppConfig.ready()`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, tuple[int, T]] = {}

    def register(self, key: str, entry: T, *, order: int = 100) -> T:
        """Add `entry`. Raises ValueError for a key that is taken: two apps never share one."""
        if key in self._entries:
            raise ValueError(f"{self.name}: {key!r} is registered twice")
        self._entries[key] = (order, entry)
        return entry

    def remove(self, key: str) -> None:
        """Take an entry out again (for tests)."""
        del self._entries[key]

    def __getitem__(self, key: str) -> T:
        return self._entries[key][1]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return (entry for _, entry in sorted(self._entries.values(), key=lambda pair: pair[0]))

    def items(self) -> list[tuple[str, T]]:
        """The keys with their entries, in order."""
        return [(key, self[key]) for key in self.keys()]

    def keys(self) -> list[str]:
        """The keys, in order."""
        return [key for key, _ in sorted(self._entries.items(), key=lambda pair: pair[1][0])]
