"""One management review: its inputs with what the system knows, what was said, what follows, its approval."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audits.choices import ReviewState
from audits.forms.reviews import OutputForm
from audits.models import ReviewInput, ReviewOutput
from audits.review_jobs import REVIEW_PDF
from audits.selectors.review_lines import seen_charts, seen_lines
from audits.selectors.reviews import ReviewPage, writers_of
from audits.services.review_outputs import add_output, remove_output
from audits.services.reviews import (
    approve_review,
    cancel_review,
    conclude_review,
    gather_facts,
    note_presence,
    treat_input,
)
from audits.views.reviews import found_review
from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common.exceptions import RuleBroken, StaleWrite
from common.query import form_nonce, read_query, single_values, whole_number
from documents.selectors import is_very_small
from governance.views.lessons import parties_for
from governance.views.refused import refuse
from jobs.services.request import request_job
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

LATEST = 12


@project_view("review.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """The review with all that belongs to it."""
    read_query(request.GET)
    return _page(request, found_review(project, ref))


@project_view(post="review.prepare")
def treat(request: ProjectRequest, project: Project, ref: str, key: str) -> HttpResponse:
    """Write down what was said about an input."""
    data = single_values(request.POST)
    words, is_treated = data.get("words", ""), data.get("treated") == "on"

    def act(version: int) -> None:
        try:
            treat_input(
                acting_user=request.user,
                project=project,
                ref=ref,
                key=key,
                version=version,
                words=words,
                is_treated=is_treated,
            )
        except ReviewInput.DoesNotExist as error:
            raise Http404 from error

    typed = {"typed_key": key, "typed_words": words, "typed_treated": is_treated}
    return _done(request, project, ref, act, _("Saved."), to=f"input-{key}", **typed)


@project_view(post="review.prepare")
def gather(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Read again what the system knows."""

    def act(version: int) -> None:
        gather_facts(acting_user=request.user, project=project, ref=ref, version=version)

    return _done(request, project, ref, act, _("Each input says what is known today."))


@project_view(post="review.prepare")
def presence(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Note who was there: it was held then."""
    data = single_values(request.POST, multiple=("there",))
    there = [whole_number("there", value) or 0 for value in data.getlist("there")]

    def act(version: int) -> None:
        note_presence(acting_user=request.user, project=project, ref=ref, version=version, there=there)

    return _done(request, project, ref, act, _("Noted who was there."), typed_there=there)


@project_view(post="review.prepare")
def conclude(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Write down what the review concludes."""
    said = single_values(request.POST).get("conclusion", "")

    def act(version: int) -> None:
        conclude_review(acting_user=request.user, project=project, ref=ref, version=version, conclusion=said)

    return _done(request, project, ref, act, _("Saved."), to="conclusion", typed_conclusion=said)


@project_view(post="review.prepare")
def output(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Write down an outcome."""
    found = found_review(project, ref)
    form = _output_form(project, found, single_values(request.POST))
    if form.is_valid():
        try:
            add_output(acting_user=request.user, project=project, ref=ref, facts=form.facts())
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Written down."))
            return redirect(f"{reverse('review', args=[project.slug, ref])}#outputs")
    return _page(request, found, output_form=form, status=422)


@project_view(post="review.prepare")
def take_back(request: ProjectRequest, project: Project, ref: str, pk: int) -> HttpResponse:
    """Take an outcome back."""
    found = found_review(project, ref)
    try:
        remove_output(acting_user=request.user, project=project, ref=ref, pk=pk)
    except ReviewOutput.DoesNotExist as error:
        raise Http404 from error
    except RuleBroken as error:
        return _page(request, found, problem=str(error), status=422)
    messages.success(request, _("Taken back."))
    return redirect(f"{reverse('review', args=[project.slug, ref])}#outputs")


@project_view(post="review.prepare")
def cancel(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Cancel it, with words."""
    why = single_values(request.POST).get("why", "")

    def act(version: int) -> None:
        cancel_review(acting_user=request.user, project=project, ref=ref, version=version, why=why)

    return _done(request, project, ref, act, _("Cancelled. Everybody who was asked is told."), typed_why=why)


@project_view(post="review.approve")
def approve(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Approve the minutes."""

    def act(version: int) -> None:
        approve_review(acting_user=request.user, project=project, ref=ref, version=version)

    return _done(request, project, ref, act, _("Approved. The review is on record and changes no more."))


@project_view(post="review.view")
def paper(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Agenda or minutes as PDF."""
    found_review(project, ref)
    nonce = form_nonce(single_values(request.POST).get("nonce", ""))
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=REVIEW_PDF,
        parameters={"ref": ref},
        idempotency_key=f"review {project.pk} {request.user.pk} {nonce}",
    )
    return redirect("job", job.pk)


def _done(
    request: ProjectRequest,
    project: Project,
    ref: str,
    act: Callable[[int], None],
    said: str,
    *,
    to: str = "",
    **typed: Any,
) -> HttpResponse:
    """Do it and lead back, or show the page with the refusal and what was typed."""
    found = found_review(project, ref)
    try:
        act(parse_version(request.POST.get("version")))
    except StaleWrite:
        problem = _("Somebody changed this review meanwhile. Read it again; what you typed is still here.")
        return _page(request, found_review(project, ref), problem=problem, status=409, **typed)
    except RuleBroken as error:
        return _page(request, found, problem=str(error), status=422, **typed)
    messages.success(request, said)
    return redirect(reverse("review", args=[project.slug, ref]) + (f"#{to}" if to else ""))


def _output_form(project: Project, found: ReviewPage, data: Any = None) -> OutputForm:
    inputs = [(point.guide.key, point.guide.title) for point in found.points]
    return OutputForm(data, parties=parties_for(project), inputs=inputs)


def _page(request: ProjectRequest, found: ReviewPage, *, status: int = 200, **typed: Any) -> HttpResponse:
    review, project = found.review, found.review.project
    is_open = found.standing.is_open
    may_prepare = is_open and bool(request.access.can("review.prepare"))
    may_approve = found.standing.is_written and bool(request.access.can("review.approve"))
    wrote = may_approve and request.user.pk in writers_of(review) and not is_very_small(project)
    context: dict[str, Any] = {
        "project": project,
        "found": found,
        "review": review,
        "standing": found.standing,
        "points": [
            (point, seen_lines(project, point.facts, request.access), seen_charts(project, point.facts))
            for point in found.points
        ],
        "was_held": review.state in (ReviewState.HELD, ReviewState.APPROVED),
        "may_prepare": may_prepare,
        "may_write": may_prepare and review.state == ReviewState.HELD,
        "may_approve": may_approve and not wrote,
        "wrote": wrote,
        "as_of": found.points[0].facts.get("as_of", "") if found.points else "",
        "there": [each.party_id for each in found.attendance if each.was_there is not False],
        "output_form": _output_form(project, found) if may_prepare and review.state == ReviewState.HELD else None,
        "nonce": uuid4(),
        "changes": [sentence(event) for event in history_of(project.uuid, "management review", [review.ref])[:LATEST]]
        if request.access.can("trail.view")
        else [],
        **typed,
    }
    return render(request, "audits/review.html", context, status=status)
