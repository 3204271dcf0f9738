"""The page of one activity: its phases side by side, what it asks, comments, history."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common.query import read_query
from notifications.selectors.thread import thread_of
from phases.selectors.activity import COMMENTED, ActivityView, activity_view, changes_of
from phases.selectors.catalogue import texts_for
from phases.selectors.overlay import wording_of
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.registries import prepare_panels


def activity_page(
    request: ProjectRequest, project: Project, ref: str, *, status: int = 200, **refused: Any
) -> HttpResponse:
    """The whole page; `refused` holds what was typed into the form that was not accepted, and why."""
    view = activity_view(project, request.access, request.user, ref)
    if view is None:
        raise Http404
    context = {
        "view": view,
        "activity": view.activity,
        "project": project,
        "catalogue": texts_for(project).source_of(view.ref),
        "wording": wording_of(request.user, project, view.activity),
        "time_zone": project.time_zone,
        "may_update": any(request.access.can(right) for right in ("phases.report", "phases.assign", "phases.schedule")),
        "may_assign": bool(request.access.can("phases.assign")),
        "may_schedule": bool(request.access.can("phases.schedule")),
        "may_tailor": bool(request.access.can("phases.tailor")),
        "panels": prepare_panels("activity", project, request.access, activity=view.activity),
        **thread_context(request, project, view.ref),
        **_history(request, project, view),
        **refused,
    }
    return render(request, "phases/activity.html", context, status=status)


def thread_context(request: ProjectRequest, project: Project, ref: str) -> dict[str, Any]:
    """The comments on the activity `ref`, and the form for one more."""
    may_write = request.access.can("comments.write")
    return {
        "ref": ref,
        "thread": thread_of(project, request.access, request.user, COMMENTED, ref),
        "may_comment": bool(may_write),
        "why_no_comment": may_write.reason,
        "nonce": uuid4(),
        "comment_action": reverse("activity_comment", args=[project.slug, ref]),
        "read_action": reverse("activity_comments_read", args=[project.slug, ref]),
    }


def _history(request: ProjectRequest, project: Project, view: ActivityView) -> dict[str, Any]:
    if not request.access.can("trail.view"):
        return {"may_see_history": False}
    changes, more = changes_of(project, view.ref)
    return {"may_see_history": True, "changes": changes, "more_changes": more}


@project_view("phases.view")
def activity(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """The activity `ref` of the project."""
    read_query(request.GET)
    return activity_page(request, project, ref)
