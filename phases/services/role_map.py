"""The role map: from the roles that the catalogue names to the parties of a project."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken, StaleWrite
from phases.choices import Part
from phases.models import ProjectActivity, RoleAssignment, RoleParticipant
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.role_map import RoleKey, entries_of, map_digest, parts_of
from phases.services.hand_out import hand_out
from projects.models import Party, Project
from projects.services.guards import require_capability

Parts = Mapping[int, str]


@transaction.atomic
def set_role_map(
    *,
    acting_user: User | None,
    project: Project,
    entries: Mapping[RoleKey, Party | None],
    further: Mapping[RoleKey, Mapping[Party, str]] | None = None,
    seen: str | None = None,
) -> int:
    """Say which party takes a role, and give it the open work of that role. Returns how many rows changed hands.

    `entries` maps (role, component) to a party, or to None to empty the entry; component "" stands for all
    components that have no entry of their own. The first role of an activity is accountable, the others
    contribute. `further` maps (role, component) to all further parties there and how each takes part (a value of
    Part): who contributes is named at the rows, who is consulted or informed in the RACI matrix only. The owner of a
    package goes before the role map; what somebody set by hand at a row, finished rows and closed phases stay as they
    are. `seen` is the `map_digest` of the map that both were made from: raises StaleWrite where it has changed since.
    Raises RuleBroken for a role or component that the plan does not have, a party that is not active, and one that
    would both take a role and take part in it.
    """
    require_capability(acting_user, "phases.assign", project)
    texts, further = texts_for(project), further or {}
    parties = {party.pk: party for party in Party.objects.filter(project=project)}
    takes, parts = entries_of(project), parts_of(project)
    wanted = {place: {party.pk: part for party, part in its.items()} for place, its in further.items()}
    _check_places(project, texts, [*entries, *further])
    new = {party for party in entries.values() if party is not None}
    new |= {party for place, its in further.items() for party in its if party.pk not in parts.get(place, {})}
    for party in new:
        if party.pk not in parties or not party.is_active:
            raise RuleBroken(_("%(name)s can no longer be given activities.") % {"name": party.name})
    for place, its in wanted.items():
        named = entries.get(place)
        taker = (named.pk if named else None) if place in entries else takes.get(place)
        if taker in its:
            raise RuleBroken(
                _("%(name)s takes the role %(role)s already. Choose who else takes part.")
                % {"name": parties[taker].name, "role": place[0]}
            )
        if any(part not in Part.values for part in its.values()):
            raise RuleBroken(_("There is no such part."))
    if seen is not None and seen != map_digest(takes, parts):
        raise _stale(texts, parties, (takes, parts), entries, wanted)
    drafts = [*_set_takers(project, parties, takes, entries), *_set_further(project, parties, parts, wanted)]
    changed, given = hand_out(project, "role map", acting_user=acting_user)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[*drafts, *given])
    return changed


def _check_places(project: Project, texts: CatalogueTexts, places: Collection[RoleKey]) -> None:
    known = {role for row in texts.activities.values() for role in row.roles}
    components = set(texts.components)
    own = ProjectActivity.objects.filter(project=project, catalogue_activity=None).values_list("roles", "component")
    for roles, component in own:
        known.update(roles)
        components.add(component)
    for role, component in places:
        if role not in known or (component and component not in components):
            raise RuleBroken(_("The catalogue has no role %(role)s there.") % {"role": role})


def _place(place: RoleKey) -> str:
    return f"{place[0]} / {place[1] or 'all components'}"


def _set_takers(
    project: Project,
    parties: Mapping[int, Party],
    takes: Mapping[RoleKey, int],
    entries: Mapping[RoleKey, Party | None],
) -> list[Draft]:
    drafts = []
    for place, party in entries.items():
        old = takes.get(place)
        if old == (party.pk if party else None):
            continue
        if party is None:
            RoleAssignment.objects.filter(project=project, role=place[0], component=place[1]).delete()
        else:
            RoleAssignment.objects.update_or_create(
                project=project, role=place[0], component=place[1], defaults={"party": party}
            )
        names = [parties[old].name if old is not None else None, party.name if party else None]
        drafts.append(Draft("set role", "role map", _place(place), place[0], {"party": names}))
    return drafts


def _set_further(
    project: Project, parties: Mapping[int, Party], parts: Mapping[RoleKey, Parts], wanted: Mapping[RoleKey, Parts]
) -> list[Draft]:
    drafts = []
    for place, its in wanted.items():
        before = parts.get(place, {})
        if before == its:
            continue
        at = RoleParticipant.objects.filter(project=project, role=place[0], component=place[1])
        at.exclude(party__in=its).delete()
        for party, part in its.items():
            if before.get(party) != part:
                RoleParticipant.objects.update_or_create(
                    project=project, role=place[0], component=place[1], party=parties[party], defaults={"part": part}
                )
        changes = {"further parties": [_by_name(parties, before), _by_name(parties, its)]}
        drafts.append(Draft("set further parties", "role map", _place(place), place[0], changes))
    return drafts


def _by_name(parties: Mapping[int, Party], its: Parts) -> dict[str, str]:
    return dict(sorted((parties[party].name, part) for party, part in its.items()))


def _stale(
    texts: CatalogueTexts,
    parties: Mapping[int, Party],
    before: tuple[Mapping[RoleKey, int], Mapping[RoleKey, Parts]],
    entries: Mapping[RoleKey, Party | None],
    wanted: Mapping[RoleKey, Parts],
) -> StaleWrite:
    takes, parts = before

    def words(place: RoleKey) -> str:
        role, component = place
        found = texts.components.get(component)
        return f"{role}: {found.title if found else component}" if component else role

    def listed(its: Parts) -> str:
        said = [f"{name} ({Part(part).label})" for name, part in _by_name(parties, its).items()]
        return ", ".join(said) or _("Nobody")

    nobody, also = _("Nobody"), _("further parties")
    current = {words(place): parties[takes[place]].name if place in takes else nobody for place in entries}
    sent = {words(place): party.name if party else nobody for place, party in entries.items()}
    changed = {place: its for place, its in wanted.items() if its != parts.get(place, {})}
    current |= {f"{words(place)}, {also}": listed(parts.get(place, {})) for place in changed}
    sent |= {f"{words(place)}, {also}": listed(its) for place, its in changed.items()}
    return StaleWrite(_("Somebody changed the role map meanwhile."), current=current, sent=sent)
