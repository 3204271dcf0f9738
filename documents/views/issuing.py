"""Publishing what is approved."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from documents.choices import Classification, VersionState
from documents.domain.numbers import month_after
from documents.forms.control import PublishForm
from documents.models import Document, DocumentVersion
from documents.selectors import open_version, version_in_force
from documents.selectors.control import words_of
from documents.selectors.readers import AGAIN, ReaderGroup, chosen_groups, group_offers, people_of, reader_groups
from documents.services.issuing import issue_version
from documents.views.lookup import document_or_404, document_url
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

USUAL_DAYS = 14


@project_view("documents.publish", post="documents.publish")
def publish(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """From when an approved version holds, and who is to read it."""
    document = document_or_404(request, project, key)
    version = open_version(document)
    if request.method != "POST":
        read_query(request.GET)
        if version is None or version.state != VersionState.APPROVED:
            messages.info(request, _not_now(version))
            return redirect(document_url(document))
        return _page(request, version)
    data = single_values(request.POST, multiple=("readers", "mapped"))
    lock = parse_version(data.get("version"))
    if version is None or version.state != VersionState.APPROVED:
        return _too_late(request, document, version, lock)
    groups = _groups(version)
    form = _form(version, groups, data)
    if not form.is_valid():
        return _page(request, version, form=form, groups=groups, status=422)
    values = form.cleaned_data
    chosen = chosen_groups(groups, values.get("readers", ()), values.get("mapped", ()))
    try:
        published, asked = issue_version(
            acting_user=request.user,
            version=version,
            lock=lock,
            effective_on=values["effective_on"],
            readers=chosen,
            due=values["due"],
        )
    except StaleWrite:
        return _too_late(request, document, open_version(document), lock)
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, version, form=form, groups=groups, status=422)
    said = _("Version %(number)s is in force. The record of it is kept as evidence.") % {"number": published.number}
    if asked:
        said += " " + ngettext("%(n)d person is asked to read it.", "%(n)d people are asked to read it.", asked) % {
            "n": asked
        }
    messages.success(request, said)
    return redirect(document_url(document))


def _not_now(version: DocumentVersion | None) -> str:
    if version is None:
        return _("There is nothing to publish: no version is on its way.")
    if version.state == VersionState.IN_REVIEW:
        return _("Version %(number)s lies with its approvers. It can be published once all have approved.") % {
            "number": version.number
        }
    return _("Version %(number)s is a draft. Send it for review first; what is approved is published.") % {
        "number": version.number
    }


def _too_late(request: ProjectRequest, document: Document, version: DocumentVersion | None, lock: int) -> HttpResponse:
    """Of two who publish at once the second hears so; a second click of the same person is no second act."""
    there = version_in_force(document)
    if there is not None and there.version > lock and version is None:
        if there.published_by_id == request.user.pk and there.version == lock + 1:
            return redirect(document_url(document))
        who = there.published_by or _("Somebody")
        said = _("%(who)s has published version %(number)s meanwhile.") % {"who": who, "number": there.number}
        raise StaleWrite(said, current={}, sent={})
    raise StaleWrite(_not_now(version), current={}, sent={})


def _groups(version: DocumentVersion) -> list[ReaderGroup]:
    document = version.document
    return reader_groups(document, version_in_force(document), people_of(document.project))


def _form(version: DocumentVersion, groups: list[ReaderGroup], data: Any = None) -> PublishForm:
    today = clock.today(version.document.project.time_zone)
    initial = {
        "version": version.version,
        "effective_on": today,
        "due": today + timedelta(days=USUAL_DAYS),
        "readers": [each.key for each in groups if each.key == AGAIN],
    }
    return PublishForm(data, initial=initial, **group_offers(groups))


def _page(
    request: ProjectRequest,
    version: DocumentVersion,
    *,
    form: PublishForm | None = None,
    groups: list[ReaderGroup] | None = None,
    status: int = 200,
) -> HttpResponse:
    document = version.document
    groups = groups if groups is not None else _groups(version)
    context = {
        "project": document.project,
        "document": document,
        "version": version,
        "document_url": document_url(document),
        "form": form or _form(version, groups),
        "in_force": version_in_force(document),
        "words": words_of(version, []),
        "replace_forms": {},
        "review_on": month_after(clock.today(document.project.time_zone), document.review_months),
        "confidential": document.classification == Classification.CONFIDENTIAL,
    }
    return render(request, "documents/publish.html", context, status=status)
