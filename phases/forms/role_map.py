"""What the form of the role map says."""

from collections.abc import Mapping

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from common.exceptions import VersionMissing
from phases.selectors.role_map import RoleKey, RoleMap


def parse_role_map(given: QueryDict, role_map: RoleMap) -> tuple[dict[RoleKey, int | None], str]:
    """The entries that a form sent, as (role, component) to a party's id or None, and the digest it was made from.

    What the form leaves out stays as it is. Raises VersionMissing without the digest, BadRequest for an entry
    given twice, one that the catalogue does not have, or a party of another project.
    """
    seen = given.getlist("seen")
    if len(seen) != 1 or not seen[0]:
        raise VersionMissing(_("The form does not say which version it was filled from. Reload the page."))
    known = {entry.field: (entry.role, entry.component) for entry in role_map.entries()}
    parties = {str(party.pk): party.pk for party in role_map.parties}
    entries: dict[RoleKey, int | None] = {}
    for name, values in given.lists():
        if not name.startswith("role."):
            continue
        if name not in known or len(values) != 1:
            raise BadRequest(f"{name} is unknown or given twice")
        if values[0] and values[0] not in parties:
            raise BadRequest(f"{name} names nobody of this project")
        entries[known[name]] = parties[values[0]] if values[0] else None
    return entries, seen[0]


def chosen_by_field(role_map: RoleMap, entries: Mapping[RoleKey, int | None]) -> dict[str, int | None]:
    """By field: the party that the page shows as chosen, what was sent before what stands."""
    return {
        entry.field: entries.get((entry.role, entry.component), entry.party.pk if entry.party else None)
        for entry in role_map.entries()
    }
