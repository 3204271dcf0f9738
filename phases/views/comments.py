"""What people do in the comments on an activity: comment, ask, answer, settle, edit, withdraw, mark read."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, StaleWrite
from notifications.models import Comment
from notifications.services.comments import add_comment, edit_comment, mark_read, withdraw_comment
from notifications.services.questions import answer_question, mark_answered, reopen_question
from phases.models import ProjectActivity
from phases.selectors.activity import COMMENTED
from phases.views.activity import activity_page, thread_context
from projects.access import ProjectRequest, project_view, require_post_value
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


@project_view(post="comments.write")
def comment(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Write a comment, or ask somebody. Sent twice, it stands there once."""
    _require_activity(project, ref)
    body = require_post_value(request, "body")
    try:
        written = add_comment(
            acting_user=request.user,
            project=project,
            kind=COMMENTED,
            key=ref,
            body=body,
            nonce=_nonce(request),
            asked_id=_asked(request),
        )
    except RuleBroken as error:
        typed = {
            "typed_comment": body,
            "typed_asked": request.POST.get("asked", ""),
            "comment_error": str(error),
            "wrong_field": error.field,
        }
        return _thread(request, project, ref, status=422, **typed)
    if request.headers.get("HX-Request"):
        return _thread(request, project, ref)
    return redirect(_url(project, ref, f"comment-{written.pk}"))


@project_view(post="comments.view")
def read(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Note that who looks has read where they are named here."""
    _require_activity(project, ref)
    mark_read(acting_user=request.user, project=project, kind=COMMENTED, key=ref)
    if request.headers.get("HX-Request"):
        return render(request, "phases/_comments_read.html")
    return redirect(_url(project, ref, "comments"))


@project_view(post="comments.write")
def said(request: ProjectRequest, project: Project, ref: str, pk: int) -> HttpResponse:
    """Do something with one comment: `do` says what."""
    act = ACTS.get(require_post_value(request, "do"))
    if act is None:
        raise RuleBroken(_("Choose what to do with the comment."), field="do")
    if not Comment.objects.filter(project=project, kind=COMMENTED, key=ref, pk=pk).exists():
        raise Http404
    return act(request, project, ref, pk)


def _answer(request: ProjectRequest, project: Project, ref: str, pk: int) -> HttpResponse:
    body = require_post_value(request, "body")
    try:
        written = answer_question(
            acting_user=request.user,
            project=project,
            question_id=pk,
            version=_version(request),
            body=body,
            nonce=_nonce(request),
        )
    except RuleBroken as error:
        typed = {"answering": pk, "typed_answer": body, "answer_error": str(error)}
        return activity_page(request, project, ref, status=422, **typed)
    except StaleWrite as error:
        # The question may take no answer any more; the text goes into the form for a comment, where it can be sent.
        now = next(iter(error.current.values()))
        told = _("The question changed meanwhile (%(now)s). Your answer is not saved; you can send it as a comment.")
        typed = {"typed_comment": body, "comment_error": told % {"now": now}}
        return activity_page(request, project, ref, status=409, **typed)
    messages.success(request, _("Answered."))
    return redirect(_url(project, ref, f"comment-{written.pk}"))


def _edit(request: ProjectRequest, project: Project, ref: str, pk: int) -> HttpResponse:
    body = require_post_value(request, "body")
    try:
        edit_comment(acting_user=request.user, project=project, comment_id=pk, version=_version(request), body=body)
    except RuleBroken as error:
        return activity_page(request, project, ref, status=422, editing=pk, typed_edit=body, edit_error=str(error))
    except StaleWrite as error:
        return _both_texts(request, project, ref, pk, error, [("do", "edit"), ("body", body)])
    return redirect(_url(project, ref, f"comment-{pk}"))


def _withdraw(request: ProjectRequest, project: Project, ref: str, pk: int) -> HttpResponse:
    try:
        withdraw_comment(acting_user=request.user, project=project, comment_id=pk, version=_version(request))
    except StaleWrite as error:
        return _both_texts(request, project, ref, pk, error, [("do", "withdraw")])
    return redirect(_url(project, ref, f"comment-{pk}"))


def _settle(request: ProjectRequest, project: Project, ref: str, pk: int) -> HttpResponse:
    mark_answered(acting_user=request.user, project=project, question_id=pk, version=_version(request))
    messages.success(request, _("Marked answered."))
    return redirect(_url(project, ref, f"comment-{pk}"))


def _reopen(request: ProjectRequest, project: Project, ref: str, pk: int) -> HttpResponse:
    reopen_question(acting_user=request.user, project=project, question_id=pk, version=_version(request))
    messages.success(request, _("The question is open again."))
    return redirect(_url(project, ref, f"comment-{pk}"))


ACTS: dict[str, Callable[[ProjectRequest, Project, str, int], HttpResponse]] = {
    "answer": _answer,
    "edit": _edit,
    "withdraw": _withdraw,
    "answered": _settle,
    "reopen": _reopen,
}


def _both_texts(
    request: ProjectRequest, project: Project, ref: str, pk: int, error: StaleWrite, form: list[tuple[str, object]]
) -> HttpResponse:
    version = Comment.objects.values_list("version", flat=True).get(project=project, pk=pk)
    return conflict(
        request,
        error,
        action=reverse("activity_said", args=[project.slug, ref, pk]),
        hidden=[*form, ("version", version)],
        back=_url(project, ref, f"comment-{pk}"),
    )


def _thread(request: ProjectRequest, project: Project, ref: str, *, status: int = 200, **typed: Any) -> HttpResponse:
    """The comments alone for htmx, else the whole page."""
    if not request.headers.get("HX-Request"):
        return activity_page(request, project, ref, status=status, **typed)
    context = {"project": project, "time_zone": project.time_zone, **thread_context(request, project, ref), **typed}
    return render(request, "phases/_activity_comments.html", context, status=status)


def _require_activity(project: Project, ref: str) -> None:
    if not ProjectActivity.objects.filter(project=project, ref=ref).exists():
        raise Http404


def _url(project: Project, ref: str, anchor: str) -> str:
    return f"{reverse('activity', args=[project.slug, ref])}#{anchor}"


def _version(request: HttpRequest) -> int:
    return parse_version(request.POST.get("version", ""))


def _asked(request: HttpRequest) -> int | None:
    """Whom the form asks; None for a plain comment."""
    values = request.POST.getlist("asked")
    if len(values) > 1 or (values and values[0] and not (values[0].isascii() and values[0].isdigit())):
        raise RuleBroken(_("Choose one person to ask, from the list."), field="asked")
    # A number that no key can be names nobody.
    return int(values[0][:18]) if values and values[0] else None


def _nonce(request: HttpRequest) -> UUID:
    try:
        return UUID(require_post_value(request, "nonce"))
    except ValueError as error:
        raise RuleBroken(_("The form is too old. Reload the page and send it again."), field="nonce") from error
