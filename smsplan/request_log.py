"""Gives each request an id, and logs how it ended."""

import re
import time
from typing import Any, cast
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.dispatch import receiver
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django_structlog.middlewares import RequestMiddleware
from django_structlog.signals import bind_extra_request_finished_metadata

from smsplan.logs import naming

HEADER = "X-Request-ID"
PROBES = ("/healthz", "/readyz")
_META = "HTTP_X_REQUEST_ID"
_ID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


def request_id(sent: str) -> UUID:
    """The id a proxy sent, where proxies are trusted and it is a UUID (dashes or not); else a new one."""
    if settings.TRUST_PROXY_HEADERS and _ID.fullmatch(sent):
        return UUID(sent)
    return uuid4()


class RequestLogMiddleware(RequestMiddleware):
    """As django-structlog has it, with an id that is also the trail's, paths without secrets, and no look-ups.

    The id stands on every line that is logged meanwhile, in the answer's header, on the page of a fault, and with
    what the request records in the trail.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request_id(request.META.get(_META, ""))
        request.request_id = chosen  # type: ignore[attr-defined]  # read by the trail and the page of a fault
        request.META[_META] = str(chosen)
        request.log_started = time.monotonic()  # type: ignore[attr-defined]  # read when it has ended
        with naming(request):
            response = self._answer(request)
        response[HEADER] = str(chosen)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.path not in PROBES:
            return cast(HttpResponse, super().__call__(request))
        # Somebody asks every few seconds: what is wrong is logged by the probe itself.
        with structlog.contextvars.bound_contextvars(request_id=request.META[_META]):
            return cast(HttpResponse, self.get_response(request))

    def handle_response(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Log the end. A file stays a file: wrapped, the server could not send it by itself."""
        file = response.file_to_stream if isinstance(response, FileResponse) else None
        super().handle_response(request, cast(HttpResponse, response))
        if file is not None:
            cast(FileResponse, response).streaming_content = file

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path: what is asked in a query string may be private, what is typed in a path is hidden later."""
        return f"{request.method} {request.path}"

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Left to `logs.add_person`, which asks the database for nobody."""


@receiver(bind_extra_request_finished_metadata, dispatch_uid="how long a request took")
def add_duration(request: HttpRequest, log_kwargs: dict[str, Any], **_kwargs: Any) -> None:
    """Milliseconds from the first to the last of it that is ours."""
    log_kwargs["ms"] = round((time.monotonic() - request.log_started) * 1000)  # type: ignore[attr-defined]  # set above
