"""What differs between two versions of a document."""

from collections.abc import Sequence

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render

from common.query import read_query
from documents.choices import VersionState
from documents.models import DocumentVersion
from documents.selectors import versions_of
from documents.selectors.difference import difference_between
from documents.views.lookup import document_or_404
from projects.access import ProjectRequest, project_view
from projects.models import Project

#: The version on its way, in addresses that stay when it gets its number.
DRAFT = "draft"


@project_view("documents.view")
def compare(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """`?a=1.0&b=draft`; without them, the newest against what was in force before it."""
    single, _lists = read_query(request.GET, single=("a", "b"))
    document = document_or_404(request, project, key)
    versions = [each for each in versions_of(document) if each.file_id is None]
    for each in versions:
        each.document = document
    before, after = _chosen(versions, single["a"], single["b"])
    context = {
        "project": project,
        "document": document,
        "versions": versions,
        "before": before,
        "after": after,
        "difference": difference_between(before, after) if before is not None and after is not None else None,
    }
    return render(request, "documents/compare.html", context)


def _chosen(
    versions: Sequence[DocumentVersion], first: str, second: str
) -> tuple[DocumentVersion | None, DocumentVersion | None]:
    after = _named(versions, second) if second else (versions[0] if versions else None)
    if first:
        return _named(versions, first), after
    older = [each for each in versions if after is not None and each.pk < after.pk]
    in_force = next((each for each in older if each.state == VersionState.PUBLISHED), None)
    return in_force or (older[0] if older else None), after


def _named(versions: Sequence[DocumentVersion], name: str) -> DocumentVersion:
    if name == DRAFT:
        found = next((each for each in versions if each.is_open), None)
    else:
        major, dot, minor = name.partition(".")
        if not (dot and major.isdecimal() and minor.isdecimal() and name.isascii() and len(name) < 12):
            raise BadRequest("a version is written as 1.0")
        found = next((each for each in versions if str(each.number) == name), None)
    if found is None:
        raise Http404
    return found
