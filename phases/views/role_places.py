"""The role map by component and by single role, what nobody answers for, and what the last project suggests."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken, StaleWrite, VersionMissing
from common.query import read_query
from phases.choices import Part
from phases.forms.role_map import parse_further, parse_role_map
from phases.selectors.role_map import RoleEntry, RoleKey, RoleMap, RoleRow, role_map_of
from phases.selectors.role_places import component_lines, gaps_of, shares_of
from phases.selectors.role_suggestions import suggestions_for
from phases.services.role_map import set_role_map
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Party, Project

SENT = ("role.", "part.", "add.", "how.")


def tabs(project: Project, current: str, unassigned: int | None = None) -> list[dict[str, Any]]:
    """The views of the role map; `current` is a route."""
    views = [
        ("role_map", _("By role"), None),
        ("role_map_components", _("By component"), None),
        ("role_map_unassigned", _("Unassigned"), unassigned),
        ("raci", _("RACI matrix"), None),
    ]
    return [
        {"label": label, "url": reverse(route, args=[project.slug]), "count": count, "current": route == current}
        for route, label, count in views
    ]


@project_view("phases.view")
def components(request: ProjectRequest, project: Project) -> HttpResponse:
    """Every component with its roles, and who is at work in it."""
    read_query(request.GET)
    role_map = role_map_of(project)
    context = {
        "project": project,
        "tabs": tabs(project, "role_map_components", role_map.unassigned),
        "lines": component_lines(project, role_map),
    }
    return render(request, "phases/role_map_components.html", context)


@project_view("phases.view", post="phases.assign")
def component(request: ProjectRequest, project: Project, code: str) -> HttpResponse:
    """Which roles and parties there are in one component; save gives out its open activities."""
    role_map = role_map_of(project)
    rows = [row for row in role_map.rows if any(entry.component == code for entry in row.components)]
    shown = [entry for row in rows for entry in row.components if entry.component == code]
    line = next((line for line in component_lines(project, role_map) if line.code == code), None)
    if line is None:
        raise Http404

    def context(entries: dict[RoleKey, int | None]) -> dict[str, Any]:
        return {
            "title": line.title,
            "line": line,
            "shares": shares_of(project, code, role_map),
            "lead": _("What is named here goes before the entry of the role for all components."),
            "places": [
                _place(role_map, entry, entries, row, heading=row.entry.role, url=_role_url(project, row.entry.role))
                for row, entry in zip(rows, shown, strict=True)
            ],
            "parent": (_("By component"), reverse("role_map_components", args=[project.slug])),
            "tabs": tabs(project, "role_map_components", role_map.unassigned),
        }

    return _edit(request, project, role_map, shown, context)


@project_view("phases.view", post="phases.assign")
def role(request: ProjectRequest, project: Project, role: str) -> HttpResponse:
    """Who takes one role and who takes part in it, in all components and in single ones."""
    role_map = role_map_of(project)
    row = next((row for row in role_map.rows if slugify(row.entry.role) == role), None)
    if row is None:
        raise Http404
    shown = [row.entry, *(row.components if len(row.components) > 1 else ())]

    def context(entries: dict[RoleKey, int | None]) -> dict[str, Any]:
        return {
            "title": row.entry.role,
            "lead": _("An entry of a component goes before the one for all components. Further parties add up."),
            "places": [
                _place(
                    role_map,
                    entry,
                    entries,
                    row,
                    heading=entry.component_title or _("All components"),
                    url=reverse("role_map_component", args=[project.slug, entry.component]) if entry.component else "",
                )
                for entry in shown
            ],
            "parent": (_("Role map"), reverse("role_map", args=[project.slug])),
            "tabs": tabs(project, "role_map", role_map.unassigned),
        }

    return _edit(request, project, role_map, shown, context)


def _role_url(project: Project, name: str) -> str:
    return reverse("role_map_role", args=[project.slug, slugify(name)])


def _place(
    role_map: RoleMap, entry: RoleEntry, entries: dict[RoleKey, int | None], row: RoleRow, *, heading: str, url: str
) -> dict[str, Any]:
    """One entry with what can be chosen for it, and what holds there from the entry for all components."""
    chosen = entries.get(entry.place, entry.party.pk if entry.party else None)
    here = {further.party.pk for further in entry.further}
    field = entry.field.removeprefix("role.")
    return {
        "heading": heading,
        "url": url,
        "shown": {
            "entry": entry,
            "chosen": chosen,
            "choices": [party for party in role_map.parties if party.is_active or party.pk == chosen],
        },
        "inherited": row.entry.party if entry.component else None,
        "inherited_further": [f for f in row.entry.further if f.party.pk not in here] if entry.component else [],
        "further": [{"further": f, "name": f"part.{field}.{f.party.pk}"} for f in entry.further],
        "field": field,
        "addable": [
            party for party in role_map.parties if party.is_active and party.pk not in here and party.pk != chosen
        ],
    }


def _edit(
    request: ProjectRequest,
    project: Project,
    role_map: RoleMap,
    shown: Sequence[RoleEntry],
    context: Callable[[dict[RoleKey, int | None]], dict[str, Any]],
) -> HttpResponse:
    values = {
        "project": project,
        "map": role_map,
        "parts": Part.choices,
        "may_assign": bool(request.access.can("phases.assign")),
    }
    template = "phases/role_map_places.html"
    if request.method != "POST":
        read_query(request.GET)
        return render(request, template, {**values, **context({})})
    entries, seen = parse_role_map(request.POST, role_map)
    further = parse_further(request.POST, shown, role_map)
    by_id = {party.pk: party for party in Party.objects.filter(project=project)}
    standing = {entry.place: entry.party.pk if entry.party else None for entry in role_map.entries()}
    changes = {place: by_id[pk] if pk is not None else None for place, pk in entries.items() if pk != standing[place]}
    try:
        count = set_role_map(
            acting_user=request.user,
            project=project,
            entries=changes,
            further={place: {by_id[pk]: part for pk, part in its.items()} for place, its in further.items()},
            seen=seen,
        )
    except StaleWrite as error:
        hidden = [(name, values[0]) for name, values in request.POST.lists() if name.startswith(SENT)]
        return conflict(
            request, error, action=request.path, hidden=[*hidden, ("seen", role_map.digest)], back=request.path
        )
    except RuleBroken as error:
        return render(request, template, {**values, **context(entries), "refused": str(error)}, status=422)
    messages.success(request, said(count))
    return redirect(request.path)


def said(count: int) -> str:
    """What a saved role map did."""
    if not count:
        return _("Role map saved. No activity changed hands.")
    return ngettext(
        "Role map saved. %(count)d activity has a new responsible party.",
        "Role map saved. %(count)d activities have a new responsible party.",
        count,
    ) % {"count": count}


@project_view("phases.view")
def unassigned(request: ProjectRequest, project: Project) -> HttpResponse:
    """What nobody answers for, by role and by package, each with the way to where it is put right."""
    read_query(request.GET)
    gaps = gaps_of(project)
    context = {
        "project": project,
        "gaps": gaps,
        "tabs": tabs(project, "role_map_unassigned", gaps.count),
        "by_role": [{"gap": gap, "url": _role_url(project, gap.name) if gap.name else ""} for gap in gaps.by_role],
    }
    return render(request, "phases/role_map_unassigned.html", context)


@project_view("phases.assign", post="phases.assign")
def suggestions(request: ProjectRequest, project: Project) -> HttpResponse:
    """Who took the empty roles in the last project; take all of it, some, or nothing."""
    role_map = role_map_of(project)
    found = suggestions_for(project, request.user, role_map)
    context = {
        "project": project,
        "map": role_map,
        "found": found,
        "may_add": bool(request.access.can("team.manage")),
        "tabs": tabs(project, "role_map", role_map.unassigned),
    }
    if request.method != "POST":
        read_query(request.GET)
        return render(request, "phases/role_map_suggestions.html", context)
    seen, taken = request.POST.getlist("seen"), request.POST.getlist("take")
    if len(seen) != 1 or not seen[0]:
        raise VersionMissing(_("The form does not say which version it was filled from. Reload the page."))
    everything = request.POST.get("do") == "all"
    known = {entry.field for entry in role_map.entries()}
    if not set(taken) <= known:
        raise BadRequest("no such role")
    chosen = [each for each in found.offered if everything or each.field in taken]
    by_id = {party.pk: party for party in Party.objects.filter(project=project)}
    try:
        if not chosen:
            raise RuleBroken(_("Tick at least one suggestion, or take all."))
        count = set_role_map(
            acting_user=request.user,
            project=project,
            entries={(each.role, each.component): by_id[each.party.pk] for each in chosen if each.party is not None},
            seen=seen[0],
        )
    except RuleBroken as error:
        refused = {**context, "refused": str(error)}
        return render(request, "phases/role_map_suggestions.html", refused, status=422)
    messages.success(request, said(count))
    return redirect("role_map", slug=project.slug)
