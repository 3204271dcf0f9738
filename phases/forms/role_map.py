"""What the form of the role map says."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from common.exceptions import VersionMissing
from phases.choices import Part
from phases.selectors.role_map import RoleEntry, RoleKey, RoleMap


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


def parse_further(given: QueryDict, entries: Iterable[RoleEntry], role_map: RoleMap) -> dict[RoleKey, dict[int, str]]:
    """The further parties that a form sent for `entries`: each place to party ids and parts, those removed left out.

    `part.FIELD.ID` says how a party takes part ("" = no longer), `add.FIELD` names one more, `how.FIELD` its part.
    Places about which the form says nothing are left out. Raises BadRequest for what no page of ours sends.
    """
    parties = {str(party.pk): party.pk for party in role_map.parties}
    known = {entry.field.removeprefix("role."): entry for entry in entries}
    found: dict[RoleKey, dict[int, str]] = {}
    for name, values in given.lists():
        kind, _dot, rest = name.partition(".")
        if kind not in ("part", "add", "how"):
            continue
        field, party = rest, ""
        if kind == "part":
            field, _dot, party = rest.rpartition(".")
        if field not in known or len(values) != 1 or (kind == "part" and party not in parties):
            raise BadRequest(f"{name[:60]} is unknown or given twice")
        entry, value = known[field], values[0]
        its = found.setdefault(entry.place, {further.party.pk: further.part for further in entry.further})
        if kind == "part":
            if value and value not in Part.values:
                raise BadRequest(f"{name[:60]} is no part")
            if value:
                its[parties[party]] = value
            else:
                its.pop(parties[party], None)
        elif kind == "add" and value:
            how = given.get(f"how.{field}", "") or Part.CONTRIBUTES
            if value not in parties or how not in Part.values:
                raise BadRequest(f"{name[:60]} names nobody of this project")
            its[parties[value]] = how
    return found
