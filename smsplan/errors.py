"""Error pages: words that help, no trace, no secret."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from common.disk import is_disk_full
from documents.services.bodies import MOST_CHARACTERS

#: So much of what is too large is read and thrown away before the answer.
DRAINED = 32 * 1024**2
_PIECE = 1024**2


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where a form holds more than is read."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return render(request, "400.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: what was sent is over the limit of a form, so that none of it was read and nothing can be given back.

    The rest is let run past first, up to a bound: a server that closes while a browser still sends shows no page.
    """
    left = DRAINED
    while left > 0 and (piece := request.read(min(left, _PIECE))):
        left -= len(piece)
    match = request.resolver_match
    context = {
        "megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2,
        "back": request.path,
        "characters": f"{MOST_CHARACTERS:,}",
        "import_url": reverse("document_import", kwargs=match.kwargs)
        if match is not None and match.url_name == "document_edit"
        else "",
    }
    return render(request, "413.html", context, status=413)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason that a permission gave."""
    reason = str(exception) if exception is not None else ""
    return render(request, "403.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what is hidden and what is absent."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 507 where the disk is full; without context processors, which could fail again.

    Django calls it while it handles the error, wherever that was raised: in a view, or in what saves the session. The
    number leads to the trace in the log.
    """
    if is_disk_full(sys.exc_info()[1]):
        return HttpResponse(render_to_string("507.html"), status=507)
    number = str(getattr(request, "request_id", ""))
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)
