"""A new project from an earlier one: its method, and within one organization what belongs to it.

Across organizations only refs, phases and figures come over; see `phases.selectors.reuse.Offer`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common.exceptions import RuleBroken
from phases.carrying import carriers
from phases.choices import MadeAs
from phases.domain.approaches import faster
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Catalogue, PhaseActivity, ProjectActivity, RoleAssignment
from phases.selectors.activity_texts import USUAL_EFFORT
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.reuse import Offer, offer_of, role_key, source_of, verified_until
from phases.services.placing import Method, WayOfWorking
from phases.services.reasons import LONGEST_REASON, check_reason
from phases.services.role_map import set_role_map
from phases.services.rows import Target
from phases.services.start import ProjectPlan, start_project
from phases.services.tailoring.leave_out import leave_out
from phases.services.tailoring.own import LONGEST_TITLE, OwnActivity, add_own, known_roles, own_components
from phases.services.tailoring.split import split
from projects.choices import Edition, PartyKind
from projects.domain import ScopeParts, scope_sentence
from projects.models import GroupMember, Organization, Party, Project
from projects.services.team import create_party


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is taken from which project. `taken` are keys of the offer, None what is proposed.

    `why_left` justifies what is left out as in a project of another organization, in words of one's own.
    """

    slug: str
    taken: Collection[str] | None = None
    made_as: str = MadeAs.METHOD
    why_left: str = ""


@transaction.atomic
def start_from(
    *,
    acting_user: User | None,
    organization: Organization,
    plan: ProjectPlan,
    earlier: Earlier,
    catalogue: Catalogue | None = None,
    slug: str = "",
) -> Project:
    """Start a project as `start_project` does, with what `earlier` takes from a project that the person sees.

    Raises RuleBroken at "source" for a project that is gone or out of sight, for a wider scope across organizations
    or one that is no wider, and at "why_left" where another organization's omissions are taken without words of one's
    own; NotPermitted for who may not start projects there.
    """
    source = source_of(acting_user, earlier.slug)
    if source is None:
        raise RuleBroken(_("The earlier project is not there any more, or you no longer see it."), field="source")
    if earlier.made_as not in (MadeAs.METHOD, MadeAs.WIDER_SCOPE):
        raise RuleBroken(_("Choose what the new project is to the earlier one."), field="made_as")
    offer = offer_of(source, organization)
    is_wider = earlier.made_as == MadeAs.WIDER_SCOPE
    if is_wider and not offer.within:
        raise RuleBroken(_("A scope is widened within one organization only."), field="made_as")
    if is_wider and _same_scope(plan, source):
        raise RuleBroken(
            _(
                "The scope is still that of %(project)s. Change it in the step Scope: add the service, location or "
                "customer by which it grows."
            )
            % {"project": source.name},
            field="scope",
        )
    taken = frozenset(offer.proposed if earlier.taken is None else earlier.taken) & frozenset(offer.keys)
    why_left = ""
    if not offer.within and any(key.startswith("left:") for key in taken):
        why_left = check_reason(earlier.why_left, field="why_left")
    project = start_project(
        acting_user=acting_user,
        organization=organization,
        plan=plan,
        catalogue=catalogue,
        slug=slug,
        method=_method(offer, taken, earlier.made_as, plan),
    )
    _leave_out(acting_user, project, offer, taken, why_left)
    facts: dict[str, Any] = {}
    made: dict[str, str] = {}
    if offer.within:
        made = _take_own(acting_user, project, offer, taken)
        if made:
            facts["own activities"] = list(made.values())
        made |= _split(acting_user, project, offer, taken, made)
        _take_roles(acting_user, project, source, taken)
        for key in carriers.keys():  # noqa: SIM118 (a registry gives its entries when it is walked through)
            keys = [each.partition(":")[2] for each in taken if each.partition(":")[0] == key]
            if keys:
                carriers[key].carry(acting_user, source, project, keys)
    if is_wider:
        noted = _note_verified(project, source, made)
        if noted:
            facts["exists already"] = noted
    if facts:
        record_event(
            stream_id=project.uuid,
            acting_user=acting_user,
            draft=Draft("take from earlier", "project", project.slug, project.name, {"from": source.slug, **facts}),
        )
    return project


