"""Lessons learnt: the list, the list as a file, and capturing one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import choice, read_query, single_values, whole_number
from common.workbook_out import FORMATS, table_response
from governance.choices import LessonState
from governance.exports_lessons import LESSON_COLUMNS, lesson_lines
from governance.forms.lessons import LessonForm, lesson_query_string, parse_lesson_query
from governance.models import Lesson
from governance.selectors.lessons import (
    MINE,
    NOBODY,
    OTHERS,
    LessonList,
    LessonQuery,
    active_phase,
    asked_lessons,
    component_choices,
)
from governance.services.lessons import capture_lesson
from phases.choices import PHASE_NAMES
from phases.models import ProjectActivity
from phases.permissions import own_party_ids
from phases.selectors.catalogue import texts_for
from phases.views.rows import next_address
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project

PAGE = 50


def parties_for(project: Project, held: int | None = None) -> list[Party]:
    """The parties that can own something, and the one (`held`) that does. One query."""
    return [
        party for party in Party.objects.filter(project=project).order_by("name") if party.is_active or party.pk == held
    ]


def refuse(form: forms.Form, error: RuleBroken) -> None:
    """Put a broken rule beside the field that it is about, or over the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


@project_view("lessons.view")
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """List what was learnt: what waits to be acted on first."""
    query, found, owners = _asked(request, project, ("page",))
    here = reverse("lessons", args=[project.slug])
    page = Paginator(found.lessons, PAGE).get_page(whole_number("page", request.GET.get("page", "")) or 1)
    titles = dict(component_choices(project))
    context = {
        "project": project,
        "query": query,
        "found": found,
        "page": page,
        "total": len(found.lessons),
        "titles": titles,
        "is_others": query.view == OTHERS,
        "may_capture": bool(request.access.can("lessons.capture")),
        "may_settle": bool(request.access.can("lessons.manage")),
        "may_export": bool(request.access.can("phases.export")) and bool(found.lessons),
        "export_url": reverse("lessons_export", args=[project.slug]) + lesson_query_string(query),
        "tabs": _tabs(here, query, found),
        "filters": _filters(query, found, titles, owners),
        "phase_names": PHASE_NAMES,
    }
    return render(request, "governance/lessons.html", context)


@project_view("phases.export")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The list as CSV or XLSX: what the page shows for the same question, all of it."""
    _query, found, _owners = _asked(request, project, ("format", "page"))
    form = request.GET.get("format", "") or FORMATS[0]
    if form not in FORMATS:
        raise BadRequest("no such format")
    return table_response(form, f"{project.slug}-lessons", LESSON_COLUMNS, lesson_lines(project, found.lessons))


@project_view("lessons.capture", post="lessons.capture")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Capture a lesson. Two fields come first; the rest is filled in from where the person came."""
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("component", "phase", "activity", "next"))
        back = next_address(project, values["next"], "") if values["next"] else ""
        return _new_page(request, project, _form(project, initial=_initial(project, values)), back)
    data = single_values(request.POST)
    back = next_address(project, data.get("next", ""), "") if data.get("next") else ""
    form = _form(project, data)
    if form.is_valid():
        try:
            lesson = capture_lesson(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(ref)s is captured. It will be there when it matters.") % {"ref": lesson.ref})
            return HttpResponseRedirect(back) if back else redirect("lesson", project.slug, lesson.ref)
    return _new_page(request, project, form, back, status=422)


def _form(project: Project, data: Any = None, **more: Any) -> LessonForm:
    return LessonForm(data, parties=parties_for(project), components=component_choices(project), **more)


def _initial(project: Project, values: Any) -> dict[str, Any]:
    texts = texts_for(project)
    component = choice("component", values["component"], list(texts.components))
    phase = choice("phase", values["phase"], [str(number) for number in PHASE_NAMES])
    if values["activity"] and not component:
        text = texts.text_of(values["activity"])
        if text is not None:
            component = text.component
        else:
            own = ProjectActivity.objects.filter(project=project, ref=values["activity"]).first()
            component = own.component if own is not None else ""
    return {"component": component, "phase": int(phase) if phase else active_phase(project), "is_shared": True}


def _new_page(
    request: ProjectRequest, project: Project, form: LessonForm, back: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "project": project,
        "form": form,
        "next": back,
        "cancel": back or reverse("lessons", args=[project.slug]),
        "more_open": any(name in form.errors for name in ("why", "component", "phase", "owner")),
    }
    return render(request, "governance/lesson_new.html", context, status=status)


def _asked(
    request: ProjectRequest, project: Project, more: tuple[str, ...]
) -> tuple[LessonQuery, LessonList, list[tuple[int, str]]]:
    owners = list(
        Party.objects.filter(pk__in=Lesson.objects.filter(project=project, owner__isnull=False).values("owner"))
        .order_by("name")
        .values_list("pk", "name")
    )
    query = parse_lesson_query(request.GET, list(texts_for(project).components), [pk for pk, _name in owners], more)
    own = own_party_ids(project, request.user) if query.owner == MINE else frozenset()
    return query, asked_lessons(project, query, own), owners


def _tabs(here: str, query: LessonQuery, found: LessonList) -> list[dict[str, Any]]:
    words = {"": _("All"), **dict(LessonState.choices), OTHERS: _("Other projects")}
    return [
        {
            "label": label,
            "url": here + lesson_query_string(query, view=view),
            "count": found.counts[view],
            "current": view == query.view,
        }
        for view, label in words.items()
        if view != OTHERS or found.counts[OTHERS] or query.view == OTHERS
    ]


def _filters(
    query: LessonQuery, found: LessonList, titles: dict[str, str], owners: list[tuple[int, str]]
) -> list[dict[str, Any]]:
    there = {lesson.component for lesson in [*found.of_project, *found.lessons] if lesson.component}
    there |= {query.component} if query.component else set()
    filters = [
        {
            "name": "phase",
            "label": _("Phase"),
            "value": "" if query.phase is None else str(query.phase),
            "choices": [
                ("", _("All phases")),
                *((str(number), f"{number} {name}") for number, name in PHASE_NAMES.items()),
            ],
        },
        {
            "name": "component",
            "label": _("Component"),
            "value": query.component,
            "choices": [("", _("All components")), *((code, title) for code, title in titles.items() if code in there)],
        },
    ]
    if query.view != OTHERS:
        people = [(MINE, _("Mine")), (NOBODY, _("Nobody")), *((str(pk), name) for pk, name in owners)]
        filters.append(
            {"name": "owner", "label": _("Owner"), "value": query.owner, "choices": [("", _("All owners")), *people]}
        )
    return filters
