"""How a refusal of a service is shown: as a page, or for htmx as a fragment in the place that asked."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.exceptions import ServiceError, StaleWrite, VersionMissing


def conflict(
    request: HttpRequest, error: StaleWrite, *, action: str, hidden: Sequence[tuple[str, object]], back: str
) -> HttpResponse:
    """409 that offers to save one's own text over the other: `hidden` is the form again, with the version of now."""
    pairs = [
        {"label": label, "current": error.current.get(label, ""), "sent": sent}
        for label, sent in error.sent.items()
        if error.current.get(label, "") != sent
    ]
    context = {"message": str(error), "pairs": pairs, "action": action, "hidden": hidden, "back": back}
    return render(request, "409.html", context, status=409)


def refusal(request: HttpRequest, error: ServiceError) -> HttpResponse:
    """409 with both texts for a stale write, 428 without a version, 422 for a broken rule."""
    htmx = bool(request.headers.get("HX-Request"))
    context: dict[str, object] = {"error": error, "message": str(error), "back": request.headers.get("Referer", "/")}
    if isinstance(error, StaleWrite):
        context["pairs"] = [
            {"label": name, "current": error.current.get(name, ""), "sent": error.sent.get(name, "")}
            for name in sorted({*error.current, *error.sent})
        ]
        return render(request, "components/conflict.html" if htmx else "409.html", context, status=409)
    status = 428 if isinstance(error, VersionMissing) else 422
    return render(request, "components/refusal.html" if htmx else f"{status}.html", context, status=status)
