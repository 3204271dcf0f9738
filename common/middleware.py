"""Headers that every private page carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivatePagesMiddleware:
    """`no-store` on whatever a signed-in person gets, so that no cache or back button shows it to another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response and getattr(request, "user", None) and request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response
