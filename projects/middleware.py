"""Deny by default: a view that declares no access is not served."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

# Views of packages, which decide on their own who may see them.
TRUSTED_MODULES = (
    "allauth.",
    "django.contrib.admin.",
    "django.contrib.auth.admin",
    "django.contrib.contenttypes.",
    "django.contrib.staticfiles.",
)


def declares_access(view: Callable[..., Any]) -> bool:
    """Whether `view` says who may call it (see `projects.access`)."""
    module = getattr(view, "__module__", "") or ""
    return hasattr(view, "access") or module.startswith(TRUSTED_MODULES)


class DeclaredAccessMiddleware:
    """Refuses a route that somebody forgot to protect; a test finds it before that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        target = getattr(view, "view_class", view)
        if declares_access(view) or declares_access(target):
            return None
        return HttpResponseForbidden("This page declares no access rule.")
