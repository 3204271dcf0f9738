"""What people do in the comments on an object: comment, ask, answer, settle, edit, withdraw, mark read.

The page that the comments stand on belongs to a higher app, which says in a `Place` where it is and how to show it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, StaleWrite
from notifications.models import Comment
from notifications.services.comments import add_comment, edit_comment, mark_read, withdraw_comment
from notifications.services.questions import answer_question, mark_answered, reopen_question
from projects.access import ProjectRequest, require_post_value
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


@dataclass(frozen=True, slots=True)
class Place:
    """What is commented on (`kind`, `key`) and where: the address of its page and that of its comments.

    `page(status=, **typed)` shows the whole page, `part(status=, **typed)` the comments alone; `typed` holds what was
    refused.
    """

    kind: str
    key: str
    url: str
    comments_url: str
    page: Callable[..., HttpResponse]
    part: Callable[..., HttpResponse]

    def at(self, anchor: str) -> str:
        """A place on the page."""
        return f"{self.url}#{anchor}"


def write_comment(request: ProjectRequest, project: Project, place: Place) -> HttpResponse:
    """Write a comment, or ask somebody. Sent twice, it stands there once."""
    body = require_post_value(request, "body")
    htmx = bool(request.headers.get("HX-Request"))
    try:
        written = add_comment(
            acting_user=request.user,
            project=project,
            kind=place.kind,
            key=place.key,
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
        return (place.part if htmx else place.page)(status=422, **typed)
    return place.part() if htmx else redirect(place.at(f"comment-{written.pk}"))


def read_comments(request: ProjectRequest, project: Project, place: Place) -> HttpResponse:
    """Note that who looks has read where they are named here."""
    mark_read(acting_user=request.user, project=project, kind=place.kind, key=place.key)
    if request.headers.get("HX-Request"):
        return render(request, "notifications/_comments_read.html")
    return redirect(place.at("comments"))


def act_on_comment(request: ProjectRequest, project: Project, place: Place, pk: int) -> HttpResponse:
    """Do something with one comment: `do` says what."""
    act = ACTS.get(require_post_value(request, "do"))
    if act is None:
        raise RuleBroken(_("Choose what to do with the comment."), field="do")
    if not Comment.objects.filter(project=project, kind=place.kind, key=place.key, pk=pk).exists():
        raise Http404
    return act(request, project, place, pk)


def _answer(request: ProjectRequest, project: Project, place: Place, pk: int) -> HttpResponse:
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
        return place.page(status=422, **typed)
    except StaleWrite as error:
        # The question may take no answer any more; the text goes into the form for a comment, where it can be sent.
        now = next(iter(error.current.values()))
        told = _("The question changed meanwhile (%(now)s). Your answer is not saved; you can send it as a comment.")
        typed = {"typed_comment": body, "comment_error": told % {"now": now}}
        return place.page(status=409, **typed)
    messages.success(request, _("Answered."))
    return redirect(place.at(f"comment-{written.pk}"))


def _edit(request: ProjectRequest, project: Project, place: Place, pk: int) -> HttpResponse:
    body = require_post_value(request, "body")
    try:
        edit_comment(acting_user=request.user, project=project, comment_id=pk, version=_version(request), body=body)
    except RuleBroken as error:
        return place.page(status=422, editing=pk, typed_edit=body, edit_error=str(error))
    except StaleWrite as error:
        return _both_texts(request, project, place, pk, error, [("do", "edit"), ("body", body)])
    return redirect(place.at(f"comment-{pk}"))


def _withdraw(request: ProjectRequest, project: Project, place: Place, pk: int) -> HttpResponse:
    try:
        withdraw_comment(acting_user=request.user, project=project, comment_id=pk, version=_version(request))
    except StaleWrite as error:
        return _both_texts(request, project, place, pk, error, [("do", "withdraw")])
    return redirect(place.at(f"comment-{pk}"))


def _settle(request: ProjectRequest, project: Project, place: Place, pk: int) -> HttpResponse:
    mark_answered(acting_user=request.user, project=project, question_id=pk, version=_version(request))
    messages.success(request, _("Marked answered."))
    return redirect(place.at(f"comment-{pk}"))


def _reopen(request: ProjectRequest, project: Project, place: Place, pk: int) -> HttpResponse:
    reopen_question(acting_user=request.user, project=project, question_id=pk, version=_version(request))
    messages.success(request, _("The question is open again."))
    return redirect(place.at(f"comment-{pk}"))


ACTS: dict[str, Callable[[ProjectRequest, Project, Place, int], HttpResponse]] = {
    "answer": _answer,
    "edit": _edit,
    "withdraw": _withdraw,
    "answered": _settle,
    "reopen": _reopen,
}


def _both_texts(
    request: ProjectRequest, project: Project, place: Place, pk: int, error: StaleWrite, form: list[tuple[str, object]]
) -> HttpResponse:
    version = Comment.objects.values_list("version", flat=True).get(project=project, pk=pk)
    return conflict(
        request,
        error,
        action=f"{place.comments_url}{pk}/",
        hidden=[*form, ("version", version)],
        back=place.at(f"comment-{pk}"),
    )


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
