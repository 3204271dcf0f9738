"""Registries."""

import pytest

from common.registry import Registry


@pytest.fixture
def registry() -> Registry[str]:
    found: Registry[str] = Registry("things")
    found.register("late", "L", order=200)
    found.register("first", "F", order=1)
    found.register("one", "1")
    found.register("two", "2")
    return found


def test_entries_come_by_order_then_as_they_were_registered(registry: Registry[str]) -> None:
    assert list(registry) == ["F", "1", "2", "L"]
    assert registry.keys() == ["first", "one", "two", "late"]


def test_a_key_is_taken_once(registry: Registry[str]) -> None:
    with pytest.raises(ValueError, match="things: 'one' is registered twice"):
        registry.register("one", "again")
    assert registry["one"] == "1"


def test_an_entry_is_found_by_its_key(registry: Registry[str]) -> None:
    assert "one" in registry
    assert "three" not in registry
    with pytest.raises(KeyError):
        registry["three"]


def test_a_removed_entry_is_gone(registry: Registry[str]) -> None:
    registry.remove("one")
    assert "one" not in registry
    assert list(registry) == ["F", "2", "L"]
