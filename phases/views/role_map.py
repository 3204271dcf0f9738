"""The role map: from the roles of the catalogue to the people of the project."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, StaleWrite
from phases.forms.role_map import chosen_by_field, parse_role_map
from phases.selectors.role_map import RoleEntry, RoleKey, RoleMap, role_map_of
from phases.selectors.role_suggestions import suggestions_for
from phases.services.role_map import set_role_map
from phases.views.role_places import said, tabs
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Party, Project


@project_view("phases.view", post="phases.assign")
def role_map(request: ProjectRequest, project: Project) -> HttpResponse:
    """Show who takes which role; save gives the open activities of the changed roles to the new parties."""
    present = role_map_of(project)
    if request.method != "POST":
        return render(request, "phases/role_map.html", _context(request, project, present, {}))
    entries, seen = parse_role_map(request.POST, present)
    by_id = {party.pk: party for party in Party.objects.filter(project=project)}
    standing = {(entry.role, entry.component): entry.party.pk if entry.party else None for entry in present.entries()}
    changes = {
        key: None if party_id is None else by_id[party_id]
        for key, party_id in entries.items()
        if party_id != standing[key]
    }
    try:
        count = set_role_map(acting_user=request.user, project=project, entries=changes, seen=seen)
    except StaleWrite as error:
        hidden = [(name, values[0]) for name, values in request.POST.lists() if name.startswith("role.")]
        return conflict(
            request, error, action=request.path, hidden=[*hidden, ("seen", present.digest)], back=request.path
        )
    except RuleBroken as error:
        context = _context(request, project, present, entries)
        return render(request, "phases/role_map.html", {**context, "refused": str(error)}, status=422)
    messages.success(request, _said(len(changes), count))
    return redirect("role_map", slug=project.slug)


def _said(entries: int, count: int) -> str:
    if not entries and not count:
        return _("Nothing was changed: the map is as it was.")
    return said(count)


def _context(
    request: ProjectRequest, project: Project, role_map: RoleMap, entries: Mapping[RoleKey, int | None]
) -> dict[str, Any]:
    chosen = chosen_by_field(role_map, entries)
    offered = 0
    if request.access.can("phases.assign") and request.method == "GET":
        offered = len(suggestions_for(project, request.user, role_map).offered)
    return {
        "project": project,
        "map": role_map,
        "tabs": tabs(project, "role_map", role_map.unassigned),
        "offered": offered,
        "may_assign": bool(request.access.can("phases.assign")),
        "may_add": bool(request.access.can("team.manage")),
        "rows": [
            {
                "row": row,
                "slug": slugify(row.entry.role),
                "whole": _shown(row.entry, role_map, chosen),
                "components": [_shown(entry, role_map, chosen) for entry in row.components],
            }
            for row in role_map.rows
        ],
    }


def _shown(entry: RoleEntry, role_map: RoleMap, chosen: Mapping[str, int | None]) -> dict[str, Any]:
    """An entry with its choices: active parties, and the chosen one whatever it is."""
    pk = chosen[entry.field]
    return {
        "entry": entry,
        "chosen": pk,
        "choices": [party for party in role_map.parties if party.is_active or party.pk == pk],
    }
