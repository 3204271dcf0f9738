"""What higher apps carry from an earlier project into a new one (lessons, say). Each entry is its owner's."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import User
from common.registry import Registry
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Carried:
    """Something of an earlier project: `key` names it within its kind, `note` says more of it."""

    key: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A kind of thing that comes over within one organization.

    `offer(source)` lists it, `carry(acting_user, source, project, keys)` makes it in the new project, in the
    transaction of its start.
    """

    title: str | Promise
    offer: Callable[[Project], list[Carried]]
    carry: Callable[[User | None, Project, Project, Collection[str]], None]


carriers: Registry[Carrier] = Registry("what comes over from an earlier project")


def register_carrier(key: str, carrier: Carrier, *, order: int = 100) -> None:
    """Let `carrier` offer what it has when a project starts from an earlier one."""
    carriers.register(key, carrier, order=order)
