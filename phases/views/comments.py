"""The comments on an activity."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from notifications.views.thread import Place, act_on_comment, read_comments, write_comment
from phases.models import ProjectActivity
from phases.selectors.activity import COMMENTED
from phases.views.activity import activity_page, thread_context
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view(post="comments.write")
def comment(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Write a comment, or ask somebody."""
    return write_comment(request, project, _place(request, project, ref))


@project_view(post="comments.view")
def read(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Note that who looks has read where they are named here."""
    return read_comments(request, project, _place(request, project, ref))


@project_view(post="comments.write")
def said(request: ProjectRequest, project: Project, ref: str, pk: int) -> HttpResponse:
    """Do something with one comment."""
    return act_on_comment(request, project, _place(request, project, ref), pk)


def _place(request: ProjectRequest, project: Project, ref: str) -> Place:
    if not ProjectActivity.objects.filter(project=project, ref=ref).exists():
        raise Http404

    def page(status: int = 200, **typed: Any) -> HttpResponse:
        return activity_page(request, project, ref, status=status, **typed)

    def part(status: int = 200, **typed: Any) -> HttpResponse:
        context = {"project": project, "time_zone": project.time_zone, **thread_context(request, project, ref), **typed}
        return render(request, "notifications/_comments.html", context, status=status)

    return Place(
        COMMENTED,
        ref,
        reverse("activity", args=[project.slug, ref]),
        reverse("activity_comment", args=[project.slug, ref]),
        page,
        part,
    )
