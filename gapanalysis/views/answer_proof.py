"""What shows an answer: putting evidence on it without leaving the question, taking it off, keeping it as a record."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken
from common.query import read_query, single_values
from evidence import files
from evidence.exceptions import NoRoom
from evidence.models import EvidenceItem
from evidence.selectors import item_of, same_content, seen_by
from evidence.services.items import Content, Facts, FileIn, LinkIn
from evidence.services.quota import MEGABYTE
from gapanalysis.models import Answer
from gapanalysis.selectors.proof import items_for_answer
from gapanalysis.selectors.talk import comment_key
from gapanalysis.services.proof import add_to_answer, link_answer, pin_answer, unlink_answer
from gapanalysis.views.answer_lookup import address, answer_or_404
from gapanalysis.views.answer_page import answer_page, proof_context
from projects.access import ProjectRequest, project_view
from projects.models import Project

MOST_AT_ONCE = 50


@project_view("evidence.view", post="evidence.add")
def proof(request: ProjectRequest, project: Project, key: str, ref: str) -> HttpResponse:
    """GET: items that hold the words sought. POST: put the chosen ones on the answer."""
    answer = answer_or_404(project, key, ref)
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("find",))
        found = items_for_answer(project, request.access, answer, values["find"]) if values["find"].strip() else None
        return _show(request, project, answer, sought=values["find"], found=found)
    keys = request.POST.getlist("item")[:MOST_AT_ONCE]
    items = list(seen_by(project, request.access).filter(key__in=keys))
    for item in items:
        item.project = project

    def act() -> None:
        if not items:
            raise RuleBroken(_("Choose at least one item."))
        made = link_answer(acting_user=request.user, project=project, answer=answer, items=items)
        said = ngettext("%(n)d item shows this answer now.", "%(n)d items show this answer now.", made)
        messages.success(request, said % {"n": made})

    return _acted(request, project, answer, act)


@project_view(post="evidence.add")
def add(request: ProjectRequest, project: Project, key: str, ref: str) -> HttpResponse:
    """Take in a file or a link, and put it on the answer. What is kept already is offered instead."""
    answer = answer_or_404(project, key, ref)
    single_values(request.POST)
    sent = {name: request.POST.get(name, "") for name in ("title", "shows", "url", "seen_note")}
    content: Content
    try:
        if (upload := request.FILES.get("file")) is not None:
            incoming = files.receive(upload.chunks(), most=int(settings.EVIDENCE_FILE_MB) * MEGABYTE)
            twins = same_content(project, request.access, incoming.sha256)
            if twins:
                files.discard(incoming.path)
                problem = _("This very content is kept already. Put that on the answer instead.")
                return _show(request, project, answer, found=tuple(twins), problem=problem, status=422)
            content = FileIn(incoming, upload.name or "")
        elif sent["url"].strip():
            content = LinkIn(sent["url"][:2000], sent["seen_note"])
        else:
            raise RuleBroken(_("Choose a file, or give a link."))
        facts = Facts(title=sent["title"], shows=sent["shows"])
        item = add_to_answer(acting_user=request.user, project=project, answer=answer, content=content, facts=facts)
    except RuleBroken as error:
        status = 507 if isinstance(error, NoRoom) else 422
        return _show(request, project, answer, problem=str(error), typed=sent, status=status)
    messages.success(request, _("%(key)s is kept, and shows this answer.") % {"key": item.key})
    return _done(request, project, answer)


@project_view(post="evidence.add")
def remove(request: ProjectRequest, project: Project, key: str, ref: str) -> HttpResponse:
    """Take an item off the answer; it stays in the register."""
    answer = answer_or_404(project, key, ref)
    item = item_of(project, request.access, request.POST.get("item", "")[:12])
    if item is None:
        return _show(request, project, answer, problem=_("That item is not on this answer."), status=422)
    return _acted(
        request,
        project,
        answer,
        lambda: unlink_answer(acting_user=request.user, project=project, item=item, key=comment_key(answer)),
    )


@project_view(post="evidence.add")
def pin(request: ProjectRequest, project: Project, key: str, ref: str) -> HttpResponse:
    """Keep the answer as it stands as a record, as evidence for the chosen activities."""
    answer = answer_or_404(project, key, ref)
    refs = tuple(dict.fromkeys(request.POST.getlist("ref")))[:MOST_AT_ONCE]

    def act() -> None:
        item = pin_answer(acting_user=request.user, project=project, answer=answer, refs=refs)
        messages.success(request, _("Kept as the record %(key)s, as it stands now.") % {"key": item.key})

    return _acted(request, project, answer, act)


def _acted(request: ProjectRequest, project: Project, answer: Answer, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except RuleBroken as error:
        return _show(request, project, answer, problem=str(error), status=422)
    except EvidenceItem.DoesNotExist as error:
        raise Http404 from error
    return _done(request, project, answer)


def _done(request: ProjectRequest, project: Project, answer: Answer) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _show(request, project, answer)
    return redirect(f"{address(project, answer)}#proof")


def _show(request: ProjectRequest, project: Project, answer: Answer, *, status: int = 200, **more: Any) -> HttpResponse:
    """The part for htmx, else the whole page."""
    if not request.headers.get("HX-Request"):
        return answer_page(request, project, answer, status, proof_more=more)
    context = {
        "project": project,
        "assessment": answer.assessment,
        "question": answer.question,
        "proof": proof_context(request, project, answer, **more),
        "oob": True,
    }
    return render(request, "gapanalysis/_answer_proof_swapped.html", context, status=status)
