"""How a view says who may call it. Every route uses one of these.

    @project_view("phases.view", post="phases.report")
    def board(request: ProjectRequest, project: Project, number: int) -> HttpResponse: ...

The project is looked up among those the person can see, so that a hidden one is a 404 like an absent one. The
methods a view takes are the ones it declares; any other is a 405.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from common.exceptions import NotPermitted, RuleBroken, StaleWrite, VersionMissing
from common.registry import Registry
from projects.models import Organization, Project
from projects.permissions import Access, access_to, can_act_for_organization

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """Who may call a route: `kind` is public, signed in, project or organization.

    By method: for a project's route the capability, for an organization's "see" or "act".
    """

    kind: str
    methods: tuple[str, ...]
    capabilities: dict[str, str] = field(default_factory=dict)


Watch = Callable[["ProjectRequest", Project, HttpResponseBase], None]
watchers: Registry[Watch] = Registry("who watches the pages of a project")


def register_watcher(key: str, watch: Watch) -> None:
    """Let `watch` see each answer of a project's page, before it is sent. It asks the database nothing for most."""
    watchers.register(key, watch)


class SignedInRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


class ProjectRequest(SignedInRequest):
    """A request inside a project."""

    project: Project
    access: Access


def _methods(names: tuple[str, ...]) -> tuple[str, ...]:
    return (*names, "HEAD") if "GET" in names else names


def answer_errors(view: View) -> View:
    """Turn what services raise into answers: 403, 404, 409, 422, 428."""
    from projects.answers import refusal  # noqa: PLC0415 (templates load only where a refusal is shown)

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        except (RuleBroken, StaleWrite, VersionMissing) as error:
            return refusal(request, error)

    return answering


def not_taken(request: HttpRequest, allowed: tuple[str, ...]) -> HttpResponse:
    """405, with a page that leads on: somebody may land here from a bookmark, or after signing in again."""
    return HttpResponseNotAllowed(allowed, render_to_string("405.html", {}, request))


def public_view(*methods: str) -> Callable[[View], View]:
    """Anybody may call it, signed in or not."""
    allowed = _methods(methods or ("GET",))

    def decorate(view: View) -> View:
        answering = answer_errors(view)

        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                return not_taken(request, allowed)
            return answering(request, *args, **kwargs)

        wrapper.access = RouteAccess("public", allowed)  # type: ignore[attr-defined]  # read by the middleware and the matrix test
        return cast(View, login_not_required(wrapper))

    return decorate


def signed_in_view(*methods: str) -> Callable[[View], View]:
    """Whoever has signed in may call it; what it shows starts from `visible_to(request.user)`."""
    allowed = _methods(methods or ("GET",))

    def decorate(view: View) -> View:
        answering = answer_errors(view)

        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                return not_taken(request, allowed)
            return answering(request, *args, **kwargs)

        wrapper.access = RouteAccess("signed in", allowed)  # type: ignore[attr-defined]  # read by the middleware and the matrix test
        return wrapper

    return decorate


def project_view(get: str = "", *, post: str = "") -> Callable[[View], View]:
    """A page of one project: `get` and `post` name the capability that each method needs ("" = not taken)."""
    needs = {method: key for method, key in (("GET", get), ("POST", post)) if key}
    allowed = _methods(tuple(needs))

    def decorate(view: View) -> View:
        answering = answer_errors(view)

        @wraps(view)
        def wrapper(request: ProjectRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            project = Project.objects.visible_to(request.user).select_related("organization").filter(slug=slug).first()
            if project is None:
                raise Http404
            if request.method not in allowed:
                return not_taken(request, allowed)
            request.project = project
            request.access = access_to(project, request.user)
            decision = request.access.can(needs["GET" if request.method == "HEAD" else request.method])
            if not decision:
                raise PermissionDenied(decision.reason)
            # Dates and times on the pages of a project are those of its time zone.
            with timezone.override(project.time_zone):
                response = answering(request, project, *args, **kwargs)
            for watch in watchers:
                watch(request, project, response)
            return response

        wrapper.access = RouteAccess("project", allowed, needs)  # type: ignore[attr-defined]  # read by the middleware and the matrix test
        return wrapper

    return decorate


def organization_view(get: str = "", *, post: str = "") -> Callable[[View], View]:
    """A page of one organization: each method takes whoever can "see" it or only who may "act" for it (or nobody, "").

    Its members and those of its projects see it; its owners and consultants act for it.
    """
    needs = {method: key for method, key in (("GET", get), ("POST", post)) if key}
    allowed = _methods(tuple(needs))

    def decorate(view: View) -> View:
        answering = answer_errors(view)

        @wraps(view)
        def wrapper(request: SignedInRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            organization = Organization.objects.visible_to(request.user).filter(slug=slug).first()
            if organization is None:
                raise Http404
            if request.method not in allowed:
                return not_taken(request, allowed)
            if needs["GET" if request.method == "HEAD" else request.method] == "act":
                decision = can_act_for_organization(request.user, organization)
                if not decision:
                    raise PermissionDenied(decision.reason)
            return answering(request, organization, *args, **kwargs)

        wrapper.access = RouteAccess("organization", allowed, needs)  # type: ignore[attr-defined]  # read by the middleware and the matrix test
        return wrapper

    return decorate


def require_post_value(request: HttpRequest, name: str) -> str:
    """The one value of `name` in the body. Raises RuleBroken where it stands there twice or not at all."""
    values = request.POST.getlist(name)
    if len(values) != 1:
        raise RuleBroken(f"{name} must be given once", field=name)
    return values[0]


__all__ = [
    "HttpResponse",
    "ProjectRequest",
    "RouteAccess",
    "SignedInRequest",
    "organization_view",
    "project_view",
    "public_view",
    "register_watcher",
    "require_post_value",
    "signed_in_view",
]
