"""Answering one question at a time: the page, saving while typing, who is here."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from common.exceptions import NotPermitted, RuleBroken
from common.query import read_query, single_values, whole_number
from gapanalysis.forms.answering import AnswerForm, read_answer
from gapanalysis.models import Answer, Assessment
from gapanalysis.permissions import can_answer
from gapanalysis.selectors.answering import Outline, earlier_of, outline_of, question_of
from gapanalysis.services.answers import AnswerChange, confirm_earlier, confirm_unchanged, give_answers
from gapanalysis.services.presence import be_at
from gapanalysis.services.saving import Saved, Sent, save_question
from gapanalysis.views.answer_lookup import address, answer_or_404, assessment_or_404
from gapanalysis.views.answer_page import answer_page, crumbs, here_context, saved_parts
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project
from projects.services.guards import parse_version


@project_view("gap.view")
def first(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """To the first question that the person has left to answer, or a page that says there is none."""
    single, _multiple = read_query(request.GET, single=("section",))
    assessment = assessment_or_404(project, key)
    outline = outline_of(assessment, request.user)
    if single["section"]:
        section = outline.section(single["section"])
        if section is None:
            raise Http404
        return redirect("gap_answer", project.slug, key, section.entry)
    still = outline.open_of_mine
    if still:
        return redirect("gap_answer", project.slug, key, still[0].ref)
    return render(
        request, "gapanalysis/answered.html", _around(request, project, assessment, outline, _("All answered"))
    )


@project_view("gap.view", post="gap.answer")
def question(request: ProjectRequest, project: Project, key: str, ref: str) -> HttpResponse:
    """One question; a POST saves what its form says and goes where the button leads."""
    answer = answer_or_404(project, key, ref)
    if request.method != "POST":
        read_query(request.GET)
        return answer_page(request, project, answer)
    form = read_answer(request.POST)
    try:
        saved = _save(request, project, answer, form)
    except NotPermitted as error:
        # Locked while somebody typed: htmx shows the words beside what they typed, which stays.
        if not _is_htmx(request):
            raise
        return render(request, "gapanalysis/_answer_refused.html", {"why": str(error)}, status=409)
    except Party.DoesNotExist as error:
        raise Http404 from error
    if not saved.is_whole:
        status = 409 if saved.clashes else 422
        if _is_htmx(request):
            return saved_parts(request, project, answer, saved, form, status=status)
        return answer_page(request, project, question_of(answer.assessment, ref) or answer, status, saved, form)
    return _go_on(request, project, answer, saved, form)


def _around(
    request: ProjectRequest, project: Project, assessment: Assessment, outline: Outline, last: str
) -> dict[str, Any]:
    return {
        "project": project,
        "assessment": assessment,
        "outline": outline,
        "crumbs": crumbs(project, assessment, last),
        "may_answer": assessment.takes_answers and bool(request.access.can("gap.answer")),
    }


def _is_htmx(request: ProjectRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _save(request: ProjectRequest, project: Project, answer: Answer, form: AnswerForm) -> Saved:
    sent = form.sent
    if form.do == "none" and "rungs" in sent:
        sent = {**sent, "rungs": Sent([], None)}
    saved = save_question(
        acting_user=request.user, project=project, answer=answer, version=form.version, sent=sent, over=form.over
    )
    row = saved.answer
    if saved.is_whole and form.do == "confirm":
        confirm_earlier(
            acting_user=request.user, project=project, assessment=row.assessment, versions={row.pk: row.version}
        )
    if saved.is_whole and form.do in ("later", "again"):
        give_answers(
            acting_user=request.user,
            project=project,
            assessment=row.assessment,
            changes=[AnswerChange(row.pk, row.version, is_for_later=form.do == "later")],
        )
    return saved


def _go_on(request: ProjectRequest, project: Project, answer: Answer, saved: Saved, form: AnswerForm) -> HttpResponse:
    """Where the button leads; a save while typing stays and says what became of it."""
    if not form.do and _is_htmx(request):
        return saved_parts(request, project, answer, saved, form)
    to = address(project, answer)
    if form.do in ("next", "later", "confirm", "none", "back"):
        outline = outline_of(answer.assessment, request.user)
        beside = outline.beside(answer.question.ref, -1 if form.do == "back" else 1)
        to = (
            address(project, answer, beside)
            if beside
            else reverse("gap_answer_first", args=[project.slug, answer.assessment.key])
        )
    elif not _is_htmx(request):
        messages.success(request, _("Saved."))
    return HttpResponseClientRedirect(to) if _is_htmx(request) else redirect(to)


@project_view(post="gap.answer")
def here(request: ProjectRequest, project: Project, key: str, ref: str) -> HttpResponse:
    """Note that the person looks at this question; says who else does, and whether it was answered meanwhile."""
    answer = answer_or_404(project, key, ref)
    be_at(acting_user=request.user, project=project, answer=answer)
    return HttpResponse(render_to_string("gapanalysis/_answer_here.html", here_context(request, answer)))


@project_view("gap.view", post="gap.answer")
def confirm(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """The earlier answers of a section that nobody has looked at; a POST confirms those that are ticked."""
    assessment = assessment_or_404(project, key)
    if request.method == "POST":
        return _confirm(request, project, assessment)
    single, _multiple = read_query(request.GET, single=("section",))
    outline = outline_of(assessment, request.user)
    waiting = [section for section in outline.sections if section.to_confirm]
    own = [section for section in waiting if section.is_mine] or waiting
    section = outline.section(single["section"]) if single["section"] else (own[0] if own else None)
    if single["section"] and section is None:
        raise Http404
    decision = can_answer(request.access, assessment, section.key if section else "", outline.mine)
    context = {
        **_around(request, project, assessment, outline, _("Confirm earlier answers")),
        "section": section,
        "waiting": waiting,
        "rows": earlier_of(assessment, section.key) if section else [],
        "may_answer": bool(decision),
        "why_not": decision.reason,
        "time_zone": project.time_zone,
    }
    return render(request, "gapanalysis/confirm.html", context)


def _confirm(request: ProjectRequest, project: Project, assessment: Assessment) -> HttpResponse:
    """Confirm what was ticked. What somebody answered meanwhile stays theirs, and is said."""
    single_values(request.POST, multiple=("row",))
    versions: dict[int, int] = {}
    for raw in request.POST.getlist("row"):
        pk, _dash, version = raw.partition("-")
        number = whole_number("row", pk)
        if number is None:
            raise BadRequest("a row without its number")
        versions[number] = parse_version(version)
    section = request.POST.get("section", "")
    back = f"{reverse('gap_confirm', args=[project.slug, assessment.key])}?{urlencode({'section': section})}"
    if not versions:
        raise RuleBroken(_("Tick the answers that still hold."), field="row")
    try:
        done, missed = confirm_unchanged(
            acting_user=request.user, project=project, assessment=assessment, versions=versions
        )
    except Answer.DoesNotExist as error:
        raise Http404 from error
    if done:
        said = ngettext("%(n)d earlier answer confirmed.", "%(n)d earlier answers confirmed.", done)
        messages.success(request, said % {"n": done})
    if missed:
        said = _("Somebody answered meanwhile, and that stands: %(refs)s.")
        messages.warning(request, said % {"refs": ", ".join(missed)})
    outline = outline_of(assessment, request.user)
    here_now = outline.section(section)
    if here_now is not None and here_now.to_confirm:
        return redirect(back)
    return redirect("gap_confirm", project.slug, assessment.key)
