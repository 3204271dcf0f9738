"""What a new project may take from an earlier one: everything within an organization, only the method across two."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from phases.carrying import carriers
from phases.choices import BY_HAND, Origin, Status
from phases.domain.approaches import PHASES
from phases.domain.schedule import DEFAULT_WEEKS, PER_WEEK, SHARES
from phases.models import Phase, PhaseActivity, PlanRules, RoleAssignment
from phases.plan_models import default_order
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.reuse_rows import OwnRows, SplitUp, applying, place_of, splits_of
from projects.models import Organization, Project

MOST_SOURCES = 200
MOST_ITEMS = 600


@dataclass(frozen=True, slots=True)
class Item:
    """Something that comes over, or not. `key` names it in forms, `ticked` is what is proposed."""

    key: str
    title: str
    note: str = ""
    ticked: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one kind."""

    key: str
    title: str | Promise
    lead: str | Promise
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row that the earlier plan left out, with its justification."""

    phase: int
    why: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What an earlier project offers. `within` says whether both belong to one organization.

    Without it nothing that a person of the other organization wrote is in here: no names, justifications, titles.
    `behind` are sentences about what stays behind. `weeks` are the durations that its phases took or are planned for.
    """

    source: Project
    within: bool
    groups: tuple[Group, ...]
    behind: tuple[str, ...]
    weeks: Mapping[int, int]
    approach: str
    component_phases: Mapping[str, int]
    very_small: bool
    rules: Mapping[str, Any]
    left: Mapping[str, Sequence[LeftRow]] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    moved: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    added: Mapping[str, Sequence[int]] = field(default_factory=dict)
    why: Mapping[tuple[str, int], str] = field(default_factory=dict)
    own: Mapping[str, OwnRows] = field(default_factory=dict)
    splits: Mapping[str, SplitUp] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """Everything that can be taken."""
        return [item.key for group in self.groups for item in group.items]

    @property
    def proposed(self) -> list[str]:
        """What is ticked unless somebody says otherwise."""
        return [item.key for group in self.groups for item in group.items if item.ticked]


def sources_for(user: User | None) -> QuerySet[Project]:
    """The projects that `user` may start another one from: those they see; the application itself sees all."""
    found = Project.objects.all() if user is None else Project.objects.visible_to(user)
    return found.select_related("organization").order_by("organization__name", "name", "pk")


def source_of(user: User | None, slug: str) -> Project | None:
    """The earlier project of that slug, or None where `user` does not see it (any more). One query."""
    return sources_for(user).filter(slug=slug).first()


def weeks_of(phases: Iterable[Phase]) -> dict[int, int]:
    """How many weeks each phase took, or is planned for where it has not ended."""
    weeks = dict(DEFAULT_WEEKS)
    for phase in phases:
        first: date | None = phase.start
        last: date | None = phase.end
        if phase.closed_on is not None and phase.started_on is not None:
            first, last = phase.started_on, phase.closed_on
        if phase.number in weeks and first is not None and last is not None:
            weeks[phase.number] = min(260, max(1, ceil(((last - first).days + 1) / 7)))
    return weeks


