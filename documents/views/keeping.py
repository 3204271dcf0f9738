"""Keeping a document up: saying that it still holds, putting it away, bringing it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.query import read_query, single_values
from documents.choices import DocumentState, VersionState
from documents.domain.numbers import month_after
from documents.forms.control import ReasonForm
from documents.models import Document
from documents.permissions import may_confirm
from documents.selectors import open_version, version_in_force
from documents.selectors.readers import reading_counts
from documents.services.publishing import archive_document, bring_back, confirm_document
from documents.views.lookup import document_or_404, document_url
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


@project_view("documents.write", post="documents.write")
def confirm(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Looked at, and it still holds: the next review is counted from today."""
    document = document_or_404(request, project, key)
    if not may_confirm(document, request.access):
        raise NotPermitted(_("Its owner and managers confirm a document."))
    if request.method != "POST":
        read_query(request.GET)
        if document.state != DocumentState.CURRENT or version_in_force(document) is None:
            messages.info(request, _("Nothing of it is in force: there is nothing to look at again."))
            return redirect(document_url(document))
        return _confirm_page(request, document)
    data = single_values(request.POST)
    form, lock = _confirm_form(document, data), parse_version(data.get("version"))
    if not form.is_valid():
        return _confirm_page(request, document, form=form, status=422)
    try:
        done = confirm_document(
            acting_user=request.user, project=project, key=key, version=lock, words=form.cleaned_data["words"]
        )
    except StaleWrite:
        fresh = document_or_404(request, project, key)
        said = _("This document was changed meanwhile, or you have confirmed it already. Look at it again first.")
        again = data.copy()
        again["version"] = str(fresh.version)
        return _confirm_page(request, fresh, form=_confirm_form(fresh, again), problem=said, status=409)
    except RuleBroken as error:
        return _confirm_page(request, document, form=form, problem=str(error), status=422)
    said = _("It still holds. The next look is due by %(day)s.")
    messages.success(request, said % {"day": done.review_on.isoformat() if done.review_on else ""})
    return redirect(document_url(document))


def _confirm_form(document: Document, data: Any = None) -> ReasonForm:
    return ReasonForm(
        data,
        initial={"version": document.version},
        label=_("What you looked at"),
        required=_("Say what you looked at: an auditor will ask."),
        help_text=_("What you read or asked, and what you found. It stands in the history of the document."),
    )


def _confirm_page(
    request: ProjectRequest, document: Document, *, form: ReasonForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    today = clock.today(document.project.time_zone)
    left = (document.review_on - today).days if document.review_on else None
    context = {
        "project": document.project,
        "document": document,
        "document_url": document_url(document),
        "version": version_in_force(document),
        "on_its_way": open_version(document),
        "form": form or _confirm_form(document),
        "next_review": month_after(today, document.review_months),
        "problem": problem,
        "days_late": -left if left is not None and left < 0 else None,
        "days_left": left if left is not None and left >= 0 else None,
    }
    return render(request, "documents/confirm.html", context, status=status)


@project_view("documents.publish", post="documents.publish")
def archive(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Put a document away, with the reason."""
    document = document_or_404(request, project, key)
    if request.method != "POST":
        read_query(request.GET)
        return _archive_page(request, document)
    data = single_values(request.POST)
    form, lock = _archive_form(document, data), parse_version(data.get("version"))
    if document.state == DocumentState.ARCHIVED:
        # The second click of two, or somebody else was first: what it asks for has been done.
        messages.info(request, _("It is archived."))
        return redirect(document_url(document))
    if not form.is_valid():
        return _archive_page(request, document, form=form, status=422)
    try:
        archive_document(
            acting_user=request.user, project=project, key=key, version=lock, why=form.cleaned_data["words"]
        )
    except StaleWrite:
        fresh = document_or_404(request, project, key)
        said = _("This document was changed meanwhile. Look at it again before you put it away.")
        again = data.copy()
        again["version"] = str(fresh.version)
        return _archive_page(request, fresh, form=_archive_form(fresh, again), problem=said, status=409)
    except RuleBroken as error:
        return _archive_page(request, document, form=form, problem=str(error), status=422)
    messages.success(request, _("It is archived. All its versions stay readable."))
    return redirect(document_url(document))


def _archive_form(document: Document, data: Any = None) -> ReasonForm:
    return ReasonForm(
        data,
        initial={"version": document.version},
        label=_("Why it is put away"),
        required=_("Say why it is put away."),
        help_text=_("For example: merged into another document, the service has ended."),
    )


def _archive_page(
    request: ProjectRequest, document: Document, *, form: ReasonForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    there, in_force = open_version(document), version_in_force(document)
    asked, done = reading_counts(document).get(in_force.pk, (0, 0)) if in_force is not None else (0, 0)
    context = {
        "project": document.project,
        "document": document,
        "document_url": document_url(document),
        "is_archived": document.state == DocumentState.ARCHIVED,
        "in_force": in_force,
        "on_its_way": there,
        "in_the_way": there is not None and there.state != VersionState.DRAFT,
        "still_reading": asked - done,
        "form": form or _archive_form(document),
        "problem": problem,
    }
    return render(request, "documents/archive.html", context, status=status)


@project_view(post="documents.publish")
def bring(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Keep an archived document up again."""
    document = document_or_404(request, project, key)
    lock = parse_version(single_values(request.POST).get("version"))
    if document.state == DocumentState.CURRENT:
        messages.info(request, _("It is back already."))
        return redirect(document_url(document))
    bring_back(acting_user=request.user, project=project, key=key, version=lock)
    messages.success(request, _("It is back. Nothing of it is in force until a version is published."))
    return redirect(document_url(document))
