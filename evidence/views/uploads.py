"""Files in pieces, for the script of the page: begin, ask how far it is, send a piece, take in. Answers are JSON."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import read_query, single_values, whole_number
from evidence.choices import UploadState
from evidence.exceptions import NoRoom, OffsetMismatch
from evidence.forms.items import AddForm
from evidence.models import IncomingFile
from evidence.selectors import same_content
from evidence.selectors.uploads import incoming_of
from evidence.services.intake import drop_upload, take_in_upload
from evidence.services.uploads import add_piece, begin_upload, piece_size
from projects.access import ProjectRequest, project_view
from projects.models import Project

OFFSET = "Upload-Offset"


@project_view(post="evidence.add")
def begin(request: ProjectRequest, project: Project) -> HttpResponse:
    """Begin a file: its name and size; the answer says where pieces go and how large they may be."""
    sent = single_values(request.POST)
    size = whole_number("size", sent.get("size", "")) or 0
    try:
        upload = begin_upload(
            acting_user=request.user, project=project, file_name=sent.get("name", "")[:300], size=size
        )
    except RuleBroken as error:
        return _refused(error)
    return JsonResponse(_state(project, upload), status=201)


@project_view("evidence.add", post="evidence.add")
def piece(request: ProjectRequest, project: Project, uuid: UUID) -> HttpResponse:
    """GET: how far it is. POST: one piece, as raw bytes, with its offset in the header `Upload-Offset`."""
    upload = incoming_of(project, request.user, uuid)
    if upload is None:
        return _gone()
    if request.method != "POST":
        read_query(request.GET)
        return JsonResponse(_state(project, upload))
    offset = whole_number(OFFSET, request.headers.get(OFFSET, ""))
    if offset is None:
        return JsonResponse({"error": _("Say in Upload-Offset where the piece begins.")}, status=428)
    # Read from the stream, not through request.body: forms have a smaller limit than pieces.
    content = _read(request)
    try:
        add_piece(acting_user=request.user, upload=upload, offset=offset, piece=content)
    except OffsetMismatch as error:
        upload.refresh_from_db()
        return JsonResponse({"error": str(error), **_state(project, upload)}, status=409)
    except RuleBroken as error:
        return _refused(error)
    upload.refresh_from_db()
    return JsonResponse(_state(project, upload))


def _read(request: HttpRequest) -> bytes:
    parts, size, most = [], 0, piece_size()
    while size <= most and (part := request.read(min(1024 * 1024, most + 1 - size))):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


@project_view(post="evidence.add")
def done(request: ProjectRequest, project: Project, uuid: UUID) -> HttpResponse:
    """Take in what came, with what the form says about it: 201 kept, 202 being checked, 200 held as here already."""
    upload = incoming_of(project, request.user, uuid)
    if upload is None:
        return _gone()
    form = AddForm(single_values(request.POST), project=project)
    if not form.is_valid():
        words = "; ".join(str(problem) for problems in form.errors.values() for problem in problems)
        return JsonResponse({"error": words}, status=422)
    try:
        taken = take_in_upload(
            acting_user=request.user,
            upload=upload,
            facts=form.facts(form.cleaned_data["refs"]),
            asked=form.cleaned_data["request"],
        )
    except RuleBroken as error:
        return _refused(error)
    if taken.item is not None:
        url = reverse("evidence_item", args=[project.slug, taken.item.key])
        return JsonResponse({"state": "kept", "key": taken.item.key, "url": url}, status=201)
    # Nothing more to send: the page of the file says how it goes on.
    url = reverse("evidence_arrival", args=[project.slug, taken.uuid])
    if taken.state != UploadState.HELD:
        return JsonResponse({"state": "checking", "url": url}, status=202)
    twins = [each.key for each in same_content(project, request.access, taken.sha256)]
    return JsonResponse({"state": "held", "url": url, "twins": twins})


@project_view(post="evidence.add")
def cancel(request: ProjectRequest, project: Project, uuid: UUID) -> HttpResponse:
    """Throw away what came in."""
    upload = incoming_of(project, request.user, uuid)
    if upload is None:
        return _gone()
    drop_upload(acting_user=request.user, upload=upload)
    return HttpResponse(status=204)


def _gone() -> JsonResponse:
    """The same answer for one that was never there, was taken in, and is somebody else's."""
    return JsonResponse({"error": _("This file is not coming in (any more). Begin it anew.")}, status=409)


def _state(project: Project, upload: IncomingFile) -> dict[str, object]:
    return {
        "url": reverse("evidence_upload", args=[project.slug, upload.uuid]),
        "received": upload.received,
        "size": upload.size,
        "piece": piece_size(),
    }


def _refused(error: RuleBroken) -> JsonResponse:
    return JsonResponse({"error": str(error)}, status=507 if isinstance(error, NoRoom) else 422)
