"""The order in which a person sees the panels of dashboards."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from phases.models import DashboardLayout


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The keys of all panels in the person's order, which of them they hide, and whether it is their own order."""

    order: tuple[str, ...]
    hidden: frozenset[str]
    is_own: bool

    @property
    def shown(self) -> tuple[str, ...]:
        """The keys of what is shown."""
        return tuple(key for key in self.order if key not in self.hidden)


def arrangement_of(user: User, keys: Sequence[str]) -> Arrangement:
    """How `user` arranges `keys`; one that they never saw comes after the one before it. One query."""
    layout = DashboardLayout.objects.filter(user=user).first()
    if layout is None:
        return Arrangement(tuple(keys), frozenset(), is_own=False)
    order = [key for key in layout.panels if key in keys]
    for place, key in enumerate(keys):
        if key not in order:
            before = keys[place - 1] if place else None
            order.insert(order.index(before) + 1 if before in order else 0, key)
    return Arrangement(tuple(order), frozenset(layout.hidden) & set(keys), is_own=True)
