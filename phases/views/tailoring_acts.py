"""Acts on one activity of a plan: own ones, other phases, parts, and undoing an act."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audittrail.models import Event
from common.exceptions import RuleBroken
from common.query import read_query
from phases.choices import PhaseState
from phases.forms.tailoring_acts import OWN_FIELDS, JoinForm, MoveForm, OwnForm, PlaceForm, SplitForm
from phases.models import Phase, PhaseActivity, ProjectActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.tailoring import clauses_in
from phases.selectors.tailoring_one import OneActivity, one_activity
from phases.services.rows import Target
from phases.services.tailoring.own import add_own, change_own, known_roles, own_components
from phases.services.tailoring.places import add_to_phase, move_to_phase
from phases.services.tailoring.split import join, split
from phases.services.tailoring.undo import undo, undoing_of
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


def _one(project: Project, ref: str) -> OneActivity:
    found = one_activity(project, ref)
    if found is None:
        raise Http404
    return found


def _place(form: Any, refused: RuleBroken, names: dict[str, str] | None = None) -> str:
    """Put a refusal at its field; returns it where it has none."""
    name = (names or {}).get(refused.field, refused.field)
    if name in form.fields:
        form.add_error(name, str(refused))
        return ""
    return str(refused)


def _own_form(project: Project, activity: ProjectActivity | None, data: Any = None) -> OwnForm:
    texts = texts_for(project)
    phases = Phase.objects.filter(project=project).exclude(state=PhaseState.CLOSED).order_by("number")
    initial: dict[str, Any] = {}
    if activity is not None:
        initial = {
            "title": activity.title,
            "nature": activity.nature,
            "role": next(iter(activity.roles), ""),
            "helpers": activity.roles[1:],
            "clauses": ", ".join(clauses_in(project, activity)),
            "effort": activity.effort or "medium",
            "is_key": activity.is_key,
            "description": activity.description,
        }
    return OwnForm(
        data,
        initial=initial,
        components=[(code, f"{code} {texts.components[code].title}") for code in own_components(texts)],
        roles=known_roles(texts),
        phases=list(phases.values_list("number", flat=True)) if activity is None else (),
        is_new=activity is None,
    )


@project_view("phases.view", post="phases.tailor")
def own(request: ProjectRequest, project: Project) -> HttpResponse:
    """Make an activity of the plan's own."""
    read_query(request.GET)
    form, problem = _own_form(project, None, request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = add_own(
                acting_user=request.user,
                project=project,
                said=form.said(),
                phases=data["phases"],
                reason=data["reason"],
                once=True,
            )
        except RuleBroken as refused:
            problem = _place(form, refused, OWN_FIELDS)
        else:
            messages.success(request, _("%(ref)s is part of the plan now.") % {"ref": made.ref})
            return redirect("activity", project.slug, made.ref)
    return _own_page(request, project, form, None, problem)


@project_view("phases.view", post="phases.tailor")
def own_one(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Change an activity of the plan's own."""
    read_query(request.GET)
    activity = _one(project, ref).activity
    if activity.catalogue_activity_id is not None or activity.part_of_id is not None:
        raise RuleBroken(_("%(ref)s has its text from the catalogue; it cannot be changed.") % {"ref": ref})
    form, problem = _own_form(project, activity, request.POST if request.method == "POST" else None), ""
    if request.method == "POST":
        version = parse_version(request.POST.get("version"))
        if form.is_valid():
            try:
                change_own(
                    acting_user=request.user,
                    project=project,
                    activity=activity,
                    version=version,
                    said=form.said(activity.component),
                )
            except RuleBroken as refused:
                problem = _place(form, refused, OWN_FIELDS)
            else:
                messages.success(request, _("%(ref)s is saved.") % {"ref": ref})
                return redirect("activity", project.slug, ref)
    return _own_page(request, project, form, activity, problem)


def _own_page(
    request: ProjectRequest, project: Project, form: OwnForm, activity: ProjectActivity | None, problem: str
) -> HttpResponse:
    decision = request.access.can("phases.tailor")
    context = {
        "project": project,
        "form": form,
        "activity": activity,
        "problem": problem,
        "may_tailor": bool(decision),
        "why_not": decision.reason,
    }
    status = 422 if form.errors or problem else 200
    return render(request, "phases/tailoring_own.html", context, status=status)


def _rows_to_move(one: OneActivity) -> list[tuple[str, str]]:
    return [
        (
            f"{row.pk}:{row.version}",
            _("Phase %(number)d, %(status)s")
            % {"number": row.phase_number, "status": row.get_status_display().lower()},
        )
        for row in one.movable
    ]


@project_view("phases.view", post="phases.tailor")
def places(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Move a row of an activity to another phase, or add the activity to a further one."""
    read_query(request.GET)
    one = _one(project, ref)
    adding, moving, problem = PlaceForm(phases=one.free), MoveForm(phases=one.free, rows=_rows_to_move(one)), ""
    if request.method == "POST":
        act = request.POST.get("do", "")
        if act not in ("add", "move"):
            raise BadRequest("no such act")
        form: PlaceForm
        if act == "add":
            form = adding = PlaceForm(request.POST, phases=one.free)
        else:
            sent = request.POST.get("row", "")
            rows = _rows_to_move(one)
            known = sent.partition(":")[0]
            # A row that has changed since is the service's to refuse, with both texts.
            rows = [(sent if key.partition(":")[0] == known else key, label) for key, label in rows]
            form = moving = MoveForm(request.POST, phases=one.free, rows=rows)
        if form.is_valid():
            try:
                said = _do_place(request, project, one, act, form.cleaned_data)
            except PhaseActivity.DoesNotExist as error:
                raise Http404 from error
            except RuleBroken as refused:
                problem = _place(form, refused)
            else:
                messages.success(request, said)
                return redirect("activity", project.slug, ref)
    decision = request.access.can("phases.tailor")
    context = {
        "project": project,
        "one": one,
        "adding": adding,
        "moving": moving,
        "problem": problem,
        "may_tailor": bool(decision),
        "why_not": decision.reason,
    }
    return render(request, "phases/tailoring_places.html", context, status=422 if request.method == "POST" else 200)


def _do_place(request: ProjectRequest, project: Project, one: OneActivity, act: str, data: dict[str, Any]) -> str:
    ref, number, reason = one.activity.ref, data["phase"], data["reason"]
    if act == "add":
        add_to_phase(acting_user=request.user, project=project, activity=one.activity, phase=number, reason=reason)
        return _("%(ref)s stands in phase %(number)d too now.") % {"ref": ref, "number": number}
    pk, _colon, version = data["row"].partition(":")
    target = Target(int(pk), parse_version(version))
    move_to_phase(acting_user=request.user, project=project, target=target, phase=number, reason=reason)
    return _("%(ref)s stands in phase %(number)d now.") % {"ref": ref, "number": number}


@project_view("phases.view", post="phases.tailor")
def parts(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Split an activity for several services or sites, or join its parts."""
    read_query(request.GET)
    one = _one(project, ref)
    splitting, joining, problem = SplitForm(), JoinForm(), ""
    if request.method == "POST":
        act = request.POST.get("do", "")
        if act not in ("split", "join"):
            raise BadRequest("no such act")
        version = parse_version(request.POST.get("version"))
        form: SplitForm | JoinForm
        if act == "split":
            form = splitting = SplitForm(request.POST)
        else:
            form = joining = JoinForm(request.POST)
        if form.is_valid():
            common: dict[str, Any] = {
                "acting_user": request.user,
                "project": project,
                "activity": one.activity,
                "version": version,
            }
            data = form.cleaned_data
            try:
                if act == "split":
                    made = split(**common, names=data["names"].splitlines(), reason=data["reason"])
                    said = _("%(ref)s has %(count)d parts now.") % {"ref": ref, "count": len(made)}
                else:
                    join(**common, reason=data["reason"])
                    said = _("%(ref)s is one activity again.") % {"ref": ref}
            except RuleBroken as refused:
                problem = _place(form, refused)
            else:
                messages.success(request, said)
                return redirect("activity", project.slug, ref)
    decision = request.access.can("phases.tailor")
    context = {
        "project": project,
        "one": one,
        "splitting": splitting,
        "joining": joining,
        "problem": problem,
        "may_tailor": bool(decision),
        "why_not": decision.reason,
    }
    return render(request, "phases/tailoring_parts.html", context, status=422 if request.method == "POST" else 200)


@project_view("trail.view", post="phases.tailor")
def undoing(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    """What undoing event `number` would do, or why it cannot be; a POST undoes it."""
    read_query(request.GET)
    problem = ""
    try:
        if request.method == "POST":
            try:
                messages.success(request, undo(acting_user=request.user, project=project, seq=number))
            except RuleBroken as refused:
                problem = str(refused)
            else:
                return redirect(reverse("tailoring", args=[project.slug]) + "#h-lines")
        found = undoing_of(project, number)
    except Event.DoesNotExist as error:
        raise Http404 from error
    decision = request.access.can("phases.tailor")
    context = {
        "project": project,
        "undoing": found,
        "problem": problem or found.why_not,
        "may_tailor": bool(decision),
        "why_not": decision.reason,
        "time_zone": project.time_zone,
    }
    return render(request, "phases/tailoring_undo.html", context, status=422 if problem else 200)
