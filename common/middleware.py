"""What holds for the answers of all pages."""

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


class HeadMiddleware:
    """No body for HEAD, as HTTP has it: the server would drop it and complain in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            # What says how long the body would be stays.
            response.content = b""
        return response
