"""Reading what is in force: the text with one's own word, and the list of who was asked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values, whole_number
from documents.choices import Classification, VersionState
from documents.forms.control import AskForm
from documents.models import Document, DocumentVersion, Reading
from documents.selectors import open_version, version_in_force, versions_of
from documents.selectors.page import sheet_of
from documents.selectors.readers import (
    ReaderGroup,
    chosen_groups,
    group_offers,
    own_reading,
    people_of,
    reader_groups,
    reading_counts,
    reading_of,
    readings_of,
)
from documents.services.reading import ask_groups, confirm_reading, stop_asking
from documents.views.lookup import document_or_404, document_url
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project

USUAL_DAYS = 14
SOON = 14


@project_view("documents.view", post="documents.view")
def read(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """What is in force, and that one has read and understood it."""
    document = document_or_404(request, project, key)
    given = _given(document)
    if request.method != "POST":
        read_query(request.GET)
        if not given:
            messages.info(request, _("Nothing of this document is in force yet."))
            return redirect(document_url(document))
        waiting = (each for each in given if own_reading(each, request.user, waiting=True) is not None)
        return _read_page(request, next(waiting, given[0]))
    data = single_values(request.POST)
    # What holds comes first; what will hold can be read and confirmed before its day.
    version = next((each for each in given if each.sha256 == data.get("seen")), given[0] if given else None)
    if version is None:
        raise StaleWrite(_("Nothing of this document is in force any more."), current={}, sent={})
    if data.get("seen") != version.sha256:
        said = _("Version %(number)s is in force by now. Read this one before you confirm.") % {
            "number": version.number
        }
        return _read_page(request, version, problem=said, status=409)
    reading = own_reading(version, request.user)
    if reading is None:
        raise RuleBroken(_("You were not asked to read it, or are not any more. There is nothing to confirm."))
    if reading.read_at is None:
        # A second click finds it said already.
        confirm_reading(acting_user=request.user, reading=reading)
        said = _("Kept: you have read and understood %(title)s, version %(number)s.")
        messages.success(request, said % {"title": document.full_title, "number": version.number})
    return redirect(reverse("my_work") if data.get("from") == "work" else document_url(document, "document_read"))


def _given(document: Document) -> list[DocumentVersion]:
    """The versions that people are given to read: the one in force, and the one that will be from a later day."""
    coming = open_version(document)
    found = (version_in_force(document), coming if coming is not None and coming.is_scheduled else None)
    return [each for each in found if each is not None]


def _read_page(
    request: ProjectRequest, version: DocumentVersion, *, problem: str = "", status: int = 200
) -> HttpResponse:
    document = version.document
    mine = own_reading(version, request.user)
    left = (mine.due - clock.today(document.project.time_zone)).days if mine and mine.read_at is None else None
    context = {
        "project": document.project,
        "document": document,
        "version": version,
        "document_url": document_url(document),
        "page": {"sheet": sheet_of(version)},
        "mine": mine,
        "problem": problem,
        "days_late": -left if left is not None and left < 0 else None,
        "days_left": left if left is not None and 0 <= left <= SOON else None,
    }
    return render(request, "documents/read.html", context, status=status)


@project_view("documents.view", post="documents.publish")
def readers(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Who was asked to read what is in force, who has and who has not; asking more people."""
    document = document_or_404(request, project, key)
    single, _many = read_query(request.GET, single=("version",))
    wanted = single["version"]
    if request.method != "POST":
        return _readers_page(request, document, wanted=wanted)
    data = single_values(request.POST, multiple=("readers", "mapped", "people"))
    given = _given(document)
    version = next((each for each in given if not wanted or str(each.number) == wanted), None)
    if version is None:
        raise StaleWrite(_("Nothing of this document is in force any more."), current={}, sent={})
    groups, people = _offered(version)
    form = _ask_form(version, groups, people, data)
    if not form.is_valid():
        return _readers_page(request, document, wanted=wanted, form=form, status=422)
    values = form.cleaned_data
    chosen: list[tuple[str, Sequence[Party]]] = [
        *chosen_groups(groups, values.get("readers", ()), values.get("mapped", ()))
    ]
    by_name = [each for each in people if str(each.pk) in values.get("people", ())]
    if by_name:
        chosen.append(("", by_name))
    try:
        asked = ask_groups(acting_user=request.user, version=version, groups=chosen, due=values["due"])
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _readers_page(request, document, wanted=wanted, form=form, status=422)
    said = ngettext("%(n)d person is asked and told.", "%(n)d people are asked and told.", asked) % {"n": asked}
    messages.success(request, said if asked else _("All of them were asked already."))
    return redirect(document_url(document, "document_readers") + (f"?version={version.number}" if wanted else ""))