def offer_of(source: Project, organization: Organization | None) -> Offer:
    """What `source` offers to a new project of `organization` (None: one that is still to be opened). Six queries."""
    within = organization is not None and organization.pk == source.organization_id
    texts = texts_for(source)
    rules = PlanRules.objects.get(project=source)
    placed = list(
        PhaseActivity.objects.filter(Q(phase_number__in=PHASES) | Q(origin__in=BY_HAND), project=source)
        .select_related("activity")
        .defer("note")
        .order_by("activity__position", "activity__ref", "phase_number")
    )
    rows = [row for row in placed if row.phase_number in PHASES]
    by_ref: dict[str, list[PhaseActivity]] = defaultdict(list)
    for row in rows:
        by_ref[row.activity.ref].append(row)
    splits, taken_over = splits_of(texts, rows)
    whole = {ref: group for ref, group in by_ref.items() if group[0].activity.part_of_id is None}
    plain = {
        ref: group
        for ref, group in whole.items()
        if group[0].activity.catalogue_activity_id is not None and ref in texts.activities
    }
    own = {
        ref: OwnRows(group[0].activity, phases, next((row.tailored_why for row in group if row.tailored_why), ""))
        for ref, group in whole.items()
        if group[0].activity.catalogue_activity_id is None and (phases := applying(group, taken_over))
    }
    left = {
        ref: [LeftRow(row.phase_number, row.reason if within else "") for row in out]
        for ref, group in plain.items()
        if (out := [row for row in group if row.status == Status.NOT_APPLICABLE and place_of(row) not in taken_over])
    }
    moved = _by_ref(plain, Origin.MOVED, lambda row: (row.origin_phase or row.phase_number, row.phase_number))
    added = _by_ref(plain, Origin.ADDED, lambda row: row.phase_number)
    elsewhere = [row for row in placed if row.phase_number not in PHASES]
    changed = _rules(rules)
    return Offer(
        source=source,
        within=within,
        groups=_groups(
            source, texts, within=within, left=left, moved=moved, added=added, own=own, splits=splits, rules=changed
        ),
        behind=_behind(
            within=within,
            own={*own, *(row.activity.ref for row in elsewhere if row.origin == Origin.OWN)},
            splits=splits,
            known=plain,
            elsewhere=[row for row in elsewhere if within or texts.text_of(row.activity.ref) is not None],
        ),
        weeks=weeks_of(Phase.objects.filter(project=source)),
        approach=rules.approach,
        component_phases=dict(rules.component_phases),
        very_small=rules.very_small,
        rules=changed,
        left=left,
        whole=frozenset(ref for ref, out in left.items() if len(out) == len(plain[ref])),
        moved=moved,
        added=added,
        why={
            (ref, row.phase_number): row.tailored_why
            for ref in {*moved, *added}
            for row in plain[ref]
            if within and row.tailored_why
        },
        own=own if within else {},
        splits=splits if within else {},
    )


def _by_ref(rows: Mapping[str, Sequence[PhaseActivity]], origin: str, say: Any) -> dict[str, list[Any]]:
    found = {ref: [say(row) for row in group if row.origin == origin] for ref, group in rows.items()}
    return {ref: said for ref, said in found.items() if said}


def _rules(rules: PlanRules) -> dict[str, Any]:
    """The rules of the schedule that differ from the usual ones: figures and codes, no words."""
    found: dict[str, Any] = {}
    if rules.shares != SHARES:
        found["shares"] = rules.shares
    if rules.per_week != PER_WEEK:
        found["per_week"] = rules.per_week
    if rules.component_order != default_order():
        found["component_order"] = rules.component_order
    return found


def _groups(
    source: Project,
    texts: CatalogueTexts,
    *,
    within: bool,
    left: Mapping[str, Sequence[LeftRow]],
    moved: Mapping[str, Sequence[tuple[int, int]]],
    added: Mapping[str, Sequence[int]],
    own: Mapping[str, OwnRows],
    splits: Mapping[str, SplitUp],
    rules: Mapping[str, Any],
) -> tuple[Group, ...]:
    def title(ref: str) -> str:
        return f"{ref} {texts.activities[ref].title}"

    def phases(numbers: Iterable[int]) -> str:
        told = sorted(numbers)
        return ngettext("phase %(numbers)s", "phases %(numbers)s", len(told)) % {"numbers": ", ".join(map(str, told))}

    groups = [
        Group(
            "left",
            gettext_lazy("Left out"),
            gettext_lazy("Marked as taken from that project.")
            if within
            else gettext_lazy("Their justifications stay behind: tick what fits here too, and say why."),
            tuple(
                Item(
                    f"left:{ref}",
                    title(ref),
                    " · ".join(
                        filter(None, [phases(row.phase for row in out), *dict.fromkeys(row.why for row in out)])
                    ),
                    ticked=within,
                )
                for ref, out in left.items()
            ),
        ),
        Group(
            "moved",
            gettext_lazy("Moved to another phase"),
            gettext_lazy("Only where the new plan goes by the same approach."),
            tuple(
                Item(f"moved:{ref}", title(ref), ", ".join(f"{before} → {after}" for before, after in steps))
                for ref, steps in moved.items()
            ),
        ),
        Group(
            "added",
            gettext_lazy("Added to a phase"),
            gettext_lazy("Only where the new plan goes by the same approach."),
            tuple(Item(f"added:{ref}", title(ref), phases(numbers)) for ref, numbers in added.items()),
        ),
    ]
    if rules:
        items = (Item("rules", _("Due dates by kind of work, load in a week, order of components")),)
        groups.append(Group("rules", gettext_lazy("Rules of the schedule"), "", items))
    if within:
        groups += [
            Group(
                "own",
                gettext_lazy("Own activities"),
                gettext_lazy("With their texts, not started."),
                tuple(
                    Item(f"own:{ref}", f"{ref} {each.activity.title}", phases(each.phases)) for ref, each in own.items()
                ),
            ),
            Group(
                "split",
                gettext_lazy("Split into parts"),
                gettext_lazy("Into the same parts, wherever the activity stands in the new plan; not started."),
                tuple(
                    Item(
                        f"split:{ref}",
                        f"{ref} {each.title}",
                        " · ".join(filter(None, [", ".join(each.names), each.why])),
                    )
                    for ref, each in splits.items()
                ),
            ),
            Group(
                "roles",
                gettext_lazy("Role map"),
                gettext_lazy("With the persons and groups that can be responsible; nobody is invited by it."),
                tuple(_role_items(source, texts)),
            ),
        ]
        for key in carriers.keys():  # noqa: SIM118 (a registry gives its entries when it is walked through)
            carrier = carriers[key]
            found = tuple(Item(f"{key}:{each.key}", each.title, each.note) for each in carrier.offer(source))
            groups.append(Group(key, carrier.title, "", found))
    return tuple(group for group in _bounded(groups) if group.items)


