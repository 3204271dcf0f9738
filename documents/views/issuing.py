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
from documents.forms.control import PublishForm, ReasonForm
from documents.models import Document, DocumentVersion
from documents.selectors import open_version, version_in_force
from documents.selectors.control import words_of
from documents.selectors.readers import (
    AGAIN,
    ReaderGroup,
    chosen_groups,
    group_offers,
    people_of,
    reader_groups,
    reading_counts,
)
from documents.services.guards import scheduled_words
from documents.services.in_force import call_off
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
    said = _published_words(published)
    if asked:
        said += " " + ngettext("%(n)d person is asked to read it.", "%(n)d people are asked to read it.", asked) % {
            "n": asked
        }
    messages.success(request, said)
    return redirect(document_url(document))


def _published_words(version: DocumentVersion) -> str:
    """What publishing led to: it holds, or will, and what holds until then."""
    if not version.is_scheduled:
        return _("Version %(number)s is in force. The record of it is kept as evidence.") % {"number": version.number}
    values = {"number": version.number, "day": version.begins_words}
    before = version_in_force(version.document)
    if before is None:
        return _("Version %(number)s is in force from %(day)s; until then nothing of this document is.") % values
    return _("Version %(number)s is in force from %(day)s; until then %(before)s holds.") % {
        **values,
        "before": before.number,
    }


def _not_now(version: DocumentVersion | None) -> str:
    if version is None:
        return _("There is nothing to publish: no version is on its way.")
    if version.is_scheduled:
        return scheduled_words(version)
    if version.state == VersionState.IN_REVIEW:
        return _("Version %(number)s lies with its approvers. It can be published once all have approved.") % {
            "number": version.number
        }
    return _("Version %(number)s is a draft. Send it for review first; what is approved is published.") % {
        "number": version.number
    }


def _too_late(request: ProjectRequest, document: Document, version: DocumentVersion | None, lock: int) -> HttpResponse:
    """Of two who publish at once the second hears so; a second click of the same person is no second act."""
    there = version if version is not None and version.is_scheduled else version_in_force(document)
    if there is not None and there.version > lock and (version is None or version.is_scheduled):
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
    today = clock.today(document.project.time_zone)
    typed = form.cleaned_data.get("effective_on") if form is not None and form.is_bound else None
    begins = typed if typed is not None and today <= typed <= month_after(today, 12) else today
    context: dict[str, Any] = {
        "project": document.project,
        "document": document,
        "version": version,
        "document_url": document_url(document),
        "form": form or _form(version, groups),
        "in_force": version_in_force(document),
        "words": words_of(version, []),
        "replace_forms": {},
        "begins": begins,
        "review_on": month_after(begins, document.review_months),
        "confidential": document.classification == Classification.CONFIDENTIAL,
    }
    return render(request, "documents/publish.html", context, status=status)


@project_view("documents.publish", post="documents.publish")
def call_off_version(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Take back a version that was to come into force on a later day."""
    document = document_or_404(request, project, key)
    version = open_version(document)
    is_coming = version is not None and version.is_scheduled
    if request.method != "POST":
        read_query(request.GET)
        if version is None or not is_coming:
            messages.info(request, _("No version of this document is to come into force on a later day."))
            return redirect(document_url(document))
        return _call_off_page(request, version)
    data = single_values(request.POST)
    lock = parse_version(data.get("version"))
    if version is None or not is_coming:
        said = _("No version of this document is to come into force any more: it is in force, or was called off.")
        raise StaleWrite(said, current={}, sent={})
    form = _call_off_form(version, data)
    if not form.is_valid():
        return _call_off_page(request, version, form=form, status=422)
    taken = call_off(acting_user=request.user, version=version, lock=lock, why=form.cleaned_data["words"])
    said = _(
        "Version %(number)s does not come into force. It is approved: publish it for another day, or take it back."
    )
    messages.success(request, said % {"number": taken.number})
    return redirect(document_url(document))


def _call_off_form(version: DocumentVersion, data: Any = None) -> ReasonForm:
    return ReasonForm(
        data,
        initial={"version": version.version},
        label=_("Why it is called off"),
        required=_("Say why it is called off."),
        help_text=_("For example: the service starts later, an error was found."),
    )


def _call_off_page(
    request: ProjectRequest, version: DocumentVersion, *, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    document = version.document
    asked, done = reading_counts(document).get(version.pk, (0, 0))
    context = {
        "project": document.project,
        "document": document,
        "version": version,
        "document_url": document_url(document),
        "form": form or _call_off_form(version),
        "in_force": version_in_force(document),
        "still_reading": asked - done,
    }
    return render(request, "documents/call_off.html", context, status=status)
