"""The comments on a question of an assessment."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from gapanalysis.selectors.talk import COMMENTED, comment_key
from gapanalysis.views.answer_lookup import address, answer_or_404
from gapanalysis.views.answer_page import answer_page, thread_context
from notifications.views.thread import Place, act_on_comment, read_comments, write_comment
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view(post="comments.write")
def comment(request: ProjectRequest, project: Project, key: str, ref: str) -> HttpResponse:
    """Write a comment, or ask somebody."""
    return write_comment(request, project, _place(request, project, key, ref))


@project_view(post="comments.view")
def read(request: ProjectRequest, project: Project, key: str, ref: str) -> HttpResponse:
    """Note that who looks has read where they are named here."""
    return read_comments(request, project, _place(request, project, key, ref))


@project_view(post="comments.write")
def said(request: ProjectRequest, project: Project, key: str, ref: str, pk: int) -> HttpResponse:
    """Do something with one comment."""
    return act_on_comment(request, project, _place(request, project, key, ref), pk)


def _place(request: ProjectRequest, project: Project, key: str, ref: str) -> Place:
    answer = answer_or_404(project, key, ref)

    def page(status: int = 200, **typed: Any) -> HttpResponse:
        return answer_page(request, project, answer, status, **typed)

    def part(status: int = 200, **typed: Any) -> HttpResponse:
        context = {"project": project, **thread_context(request, project, answer), **typed}
        return render(request, "notifications/_comments.html", context, status=status)

    return Place(
        COMMENTED,
        comment_key(answer),
        address(project, answer),
        reverse("gap_answer_comment", args=[project.slug, key, ref]),
        page,
        part,
    )
