"""The page of one activity: its phases side by side, what it asks, comments, history."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import read_query
from notifications.services import add_comment
from phases.models import ProjectActivity
from phases.selectors.activity import COMMENTED, ActivityView, activity_view, changes_of, comments_of
from phases.selectors.catalogue import texts_for
from phases.selectors.overlay import wording_of
from projects.access import ProjectRequest, project_view, require_post_value
from projects.models import Project
from projects.registries import prepare_panels


def _url(project: Project, ref: str, anchor: str = "") -> str:
    return reverse("activity", args=[project.slug, ref]) + (f"#{anchor}" if anchor else "")


def _page(request: ProjectRequest, project: Project, ref: str, *, status: int = 200, **refused: Any) -> HttpResponse:
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
        "panels": prepare_panels("activity", project, request.access, activity=view.activity),
        **_comments(request, project, view.ref),
        **_history(request, project, view),
        **refused,
    }
    return render(request, "phases/activity.html", context, status=status)


def _comments(request: ProjectRequest, project: Project, ref: str) -> dict[str, Any]:
    may_write = request.access.can("comments.write")
    return {
        "ref": ref,
        "comments": comments_of(project, ref) if request.access.can("comments.view") else [],
        "may_comment": bool(may_write),
        "why_no_comment": may_write.reason,
        "nonce": uuid4(),
        "comment_action": reverse("activity_comment", args=[project.slug, ref]),
    }


def _history(request: ProjectRequest, project: Project, view: ActivityView) -> dict[str, Any]:
    if not request.access.can("trail.view"):
        return {"may_see_history": False}
    changes, more = changes_of(project, view.columns, view.ref)
    return {"may_see_history": True, "changes": changes, "more_changes": more}


@project_view("phases.view")
def activity(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """The activity `ref` of the project."""
    read_query(request.GET)
    return _page(request, project, ref)


@project_view(post="comments.write")
def comment(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Write a comment. Sent twice, it stands there once."""
    if not ProjectActivity.objects.filter(project=project, ref=ref).exists():
        raise Http404
    body = require_post_value(request, "body")
    try:
        add_comment(
            acting_user=request.user,
            project=project,
            kind=COMMENTED,
            key=ref,
            body=body,
            nonce=_nonce(request),
        )
    except RuleBroken as error:
        typed = {"typed_comment": body, "comment_error": str(error)}
        if request.headers.get("HX-Request"):
            context = {"project": project, "time_zone": project.time_zone, **_comments(request, project, ref), **typed}
            return render(request, "phases/_activity_comments.html", context, status=422)
        return _page(request, project, ref, status=422, **typed)
    if request.headers.get("HX-Request"):
        context = {"project": project, "time_zone": project.time_zone, **_comments(request, project, ref)}
        return render(request, "phases/_activity_comments.html", context)
    return redirect(_url(project, ref, "comments"))


def _nonce(request: HttpRequest) -> UUID:
    try:
        return UUID(require_post_value(request, "nonce"))
    except ValueError as error:
        raise RuleBroken(_("The form is too old. Reload the page and send it again."), field="nonce") from error
