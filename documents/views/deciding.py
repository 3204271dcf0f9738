"""What people do with a version that lies with its approvers: decide, take it back, ask somebody else."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from documents.choices import Classification, VersionState
from documents.exceptions import OwnWork
from documents.forms.control import DecideForm, ReplaceForm
from documents.models import Approval, Author, Document, DocumentVersion
from documents.permissions import may_write
from documents.selectors import is_very_small, open_version, version_in_force, version_of
from documents.selectors.control import Word, approvers_of, returned_words, words_of
from documents.selectors.difference import difference_between
from documents.selectors.page import sheet_of
from documents.selectors.standing import standing_of
from documents.services.freezing import frozen_facts
from documents.services.review import decide as decide_version
from documents.services.review import replace_approver, withdraw_version
from documents.views.lookup import document_or_404, document_url, version_or_404
from projects.access import ProjectRequest, project_view
from projects.models import Project

SOON = 14


@dataclass
class Typed:
    """What a person typed in one of the forms of the page, kept where it was refused."""

    decide: DecideForm | None = None
    replace: ReplaceForm | None = None
    withdraw_why: str = ""


@project_view("documents.view", post="documents.approve")
def decide(request: ProjectRequest, project: Project, key: str, major: int, minor: int) -> HttpResponse:
    """The version as it will be printed, what changed, who says what; and one's own word about it."""
    document = document_or_404(request, project, key)
    version = _version(document, major, minor)
    if request.method != "POST":
        read_query(request.GET)
        if version is None:
            raise Http404
        return decide_page(request, version)
    if version is None:
        return _gone(request, document)
    form = DecideForm(single_values(request.POST))
    if not form.is_valid():
        return decide_page(request, version, typed=Typed(decide=form), status=422)
    values = form.cleaned_data
    if _said_already(version, request.user, values):
        return redirect(document_url(document, "document_decide", major, minor))
    try:
        decided = decide_version(
            acting_user=request.user,
            version=version,
            seen_sha256=values["seen"],
            verdict=values["verdict"],
            reason=values["reason"],
        )
    except (StaleWrite, OwnWork) as error:
        fresh = _version(document, major, minor) or version
        return decide_page(request, fresh, typed=Typed(decide=form), problem=str(error), status=409)
    except RuleBroken as error:
        if error.field in form.fields:
            form.add_error(error.field, str(error))
            return decide_page(request, version, typed=Typed(decide=form), status=422)
        return decide_page(request, version, typed=Typed(decide=form), problem=str(error), status=422)
    messages.success(request, _said(decided))
    if decided.is_draft:
        return redirect(document_url(document))
    return redirect(document_url(document, "document_decide", major, minor))


def _version(document: Document, major: int, minor: int) -> DocumentVersion | None:
    version = version_of(document, major, minor)
    if version is not None:
        version.document = document
    return version


def _gone(request: ProjectRequest, document: Document) -> HttpResponse:
    """What was to be decided about has another number now, or is not there any more."""
    there = open_version(document)
    if there is None:
        raise Http404
    said = _("The version that you saw was taken back and has another number now. This is what there is.")
    return decide_page(request, there, problem=said, status=409)


def _said_already(version: DocumentVersion, person: User, values: dict[str, Any]) -> bool:
    """Whether this is the second click of two: the same word about the same text."""
    return (
        values["seen"] == version.sha256
        and Approval.objects.filter(
            document_version=version,
            round=version.round,
            approver=person,
            verdict=values["verdict"],
            reason=values["reason"].strip(),
        ).exists()
    )


def _said(version: DocumentVersion) -> str:
    """What a decision led to."""
    said = {
        VersionState.IN_REVIEW: _("Your decision is recorded. Version %(number)s still waits for others."),
        VersionState.APPROVED: _("Version %(number)s is approved. A project manager publishes it."),
        VersionState.DRAFT: _("Version %(number)s goes back with your reason. Whoever sent it is told."),
    }
    return said[VersionState(version.state)] % {"number": version.number}


@project_view(post="documents.write")
def withdraw(request: ProjectRequest, project: Project, key: str, major: int, minor: int) -> HttpResponse:
    """Take a version back from its approvers."""
    version = version_or_404(document_or_404(request, project, key), major, minor)
    why = single_values(request.POST).get("why", "")
    try:
        withdraw_version(acting_user=request.user, version=version, why=why)
    except StaleWrite as error:
        fresh = version_or_404(document_or_404(request, project, key), major, minor)
        return decide_page(request, fresh, typed=Typed(withdraw_why=why), problem=str(error), status=409)
    except RuleBroken as error:
        return decide_page(request, version, typed=Typed(withdraw_why=why), problem=str(error), status=422)
    messages.success(
        request,
        _("Version %(number)s is taken back. The draft can be changed again.") % {"number": version.number},
    )
    return redirect(document_url(version.document))


