"""The comments on a risk."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from businesscase.selectors.risk_talk import COMMENTED
from businesscase.views.risk import risk_or_404, risk_page, thread_context
from notifications.views.thread import Place, act_on_comment, read_comments, write_comment
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
    risk = risk_or_404(project, ref)

    def page(status: int = 200, **typed: Any) -> HttpResponse:
        return risk_page(request, project, risk, status, **typed)

    def part(status: int = 200, **typed: Any) -> HttpResponse:
        context = {"project": project, **thread_context(request, project, ref), **typed}
        return render(request, "notifications/_comments.html", context, status=status)

    return Place(
        COMMENTED,
        ref,
        reverse("risk", args=[project.slug, ref]),
        reverse("risk_comment", args=[project.slug, ref]),
        page,
        part,
    )
