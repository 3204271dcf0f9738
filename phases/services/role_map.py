"""The role map: from the roles that the catalogue names to the parties of a project."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken, StaleWrite
from phases.models import RoleAssignment
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.role_map import RoleKey, map_digest
from phases.services.hand_out import hand_out
from projects.models import Party, Project
from projects.services.guards import require_capability


@transaction.atomic
def set_role_map(
    *,
    acting_user: User | None,
    project: Project,
    entries: Mapping[RoleKey, Party | None],
    seen: str | None = None,
) -> int:
    """Say which party takes a role, and give it the open work of that role. Returns how many rows changed.

    `entries` maps (role, component) to a party, or to None to empty the entry; component "" stands for all
    components that have no entry of their own. The first role of an activity is accountable, the others
    contribute. Rows that somebody assigned by hand, finished rows and closed phases stay as they are. `seen` is the
    `map_digest` of the map that the entries were made from: raises StaleWrite where it has changed since. Raises
    RuleBroken for a role or component that the catalogue does not have, or a party that is not active.
    """
    require_capability(acting_user, "phases.assign", project)
    texts = texts_for(project)
    known = {role for row in texts.activities.values() for role in row.roles}
    for (role, component), party in entries.items():
        if role not in known or (component and component not in texts.components):
            raise RuleBroken(_("The catalogue has no role %(role)s there.") % {"role": role})
        if party is not None and (party.project_id != project.pk or not party.is_active):
            raise RuleBroken(_("%(name)s can no longer be given activities.") % {"name": party.name})
    before = {
        (entry.role, entry.component): entry
        for entry in RoleAssignment.objects.filter(project=project).select_related("party")
    }
    if seen is not None and seen != map_digest({key: entry.party_id for key, entry in before.items()}):
        raise _stale(texts, before, entries)
    drafts = []
    for key, party in entries.items():
        old = before.get(key)
        if (old.party_id if old else None) == (party.pk if party else None):
            continue
        if party is None:
            RoleAssignment.objects.filter(project=project, role=key[0], component=key[1]).delete()
        else:
            RoleAssignment.objects.update_or_create(
                project=project, role=key[0], component=key[1], defaults={"party": party}
            )
        drafts.append(
            Draft(
                "set role",
                "role map",
                f"{key[0]} / {key[1] or 'all components'}",
                key[0],
                {"party": [old.party.name if old else None, party.name if party else None]},
            )
        )
    changed, given = hand_out(project, "role map")
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[*drafts, *given])
    return changed


def _stale(
    texts: CatalogueTexts, before: Mapping[RoleKey, RoleAssignment], entries: Mapping[RoleKey, Party | None]
) -> StaleWrite:
    def words(key: RoleKey) -> str:
        role, component = key
        return f"{role}: {texts.components[component].title}" if component else role

    nobody = _("Nobody")
    return StaleWrite(
        _("Somebody changed the role map meanwhile."),
        current={words(key): before[key].party.name if key in before else nobody for key in entries},
        sent={words(key): party.name if party else nobody for key, party in entries.items()},
    )