def _bounded(groups: Iterable[Group]) -> Iterable[Group]:
    """The groups with at most MOST_ITEMS items together: no form grows without end."""
    room = MOST_ITEMS
    for group in groups:
        items = group.items[:room]
        room -= len(items)
        yield Group(group.key, group.title, group.lead, items)


def _role_items(source: Project, texts: CatalogueTexts) -> Iterable[Item]:
    entries = RoleAssignment.objects.filter(project=source, party__is_active=True).select_related("party")
    for entry in entries.order_by("role", "component"):
        component = texts.components.get(entry.component)
        place = component.title if component is not None else ""
        function = f" · {entry.party.function}" if entry.party.function else ""
        yield Item(
            role_key(entry.role, entry.component),
            f"{entry.role}, {place}" if place else entry.role,
            f"{entry.party.name}{function}",
        )


def role_key(role: str, component: str) -> str:
    """How a form names an entry of the role map."""
    return f"role:{role}/{component}"


def _behind(
    *,
    within: bool,
    own: Collection[str],
    splits: Mapping[str, SplitUp],
    known: Collection[str],
    elsewhere: Sequence[PhaseActivity],
) -> tuple[str, ...]:
    """What is said of all that does not come over. `elsewhere` are rows placed by hand in initiation or operation."""
    said = []
    if elsewhere:
        places = [
            _("%(ref)s in phase %(number)d") % {"ref": row.activity.ref, "number": row.phase_number}
            for row in elsewhere
        ]
        said.append(
            _("What was moved or added to initiation or operation: %(places)s. Move or add it again.")
            % {"places": ", ".join(places)}
        )
    uneven = [ref for ref, each in splits.items() if each.is_uneven]
    if within and uneven:
        said.append(
            _("What was left out or moved of single parts: %(refs)s. Tailor those parts again.")
            % {"refs": ", ".join(uneven)}
        )
    # An own activity stays behind with its parts, so that its ref would say nothing here.
    halved = [ref for ref in splits if ref in known]
    if not within and halved:
        said.append(
            ngettext(
                "The parts of %(refs)s: their names are another's, so it comes over whole.",
                "The parts of %(refs)s: their names are another's, so they come over whole.",
                len(halved),
            )
            % {"refs": ", ".join(halved)}
        )
    if not within:
        said.append(_("Names, parties, role map, notes, comments, scope, services and evidence: they are another's."))
        if own:
            said.append(
                ngettext(
                    "%(n)d own activity: its words may be another's.",
                    "%(n)d own activities: their words may be another's.",
                    len(own),
                )
                % {"n": len(own)}
            )
    return tuple(said)


def verified_until(source: Project) -> dict[str, int]:
    """Of each activity the last phase in which it was verified. One query."""
    found: dict[str, int] = {}
    rows = PhaseActivity.objects.filter(project=source, status=Status.VERIFIED, phase_number__in=PHASES)
    for ref, number in rows.values_list("activity__ref", "phase_number"):
        found[ref] = max(number, found.get(ref, 0))
    return found
