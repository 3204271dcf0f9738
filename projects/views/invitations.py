"""The page behind the link of an invitation."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import RuleBroken
from projects.access import public_view
from projects.choices import ProjectRole
from projects.forms.team import AcceptForm, show_refusal
from projects.models import Invitation
from projects.services.invitations import accept_invitation, find_open_invitation

BACKEND = "accounts.backends.ActiveUserBackend"


@public_view("GET", "POST")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say who offers which role until when, and take it. Looking at the page changes nothing."""
    offer = find_open_invitation(token)
    response = _closed(request) if offer is None else _open(request, token, offer)
    response["Cache-Control"] = "no-store, private"
    return response


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "projects/invitation_closed.html", status=404)


def _open(request: HttpRequest, token: str, offer: Invitation) -> HttpResponse:
    path = reverse("invitation", args=[token])
    context: dict[str, Any] = {
        "offer": offer,
        "project_name": offer.project.name,
        "organization_name": offer.project.organization.name,
        "inviter": str(offer.invited_by) if offer.invited_by else "",
        "role": str(ProjectRole(offer.role).label),
        "path": path,
    }
    if request.user.is_authenticated:
        return _for_signed_in(request, token, offer, context)
    if User.objects.filter(email=offer.email).exists():
        context["sign_in_url"] = f"{reverse('account_login')}?{urlencode({'next': path})}"
        status = 422 if request.method == "POST" else 200
        return render(request, "projects/invitation_sign_in.html", context, status=status)
    return _for_new(request, token, offer, context)


def _for_signed_in(request: HttpRequest, token: str, offer: Invitation, context: dict[str, Any]) -> HttpResponse:
    user = cast(User, request.user)
    if user.email != offer.email:
        status = 422 if request.method == "POST" else 200
        return render(request, "projects/invitation_other_account.html", context, status=status)
    if request.method == "POST":
        try:
            accept_invitation(token=token, user=user)
        except RuleBroken as error:
            return render(request, "projects/invitation.html", {**context, "refused": str(error)}, status=422)
        return _welcome(request, offer)
    return render(request, "projects/invitation.html", context)


def _for_new(request: HttpRequest, token: str, offer: Invitation, context: dict[str, Any]) -> HttpResponse:
    if request.method != "POST":
        form = AcceptForm(initial={"name": offer.name})
        return render(request, "projects/invitation.html", {**context, "form": form})
    form = AcceptForm(request.POST)
    if form.is_valid():
        try:
            user = accept_invitation(
                token=token, password=form.cleaned_data["password1"], name=form.cleaned_data["name"]
            )
        except RuleBroken as error:
            show_refusal(form, error)
        else:
            login(request, user, backend=BACKEND)
            return _welcome(request, offer)
    return render(request, "projects/invitation.html", {**context, "form": form}, status=422)


def _welcome(request: HttpRequest, offer: Invitation) -> HttpResponse:
    messages.success(
        request,
        _("Welcome. You are %(role)s in %(project)s.")
        % {"role": str(ProjectRole(offer.role).label).lower(), "project": offer.project.name},
    )
    return redirect("dashboard", slug=offer.project.slug)