def _same_scope(plan: ProjectPlan, source: Project) -> bool:
    """Whether a new plan covers what the earlier project does, in the same words or in a sentence of the same parts.

    Not while the earlier one has still to say what it covers.
    """
    here, there = (
        ScopeParts(
            services=each.services,
            delivered_by=each.delivered_by,
            locations=each.locations,
            customers=each.customers,
            left_out=each.left_out,
        )
        for each in (plan, source)
    )
    if source.scope_is_missing:
        return False
    known = {_plain(source.scope_statement)}
    if _parts(here) == _parts(there):
        known.add(_plain(scope_sentence(here)))
    return _plain(plan.scope_statement) in known


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _parts(parts: ScopeParts) -> tuple[Any, ...]:
    lists = (parts.services, parts.locations, parts.customers, parts.left_out)
    return _plain(parts.delivered_by), *(frozenset(map(_plain, lines)) for lines in lists)


def proposed_plan(plan: ProjectPlan, offer: Offer, *, made_as: str = MadeAs.METHOD) -> ProjectPlan:
    """`plan` with the approach of the earlier project and the weeks that it took, fewer for a wider scope."""
    return replace(
        plan,
        way=WayOfWorking(offer.approach, dict(offer.component_phases), offer.very_small),
        weeks=faster(offer.weeks) if made_as == MadeAs.WIDER_SCOPE else dict(offer.weeks),
    )


def same_way(offer: Offer, way: WayOfWorking) -> bool:
    """Whether a new plan goes as the earlier one: else its moved and added rows mean something else."""
    return (offer.approach, dict(offer.component_phases)) == (way.approach, dict(way.component_phases))


def _method(offer: Offer, taken: Collection[str], made_as: str, plan: ProjectPlan) -> Method:
    fits = same_way(offer, plan.way)
    moved = {ref: steps for ref, steps in offer.moved.items() if fits and f"moved:{ref}" in taken}
    added = {ref: numbers for ref, numbers in offer.added.items() if fits and f"added:{ref}" in taken}
    return Method(
        source=offer.source if offer.within else None,
        made_as=made_as,
        moved=moved,
        added=added,
        why={place: _marked(why, offer) for place, why in offer.why.items()},
        rules=offer.rules if "rules" in taken else {},
    )


def _marked(why: str, offer: Offer) -> str:
    """A justification as it comes over: it says from where, and stays as short as one may be."""
    mark = _("(taken from %(project)s)") % {"project": offer.source.name}
    return f"{why[: LONGEST_REASON - len(mark) - 1]} {mark}".strip()


def _leave_out(acting_user: User | None, project: Project, offer: Offer, taken: Collection[str], why_left: str) -> None:
    """By the path that every omission goes: each row with its justification, its checks and its event."""
    wanted = {ref: rows for ref, rows in offer.left.items() if f"left:{ref}" in taken}
    if not wanted:
        return
    by_reason: dict[str, list[Target]] = defaultdict(list)
    rows = PhaseActivity.objects.filter(project=project, activity__ref__in=wanted, phase_number__gte=1)
    for row in rows.select_related("activity").order_by("activity__position", "phase_number"):
        ref = row.activity.ref
        whys = {each.phase: each.why for each in wanted[ref]}
        if row.phase_number not in whys and ref not in offer.whole:
            continue
        why = whys.get(row.phase_number) or next(iter(whys.values()))
        by_reason[_marked(why, offer) if offer.within else why_left].append(Target(row.pk, row.version))
    for reason, targets in by_reason.items():
        leave_out(acting_user=acting_user, project=project, targets=targets, reason=reason)


def _take_own(acting_user: User | None, project: Project, offer: Offer, taken: Collection[str]) -> dict[str, str]:
    """Make the own activities again, by the path that every own activity goes. Returns their new refs by the old ones.

    Roles that the new catalogue does not know stay behind; where none is left, the role that
    answers for the first activity of the component answers for this one.
    """
    texts = texts_for(project)
    components, roles = own_components(texts), known_roles(texts)
    made = {}
    for ref, each in offer.own.items():
        own = each.activity
        if f"own:{ref}" not in taken or own.component not in components:
            continue
        said = OwnActivity(
            title=own.title[:LONGEST_TITLE],
            component=own.component,
            nature=own.nature,
            roles=[role for role in own.roles if role in roles] or _usual_role(texts, own.component),
            clauses=own.clauses_2018 if project.edition == Edition.E2018 else own.clauses_2011,
            is_key=own.is_key,
            description=own.description,
            effort=own.effort or USUAL_EFFORT,
        )
        why = _marked(each.why, offer)
        made[ref] = add_own(acting_user=acting_user, project=project, said=said, phases=each.phases, reason=why).ref
    return made


