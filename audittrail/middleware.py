"""Marks what a request records as done on a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audittrail.context import acting_via


class TrailContextMiddleware:
    """Gives every request one correlation id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_via("page") as context:
            response = self.get_response(request)
        response["X-Request-ID"] = str(context.correlation_id)
        return response