@project_view(post="documents.publish")
def stop(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Ask somebody no longer to read."""
    document = document_or_404(request, project, key)
    pk = whole_number("reading", single_values(request.POST).get("reading", ""))
    if pk is None:
        raise BadRequest("reading is missing")
    reading = reading_of(document, pk)
    if reading is None:
        raise StaleWrite(_("They are not asked any more."), current={}, sent={})
    stop_asking(acting_user=request.user, reading=reading)
    messages.success(request, _("%(name)s is not asked any more.") % {"name": reading.reader.name})
    return redirect(document_url(document, "document_readers"))


def _offered(version: DocumentVersion) -> tuple[list[ReaderGroup], list[Party]]:
    """The groups with people who are not asked yet, and these people."""
    document = version.document
    asked = set(Reading.objects.filter(document_version=version).values_list("reader_id", flat=True))
    people = [each for each in people_of(document.project) if each.pk not in asked]
    return reader_groups(document, None, people), people


def _ask_form(version: DocumentVersion, groups: list[ReaderGroup], people: list[Party], data: Any = None) -> AskForm:
    due = clock.today(version.document.project.time_zone) + timedelta(days=USUAL_DAYS)
    return AskForm(
        data,
        initial={"due": due},
        offers={**group_offers(groups), "people": [(str(each.pk), each.name) for each in people]},
    )


def _readers_page(
    request: ProjectRequest, document: Document, *, wanted: str = "", form: AskForm | None = None, status: int = 200
) -> HttpResponse:
    ever = [each for each in versions_of(document) if each.was_in_force or each.is_scheduled]
    in_force = next((each for each in ever if each.state == VersionState.PUBLISHED), None)
    coming = next((each for each in ever if each.is_scheduled), None)
    version = next((each for each in ever if str(each.number) == wanted), None) if wanted else in_force or coming
    if wanted and version is None:
        raise Http404
    lines, may_ask, nobody_left = [], False, False
    if version is not None:
        version.document = document
        lines = readings_of(version)
        may_ask = version in (in_force, coming) and bool(request.access.can("documents.publish"))
    if may_ask and version is not None:
        groups, people = _offered(version)
        form, nobody_left = form or _ask_form(version, groups, people), not people
    done = sum(each.reading.read_at is not None for each in lines)
    counts = reading_counts(document)
    context = {
        "project": document.project,
        "document": document,
        "version": version,
        "document_url": document_url(document),
        "lines": lines,
        "done": done,
        "late": sum(each.days_late is not None and not each.has_left for each in lines),
        "percent": round(100 * done / len(lines)) if lines else 0,
        "earlier": [
            (each, *counts.get(each.pk, (0, 0)))
            for each in ever
            if each != version and (each.pk in counts or each == coming)
        ],
        "is_in_force": version == in_force,
        "may_ask": may_ask,
        "nobody_left": nobody_left,
        "form": form if may_ask else None,
        "confidential": document.classification == Classification.CONFIDENTIAL,
    }
    return render(request, "documents/readers.html", context, status=status)
