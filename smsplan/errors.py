"""Error pages: words that help, no trace, no secret."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from common.disk import is_disk_full


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


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
