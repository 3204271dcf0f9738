"""The form of what a draft asks."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from documents.models import Document
from documents.selectors import open_version
from documents.selectors.filling import FillIn, fill_in
from documents.services.drafts import answer_questions
from documents.views.lookup import written_by
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("documents.write", post="documents.write")
def fill(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """What the project knows, what is missing, and questions in one form."""
    document = written_by(request, project, key)
    draft = open_version(document)
    if draft is None or not draft.is_draft:
        messages.warning(request, _("There is no draft to fill in. Begin the next version first."))
        return redirect("document", project.slug, key)
    form = fill_in(draft)
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, document, form)
    data = single_values(request.POST)
    typed = {each.key: data.get(each.name, each.answer) for each in form.questions}
    # Only what somebody changed is sent on, so that an old page takes back nothing that others said.
    seen = {each.key: data.get(f"was-{each.name}", each.answer) for each in form.questions}
    changed = {question: answer for question, answer in typed.items() if answer.strip() != seen[question].strip()}
    try:
        answer_questions(acting_user=request.user, project=project, key=key, answers=changed, seen=seen)
    except StaleWrite as error:
        return _page(request, project, document, form, typed=typed, stale=error.current, status=409)
    except RuleBroken as error:
        return _page(request, project, document, form, typed=typed, problems={error.field: str(error)}, status=422)
    left = fill_in(draft).unanswered
    if left:
        messages.success(request, _("Saved. Unanswered: %(count)d.") % {"count": left})
        return redirect("document_fill", project.slug, key)
    messages.success(request, _("Saved. Every question is answered."))
    return redirect("document_version", project.slug, key, draft.major, draft.minor)


def _page(
    request: ProjectRequest,
    project: Project,
    document: Document,
    form: FillIn,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    stale: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    said, wrong, now = typed or {}, problems or {}, stale or {}
    rows = [
        {
            "question": each,
            "value": said.get(each.key, each.answer),
            "was": each.answer,
            "problem": wrong.get(each.key, ""),
            "now": now.get(each.key),
        }
        for each in form.questions
    ]
    known_keys = {each.key for each in form.questions}
    context = {
        "project": project,
        "document": document,
        "form": form,
        "rows": rows,
        "is_stale": bool(now),
        "problem": next((words for key, words in wrong.items() if key not in known_keys), ""),
        "wrong": [row for row in rows if row["problem"]],
    }
    return render(request, "documents/fill.html", context, status=status)