def _usual_role(texts: CatalogueTexts, component: str) -> list[str]:
    return list(next((row.roles for row in texts.of_component(component) if row.roles), ())[:1])


def _split(
    acting_user: User | None, project: Project, offer: Offer, taken: Collection[str], own: Mapping[str, str]
) -> dict[str, str]:
    """Split into the same parts, by the path that every split goes. Returns the new refs of parts by the old ones.

    An own activity that stayed behind is not split, nor one that the new plan lacks or leaves out altogether.
    """
    wanted = {
        own.get(ref, ref): each
        for ref, each in offer.splits.items()
        if f"split:{ref}" in taken and (ref in own or ref not in offer.own)
    }
    if not wanted:
        return {}
    open_rows = PhaseActivity.objects.filter(activity=OuterRef("pk"), status__in=OPEN_STATUSES)
    found = ProjectActivity.objects.filter(Exists(open_rows), project=project, ref__in=wanted)
    made: dict[str, str] = {}
    for activity in found.order_by("position", "ref"):
        each = wanted[activity.ref]
        parts = split(
            acting_user=acting_user,
            project=project,
            activity=activity,
            names=each.names,
            reason=_marked(each.why, offer),
        )
        made |= dict(zip(each.refs, (part.ref for part in parts), strict=True))
    return made


def _take_roles(acting_user: User | None, project: Project, source: Project, taken: Collection[str]) -> None:
    """Make the parties of the entries taken, then the map, as a person would on the pages for it."""
    texts = texts_for(project)
    known = {role for row in texts.activities.values() for role in row.roles}
    entries = [
        entry
        for entry in RoleAssignment.objects.filter(project=source, party__is_active=True).select_related("party__user")
        if role_key(entry.role, entry.component) in taken
        and entry.role in known
        and (not entry.component or entry.component in texts.components)
    ]
    if not entries:
        return
    there = list(Party.objects.filter(project=project))
    here: dict[int | None, Party] = {party.user_id: party for party in there if party.user_id is not None}
    called = {party.name.casefold(): party for party in there}
    groups: dict[int, list[Party]] = defaultdict(list)
    members = GroupMember.objects.filter(project=source, person__is_active=True)
    for member in members.select_related("person__user"):
        groups[member.group_id].append(member.person)
    made: dict[int, Party] = {}

    def take(party: Party) -> Party:
        if party.pk not in made:
            made[party.pk] = (
                here.get(party.user_id)
                or called.get(party.name.casefold())
                or create_party(
                    acting_user=acting_user,
                    project=project,
                    name=party.name,
                    kind=party.kind,
                    email=party.email or (party.user.email if party.user is not None else ""),
                    function=party.function,
                    members=[take(person) for person in groups[party.pk]] if party.kind == PartyKind.GROUP else None,
                )
            )
        return made[party.pk]

    named: Mapping[tuple[str, str], Party | None] = {
        (entry.role, entry.component): take(entry.party) for entry in entries
    }
    set_role_map(acting_user=acting_user, project=project, entries=named)


def _note_verified(project: Project, source: Project, made: Mapping[str, str]) -> int:
    """Say at each row that it exists already, where the earlier project verified it in this phase or a later one.

    `made` gives the refs here of own activities and parts, which need not be those that they had there.
    """
    texts = texts_for(project)
    until = {
        made.get(ref, ref): number
        for ref, number in verified_until(source).items()
        if ref in made or ref in texts.activities
    }
    rows = PhaseActivity.objects.filter(project=project, activity__ref__in=until, phase_number__gte=1)
    keys = [pk for pk, ref, number in rows.values_list("pk", "activity__ref", "phase_number") if number <= until[ref]]
    note = _("Exists already: verified in %(project)s. Improve it for the wider scope.") % {"project": source.name}
    PhaseActivity.objects.filter(pk__in=keys).update(note=note)
    return len(keys)
