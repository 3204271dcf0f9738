"""The page of one lesson, and what is done with it: put right, settled, turned into an activity or an action."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from governance.choices import LessonState
from governance.forms.lessons import ActionForm, LessonForm, SettleForm, initial_lesson
from governance.lesson_permissions import can_work_on
from governance.models import Lesson
from governance.selectors.lessons import component_choices, component_title, lesson_of, title_of
from governance.services.lessons import change_lesson, make_action, make_activity, settle_lesson
from governance.views.lessons import parties_for, refuse
from phases.choices import PHASE_NAMES, Nature, PhaseState
from phases.forms.tailoring_acts import OWN_FIELDS, OwnForm
from phases.models import Phase
from phases.permissions import own_party_ids
from phases.selectors.catalogue import texts_for
from phases.services.tailoring.own import LONGEST_TITLE, known_roles, own_components
from phases.views.rows import next_address
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version

ACTION_DAYS = 28
"""The day that is suggested for an action lies so far off."""


def _lesson_or_404(project: Project, ref: str) -> Lesson:
    lesson = lesson_of(project, ref)
    if lesson is None:
        raise Http404
    return lesson


def _back(project: Project, raw: str) -> str:
    """The page of the project from which somebody came, "" for none."""
    return next_address(project, raw, "") if raw else ""


def _return(project: Project, ref: str, back: str) -> HttpResponse:
    return HttpResponseRedirect(back or reverse("lesson", args=[project.slug, ref]))


def _may_work(request: ProjectRequest, project: Project, lesson: Lesson) -> bool:
    own = own_party_ids(project, request.user)
    return bool(can_work_on(request.access, request.user, lesson, own))


@project_view("lessons.view", post="lessons.capture")
def lesson(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """The lesson `ref`; a POST puts it right."""
    found = _lesson_or_404(project, ref)
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("edit", "next"))
        return _page(request, project, found, editing=bool(values["edit"]), next=_back(project, values["next"]))
    form = _form(project, found, single_values(request.POST))
    version = parse_version(request.POST.get("version", ""))
    if form.is_valid():
        try:
            change_lesson(acting_user=request.user, project=project, ref=ref, version=version, facts=form.facts())
        except RuleBroken as error:
            refuse(form, error)
        except StaleWrite as error:
            now = Lesson.objects.values_list("version", flat=True).get(pk=found.pk)
            sent = [(name, request.POST.get(name, "")) for name in form.fields if name in request.POST]
            here = reverse("lesson", args=[project.slug, ref])
            return conflict(request, error, action=here, hidden=[*sent, ("version", now)], back=here)
        else:
            messages.success(request, _("Saved."))
            return redirect("lesson", project.slug, ref)
    return _page(request, project, found, status=422, editing=True, form=form, version=version)


@project_view(post="lessons.capture")
def settle(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say what became of the lesson."""
    found = _lesson_or_404(project, ref)
    form = SettleForm(single_values(request.POST))
    back = _back(project, request.POST.get("next", ""))
    version = parse_version(request.POST.get("version", ""))
    if form.is_valid():
        try:
            settle_lesson(
                acting_user=request.user,
                project=project,
                ref=ref,
                version=version,
                state=form.cleaned_data["state"],
                note=form.cleaned_data["note"],
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(ref)s is settled.") % {"ref": ref})
            return _return(project, ref, back)
    return _page(request, project, found, status=422, settle_form=form, next=back)


@project_view("lessons.manage", post="lessons.manage")
def activity(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Make an activity of the next phase of a lesson."""
    values, _lists = read_query(request.GET, single=("next",))
    found = _lesson_or_404(project, ref)
    if request.method != "POST":
        form = _own_form(project, found, initial=_own_initial(project, found))
        return _activity_page(request, project, found, form, found.version, next=_back(project, values["next"]))
    back = _back(project, request.POST.get("next", ""))
    version = parse_version(request.POST.get("version", ""))
    form = _own_form(project, found, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = make_activity(
                acting_user=request.user,
                project=project,
                ref=ref,
                version=version,
                said=form.said(),
                phases=data["phases"],
                reason=data["reason"],
            )
        except RuleBroken as error:
            field = OWN_FIELDS.get(error.field, error.field)
            form.add_error(field if field in form.fields else None, str(error))
        else:
            said = {"made": made.ref, "ref": ref}
            messages.success(request, _("%(made)s is part of the plan now; %(ref)s is acted on.") % said)
            return _return(project, ref, back)
    return _activity_page(request, project, found, form, version, status=422, next=back)


@project_view("lessons.manage", post="lessons.manage")
def action(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Make an action of a lesson."""
    values, _lists = read_query(request.GET, single=("next",))
    found = _lesson_or_404(project, ref)
    parties = parties_for(project, found.owner_id)
    if request.method != "POST":
        initial = {
            "text": _short(found, 300),
            "owner": str(found.owner_id or ""),
            "due": clock.today(project.time_zone) + timedelta(days=ACTION_DAYS),
        }
        form = ActionForm(parties=parties, initial=initial)
        return _action_page(request, project, found, form, found.version, next=_back(project, values["next"]))
    back = _back(project, request.POST.get("next", ""))
    version = parse_version(request.POST.get("version", ""))
    form = ActionForm(single_values(request.POST), parties=parties)
    if form.is_valid():
        try:
            made = make_action(
                acting_user=request.user,
                project=project,
                ref=ref,
                version=version,
                text=form.cleaned_data["text"],
                owner=form.party,
                due=form.cleaned_data["due"],
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("%(made)s is to be done; %(ref)s is acted on.") % {"made": made.ref, "ref": ref}
            )
            return _return(project, ref, back)
    return _action_page(request, project, found, form, version, status=422, next=back)


def _form(project: Project, found: Lesson, data: Any = None, **more: Any) -> LessonForm:
    parties = parties_for(project, found.owner_id)
    return LessonForm(data, parties=parties, components=component_choices(project), **more)


def _page(
    request: ProjectRequest, project: Project, found: Lesson, *, status: int = 200, editing: bool = False, **typed: Any
) -> HttpResponse:
    may_work = _may_work(request, project, found)
    context = {
        "project": project,
        "lesson": found,
        "title": title_of(found),
        "component_title": component_title(texts_for(project), found.component),
        "phase_name": PHASE_NAMES[found.phase_number],
        "may_work": may_work,
        "may_settle": bool(request.access.can("lessons.manage")),
        "is_open": found.state == LessonState.OPEN,
        "editing": editing and may_work,
        "form": None,
        "version": found.version,
        "settle_form": SettleForm(
            initial={
                "state": LessonState.NOTED if found.state == LessonState.OPEN else found.state,
                "note": found.state_note,
            }
        ),
        "time_zone": project.time_zone,
        **typed,
    }
    if context["editing"] and context["form"] is None:
        context["form"] = _form(project, found, initial=initial_lesson(found))
    return render(request, "governance/lesson.html", context, status=status)


def _own_form(project: Project, found: Lesson, data: Any = None, **more: Any) -> OwnForm:
    texts = texts_for(project)
    phases = Phase.objects.filter(project=project).exclude(state=PhaseState.CLOSED).order_by("number")
    return OwnForm(
        data,
        components=[(code, f"{code} {texts.components[code].title}") for code in own_components(texts)],
        roles=known_roles(texts),
        phases=list(phases.values_list("number", flat=True)),
        is_new=True,
        **more,
    )


def _own_initial(project: Project, found: Lesson) -> dict[str, Any]:
    """What the activity says, as far as the lesson knows it: most of it the next phase and its component."""
    texts = texts_for(project)
    roles = Counter(row.roles[0] for row in texts.of_component(found.component) if row.roles)
    following = Phase.objects.filter(project=project, number__gt=found.phase_number).exclude(state=PhaseState.CLOSED)
    number = following.order_by("number").values_list("number", flat=True).first()
    return {
        "title": _short(found, LONGEST_TITLE),
        "component": found.component,
        "nature": Nature.ESTABLISH,
        "phases": [number] if number is not None else [],
        "role": roles.most_common(1)[0][0] if roles else "",
        "effort": "medium",
        "description": found.change or found.happened,
        "reason": _("Lesson %(ref)s: %(title)s") % {"ref": found.ref, "title": title_of(found)},
    }


def _short(found: Lesson, most: int) -> str:
    first = (found.change or found.happened).strip().split("\n", 1)[0]
    return first if len(first) <= most else f"{first[: most - 1].rstrip()}…"


def _activity_page(
    request: ProjectRequest,
    project: Project,
    found: Lesson,
    form: OwnForm,
    version: int,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"project": project, "lesson": found, "form": form, "version": version, **more}
    return render(request, "governance/lesson_activity.html", context, status=status)


def _action_page(
    request: ProjectRequest,
    project: Project,
    found: Lesson,
    form: ActionForm,
    version: int,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"project": project, "lesson": found, "form": form, "version": version, **more}
    return render(request, "governance/lesson_action.html", context, status=status)
