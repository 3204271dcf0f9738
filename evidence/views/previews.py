"""What a revision looks like: the page that shows it or says why not, asking for it, and its pictures."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from common.query import read_query
from evidence import previews
from evidence.models import EvidenceItem, Revision
from evidence.selectors.previews import READY, Preview, preview_of
from evidence.services.previews import want_preview
from evidence.views.items import found_item
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("evidence.view", post="evidence.view")
def preview(request: ProjectRequest, project: Project, key: str, number: int) -> HttpResponse:
    """The pages that are shown, or why there are none. POST asks for them; htmx gets the part that it swaps."""
    found = found_item(request, project, key)
    revision = _revision(found, number)
    if request.method == "POST":
        stands = want_preview(revision)
        if not request.headers.get("HX-Request"):
            return redirect("evidence_preview", project.slug, key, number)
    else:
        read_query(request.GET)
        stands = preview_of(revision)
    return _answer(request, project, found, revision, stands)


def _answer(
    request: ProjectRequest, project: Project, found: EvidenceItem, revision: Revision, stands: Preview
) -> HttpResponse:
    part = bool(request.headers.get("HX-Request"))
    context = {"project": project, "item": found, "revision": revision, "preview": stands, "part": part}
    answer = render(request, "evidence/_preview.html" if part else "evidence/preview.html", context)
    answer["Vary"] = "HX-Request"
    return answer


@project_view("evidence.view")
def preview_page(request: ProjectRequest, project: Project, key: str, number: int, page: int) -> HttpResponse:
    """A page as PNG. It is drawn by us: no byte of it is one that somebody sent."""
    read_query(request.GET)
    revision = _revision(found_item(request, project, key), number)
    stands = preview_of(revision)
    if stands.state != READY or page not in stands.pages:
        raise Http404
    try:
        content = previews.page_path(revision.stored, page).read_bytes()
    except OSError as error:
        raise Http404 from error
    return HttpResponse(
        content,
        content_type="image/png",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store, private"},
    )


def _revision(found: EvidenceItem, number: int) -> Revision:
    revision = Revision.objects.filter(item=found, number=number).first()
    if revision is None:
        raise Http404
    return revision
