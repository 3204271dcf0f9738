"""Marks what a request records as done on a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audittrail.context import acting_via


class TrailContextMiddleware:
    """Gives what a request records one correlation id: the id of the request where it has one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_via("page", getattr(request, "request_id", None)):
            return self.get_response(request)