@project_view(post="documents.write")
def replace(request: ProjectRequest, project: Project, key: str, major: int, minor: int) -> HttpResponse:
    """Ask somebody else instead of an approver who has not decided."""
    version = version_or_404(document_or_404(request, project, key), major, minor)
    data = single_values(request.POST)
    form = ReplaceForm(
        data, people=_others(version, approvers_of(project)), auto_id=f"id_{data.get('gone', '')[:12]}_%s"
    )
    if not form.is_valid():
        if "gone" in form.errors:
            raise BadRequest("gone is no person")
        return decide_page(request, version, typed=Typed(replace=form), status=422)
    gone = User.objects.filter(pk=form.cleaned_data["gone"]).first()
    if gone is None:
        raise Http404
    try:
        approval = replace_approver(
            acting_user=request.user, version=version, gone=gone, instead=form.people[form.cleaned_data["instead"]]
        )
    except Approval.DoesNotExist:
        said = _("%(name)s is not asked any more. Somebody replaced them meanwhile.") % {"name": gone}
        return decide_page(
            request, version_or_404(document_or_404(request, project, key), major, minor), problem=said, status=409
        )
    except (StaleWrite, OwnWork) as error:
        fresh = version_or_404(document_or_404(request, project, key), major, minor)
        return decide_page(request, fresh, typed=Typed(replace=form), problem=str(error), status=409)
    except RuleBroken as error:
        return decide_page(request, version, typed=Typed(replace=form), problem=str(error), status=422)
    messages.success(request, _("%(name)s is asked instead of %(gone)s.") % {"name": approval.approver, "gone": gone})
    return redirect(document_url(version.document, "document_decide", major, minor))


def decide_page(
    request: ProjectRequest,
    version: DocumentVersion,
    *,
    typed: Typed | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with `problem` on top where something was refused."""
    typed = typed or Typed()
    document = version.document
    waits = version.state == VersionState.IN_REVIEW
    people = approvers_of(document.project) if waits else []
    words = words_of(version, people)
    mine = next((each for each in words if each.approval.approver_id == request.user.pk), None)
    authors = _authors(version)
    own = version.submitted_by_id == request.user.pk or any(each.pk == request.user.pk for each in authors)
    may_decide = waits and mine is not None and mine.waits and bool(request.access.can("documents.approve"))
    may_own = may_decide and own and is_very_small(document.project)
    may_edit = waits and may_write(document, request.access)
    publishes = bool(request.access.can("documents.publish"))
    in_force = version_in_force(document)
    earlier = in_force if in_force is not None and in_force.pk != version.pk else None
    sheet = sheet_of(version)
    left = (version.decide_by - clock.today(document.project.time_zone)).days if version.decide_by else 0
    context = {
        "project": document.project,
        "document": document,
        "version": version,
        "document_url": document_url(document),
        "facts": version.facts or frozen_facts(document),
        "classification": Classification(document.classification).label,
        "page": {"sheet": sheet},
        "left_open": [gap.source.label for gap in standing_of(version, sheet.said).gaps] if sheet.said else [],
        "problem": problem,
        "words": words,
        "mine": mine,
        "waits": waits,
        "decided": sum(not each.waits for each in words),
        "authors": authors,
        "may_decide": may_decide and (may_own or not own),
        "own_work": may_own,
        "may_edit": may_edit,
        "may_withdraw": (waits and (publishes or version.submitted_by_id == request.user.pk))
        or (publishes and version.state == VersionState.APPROVED),
        "may_publish": version.state == VersionState.APPROVED and publishes,
        "may_call_off": version.is_scheduled and publishes,
        "decide_form": typed.decide or DecideForm(initial={"seen": version.sha256}),
        "replace_forms": _replace_forms(words, _others(version, people, words), typed) if may_edit else {},
        "withdraw_why": typed.withdraw_why,
        "earlier": earlier,
        "difference": difference_between(earlier, version) if earlier is not None and version.text else None,
        "returned": returned_words(version),
        "days_late": -left if left < 0 else None,
        "days_left": left if 0 <= left <= SOON else None,
    }
    return render(request, "documents/decide.html", context, status=status)


def _authors(version: DocumentVersion) -> list[User]:
    return [each.user for each in Author.objects.filter(document_version=version).select_related("user").order_by("pk")]


def _others(version: DocumentVersion, people: list[User], words: list[Word] | None = None) -> list[User]:
    """Who of `people` could decide about a version and is not asked yet."""
    asked = {each.approval.approver_id for each in (words if words is not None else words_of(version, people))}
    if not is_very_small(version.document.project):
        asked |= {each.pk for each in _authors(version)} | {version.submitted_by_id or 0}
    return [each for each in people if each.pk not in asked]


def _replace_forms(words: list[Word], people: list[User], typed: Typed) -> dict[int, ReplaceForm]:
    """A form for each approver who has not decided, offering `people`."""
    found = {}
    for each in words:
        gone = each.approval.approver_id
        if not each.waits:
            continue
        if typed.replace is not None and typed.replace.data.get("gone") == str(gone):
            found[gone] = typed.replace
        elif people:
            found[gone] = ReplaceForm(people=people, initial={"gone": gone}, auto_id=f"id_{gone}_%s")
    return found
