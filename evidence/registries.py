"""Places of this app that higher apps fill, in their `AppConfig.ready()`: what else an item can prove."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise

from accounts.models import User
from common.registry import Registry
from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceItem, EvidenceLink
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class AlsoProven:
    """Something of a higher app that an item proves, such as an answer.

    `key` names it to `LinkKind.unlink` and in exports, `label` to people; `stays` says why it cannot be taken off, ""
    where it can. `clauses` are those that the item proves by it, by edition.
    """

    item_id: int
    key: str
    label: str
    title: str
    url: str
    note: str = ""
    stays: str = ""
    clauses: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Unlink(Protocol):
    """A service that takes an item off what `key` names. Raises RuleBroken where it cannot, with a sentence."""

    def __call__(self, *, acting_user: User | None, project: Project, item: EvidenceItem, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A kind of thing that items prove: the concrete links, who may see them, what they lead to.

    `proven(project, access, items)` gives what the items with these ids prove (None: all of the project) in one query,
    and only what this person may see of it: what is hidden is absent, its clauses too.
    `counted(n)` says how many, such as "2 answers".
    """

    title: str | Promise
    model: type[EvidenceLink]
    capability: str
    proven: Callable[[Project, Access, Collection[int] | None], Sequence[AlsoProven]]
    counted: Callable[[int], str]
    unlink: Unlink


link_kinds: Registry[LinkKind] = Registry("kinds of links of evidence")


def register_link_kind(key: str, kind: LinkKind, *, order: int = 100) -> None:
    """Let items prove things of another kind. `key` names it in addresses and forms."""
    link_kinds.register(key, kind, order=order)


def seen_kinds(access: Access) -> Iterator[tuple[str, LinkKind]]:
    """The kinds of which this person may see what is proven, with their keys."""
    for key in link_kinds.keys():  # noqa: SIM118 (a registry gives its entries when it is walked through)
        if access.can(link_kinds[key].capability):
            yield key, link_kinds[key]


def proves_something() -> Q:
    """A condition on items: something hangs on it, whether or not who asks may see what."""
    found = Q(Exists(ActivityEvidence.objects.filter(item=OuterRef("pk"))))
    found |= Q(Exists(ClauseEvidence.objects.filter(item=OuterRef("pk"))))
    for kind in link_kinds:
        found |= Q(Exists(kind.model._default_manager.filter(item=OuterRef("pk"))))
    return found
