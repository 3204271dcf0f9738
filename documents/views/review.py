"""Sending a draft to its approvers, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.query import read_query, single_values
from documents.choices import VersionState, Weight
from documents.domain.numbers import approved_number
from documents.exceptions import OwnWork
from documents.forms.control import SubmitForm
from documents.models import Document, DocumentVersion
from documents.permissions import may_write
from documents.selectors import is_very_small, last_in_force, open_version, version_in_force
from documents.selectors.control import (
    Candidate,
    candidates_for,
    returned_words,
    standing_before_sending,
)
from documents.selectors.standing import Standing
from documents.services.guards import scheduled_words
from documents.services.review import submit_version
from documents.views.lookup import document_or_404, document_url
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

USUAL_DAYS = 14


@project_view("documents.write", post="documents.write")
def submit(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """What is missing, who approves, until when, what changed; then the draft is frozen under its number."""
    document = document_or_404(request, project, key)
    if not may_write(document, request.access):
        raise NotPermitted(_("Managers, its owner and who began it send this document for review."))
    version = open_version(document)
    if request.method != "POST":
        read_query(request.GET)
        if version is None or not version.is_draft:
            return _elsewhere(request, document, version)
        return _page(request, _sending(request, version))
    data = single_values(request.POST, multiple=("approvers",))
    lock = parse_version(data.get("version"))
    if version is not None and _sent_just_now(version, request, lock):
        # The second click of two: what it asks for has been done.
        return redirect(document_url(document, "document_decide", version.major, version.minor))
    if version is None or not version.is_draft:
        return _elsewhere(request, document, version, status=409)
    return _submitted(request, version, data, lock)


def _sent_just_now(version: DocumentVersion, request: ProjectRequest, lock: int) -> bool:
    return (
        version.state == VersionState.IN_REVIEW
        and version.submitted_by_id == request.user.pk
        and version.version == lock + 1
    )


def _elsewhere(
    request: ProjectRequest, document: Document, version: DocumentVersion | None, status: int = 302
) -> HttpResponse:
    """There is no draft to send: the page that says what there is instead."""
    if version is None:
        said = _("There is no draft to send. Begin a new version first.")
    elif version.state == VersionState.IN_REVIEW:
        said = _("Version %(number)s lies with its approvers already.") % {"number": version.number}
    elif version.is_scheduled:
        said = scheduled_words(version)
    else:
        said = _("Version %(number)s is approved already.") % {"number": version.number}
    if status == 409:
        raise StaleWrite(said, current={}, sent={})
    messages.info(request, said)
    if version is None:
        return redirect(document_url(document))
    return redirect(document_url(document, "document_decide", version.major, version.minor))


@dataclass(frozen=True)
class _Sending:
    """A draft that is to be sent, and what was found out about it once."""

    version: DocumentVersion
    people: list[Candidate]
    standing: Standing
    warnings: Sequence[str]
    in_force: DocumentVersion | None
    before: DocumentVersion | None

    @property
    def is_incomplete(self) -> bool:
        """Whether it says less than it should."""
        return bool(self.standing.gaps or self.standing.examples)

    def form(self, data: Any = None) -> SubmitForm:
        """The form, empty or as it was sent."""
        version = self.version
        initial = {
            "version": version.version,
            "approvers": [str(each.user.pk) for each in self.people if each.is_suggested],
            "decide_by": clock.today(version.document.project.time_zone) + timedelta(days=USUAL_DAYS),
            "weight": version.weight,
            "change_note": version.change_note,
        }
        return SubmitForm(
            data,
            initial=initial,
            people=self.people,
            is_incomplete=self.is_incomplete,
            before=self.before.number if self.before else None,
        )


def _sending(request: ProjectRequest, version: DocumentVersion) -> _Sending:
    in_force = version_in_force(version.document)
    standing, warnings = standing_before_sending(version)
    return _Sending(
        version=version,
        people=candidates_for(version, request.user),
        standing=standing,
        warnings=warnings,
        in_force=in_force,
        before=in_force or last_in_force(version.document),
    )


def _submitted(request: ProjectRequest, version: DocumentVersion, data: QueryDict, lock: int) -> HttpResponse:
    document, sending = version.document, _sending(request, version)
    form = sending.form(data)
    if not form.is_valid():
        return _page(request, sending, form, status=422)
    values = form.cleaned_data
    try:
        sent = submit_version(
            acting_user=request.user,
            project=document.project,
            key=document.key,
            version=lock,
            approvers=form.chosen(),
            decide_by=values["decide_by"],
            change_note=values["change_note"],
            weight=values.get("weight") or Weight.MAJOR,
            although_incomplete=values.get("although_incomplete", False),
        )
    except StaleWrite:
        fresh = open_version(document)
        if fresh is None or not fresh.is_draft:
            return _elsewhere(request, document, fresh, status=409)
        again = data.copy()
        again["version"] = str(fresh.version)
        said = _("The draft was changed meanwhile. Look at it again before you send it; what you typed is still here.")
        now = _sending(request, fresh)
        return _page(request, now, now.form(again), problem=said, status=409)
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, sending, form, status=409 if isinstance(error, OwnWork) else 422)
    names = ", ".join(str(each) for each in form.chosen())
    said = _("Version %(number)s lies with %(names)s. They are told by mail.")
    messages.success(request, said % {"number": sent.number, "names": names})
    return redirect(document_url(document, "document_decide", sent.major, sent.minor))


def _page(
    request: ProjectRequest, sending: _Sending, form: SubmitForm | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    version, document = sending.version, sending.version.document
    first = sending.before.number if sending.before else None
    context = {
        "project": document.project,
        "document": document,
        "version": version,
        "document_url": document_url(document),
        "form": form or sending.form(),
        "possible": [each for each in sending.people if not each.why_not],
        "not_possible": [each for each in sending.people if each.why_not],
        "nobody_suggested": not any(each.is_suggested for each in sending.people),
        "very_small": is_very_small(document.project),
        "is_incomplete": sending.is_incomplete,
        "page": {"standing": sending.standing, "sheet": {"warnings": sending.warnings}},
        "may_write": True,
        "in_force": sending.in_force,
        "before": sending.before,
        "major": approved_number(first, is_major=True),
        "minor": approved_number(first, is_major=False),
        "returned": returned_words(version),
        "problem": problem,
    }
    return render(request, "documents/submit.html", context, status=status)
