"""Places of this app that higher apps fill, in their `AppConfig.ready()`: what else an item can prove, and what
needs it as it is."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import Case, Exists, Model, OuterRef, Q, Value, When
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


@dataclass(frozen=True, slots=True)
class Use:
    """What items are there for in a higher app though nothing is linked to them, such as the record of a decision.

    `has()` is the condition on items; `label` says what it is, and names nothing that somebody may not see.
    """

    label: str | Promise
    has: Callable[[], Q]


def named_by(label: str | Promise, model: type[Model], *names: str) -> Use:
    """The use of items that the fields `names` of `model` name."""

    def has() -> Q:
        found = Q(pk=None)
        for name in names:
            found |= Q(Exists(model._default_manager.filter(**{name: OuterRef("pk")})))
        return found

    return Use(label, has)


uses: Registry[Use] = Registry("what items are there for without a link")


def register_use(key: str, use: Use, *, order: int = 100) -> None:
    """Let items count as proof of something that they are not linked to."""
    uses.register(key, use, order=order)


def proves_something() -> Q:
    """A condition on items: something hangs on it, whether or not who asks may see what."""
    found = Q(Exists(ActivityEvidence.objects.filter(item=OuterRef("pk"))))
    found |= Q(Exists(ClauseEvidence.objects.filter(item=OuterRef("pk"))))
    for kind in link_kinds:
        found |= Q(Exists(kind.model._default_manager.filter(item=OuterRef("pk"))))
    for use in uses:
        found |= use.has()
    return found


def uses_of(items: Collection[int]) -> dict[int, str]:
    """The label of the first use of each of the items with these ids; those without any are absent. One query."""
    if not items or not uses.keys():
        return {}
    first = Case(*(When(uses[key].has(), then=Value(key)) for key in uses.keys()), default=Value(""))  # noqa: SIM118 (a registry gives its entries when it is walked through)
    found = EvidenceItem.objects.filter(pk__in=items).annotate(use=first).exclude(use="")
    return {pk: str(uses[key].label) for pk, key in found.values_list("pk", "use")}


@dataclass(frozen=True, slots=True)
class Keeper:
    """Something of a higher app that is made of items, such as a document whose text is a file.

    `needs()` is the condition on items that it needs now: they are neither withdrawn nor disposed of. `why(project,
    access, item)` is the sentence for one of them, and names nothing that this person may not see.
    """

    needs: Callable[[], Q]
    why: Callable[[Project, Access, EvidenceItem], str]


keepers: Registry[Keeper] = Registry("what needs items of evidence")


def register_keeper(key: str, keeper: Keeper, *, order: int = 100) -> None:
    """Let something keep the items that it is made of."""
    keepers.register(key, keeper, order=order)


def is_needed() -> Q:
    """A condition on items: something is made of it, so that it stays as it is."""
    found = Q(pk=None)
    for keeper in keepers:
        found |= keeper.needs()
    return found


def why_needed(project: Project, access: Access, item: EvidenceItem) -> str:
    """Why `item` can be neither withdrawn nor disposed of, as a sentence; "" where nothing needs it.

    One query for each keeper, and one for the words of the first that needs it.
    """
    for keeper in keepers:
        if EvidenceItem.objects.filter(keeper.needs(), pk=item.pk).exists():
            return keeper.why(project, access, item)
    return ""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What somebody is asked for and may give now: `ref` names the activity that it is to prove, "" for none."""

    key: str
    text: str
    url: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """Requests for which evidence is given as it is added, those of one prefix: "Q" of Q-0001.

    `open_for(project, access, key)` is the request where it waits and this person may give what it asks for.
    `give(...)` gives items for one, whatever its state; it raises RuleBroken, NotPermitted or StaleWrite where it
    cannot, and returns the sentence that tells who looks at it now. `place(project, key)` is where it stands, "" for
    none of this key.
    """

    open_for: Callable[[Project, Access, str], AskedFor | None]
    give: "GiveItems"
    place: Callable[[Project, str], str]


class GiveItems(Protocol):
    """A service that gives items for the request `key`."""

    def __call__(self, *, acting_user: User | None, project: Project, key: str, items: Sequence[str]) -> str: ...


askers: Registry[Asker] = Registry("who asks for evidence")


def register_asker(prefix: str, asker: Asker) -> None:
    """Let evidence be given for requests whose keys begin with `prefix` as it is added."""
    askers.register(prefix, asker)


def asker_of(key: str) -> Asker | None:
    """Whose request `key` is."""
    prefix, dash, _number = key.partition("-")
    return askers[prefix] if dash and prefix in askers else None
