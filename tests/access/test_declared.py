"""A view that forgets to say who may call it is not served."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from projects.middleware import DeclaredAccessMiddleware, declares_access


def _views(patterns, found):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            # Below admin/ every view is wrapped by the administration's own check.
            if pattern.app_name != "admin":
                _views(pattern.url_patterns, found)
        elif isinstance(pattern, URLPattern):
            found.append((str(pattern.pattern), pattern.callback))
    return found


def test_every_route_declares_its_access() -> None:
    undeclared = [
        path
        for path, view in _views(get_resolver().url_patterns, [])
        if not declares_access(view) and not declares_access(getattr(view, "view_class", view))
    ]
    assert undeclared == []


@pytest.mark.parametrize("with_rule", [True, False])
def test_the_middleware_refuses_a_view_without_a_rule(with_rule: bool) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("in")

    if with_rule:
        view.access = object()
    refused = DeclaredAccessMiddleware(lambda request: HttpResponse()).process_view(
        RequestFactory().get("/"), view, (), {}
    )
    assert (refused is None) is with_rule
