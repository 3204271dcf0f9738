"""An organization's own copy of the wording of the standard: what is loaded, load a file, remove it whole."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken, VersionMissing
from common.query import read_query
from common.uploads import SentFile, UploadRefused, read_upload
from phases.domain.overlay import MAX_BYTES, OverlayCheck
from phases.forms.overlay import ConfirmForm, OverlayForm, why
from phases.models import WordingPreview
from phases.selectors.overlay import overlay_of, packs_for_wording, refs_of_pack, states_of
from phases.services.overlay import confirm_overlay, preview_overlay, refuse_stale_preview, remove_overlay
from projects.access import SignedInRequest, organization_view
from projects.models import Organization
from projects.permissions import can_act_for_organization

SAMPLES = 5


def _crumbs(organization: Organization, *more: str) -> list[dict[str, str]]:
    here = reverse("wording", args=[organization.slug])
    path = [(_("Portfolio"), reverse("home")), (organization.name, ""), (_("Wording of the standard"), here)]
    return [{"label": label, "url": url} for label, url in [*path, *((word, "") for word in more)]]


def _page(
    request: SignedInRequest,
    organization: Organization,
    form: OverlayForm | None = None,
    check: OverlayCheck | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    may_change = can_act_for_organization(request.user, organization)
    packs = packs_for_wording()
    faults = check.faults if check is not None else ()
    return render(
        request,
        "phases/overlay.html",
        {
            "organization": organization,
            "states": states_of(request.user, organization),
            "may_change": bool(may_change),
            "why_not": may_change.reason,
            "form": form or OverlayForm(packs=packs),
            "has_packs": bool(packs),
            "faults": [{"fault": fault, "why": why(fault)} for fault in faults],
            "bad_rows": len({fault.row for fault in faults}),
            "crumbs": _crumbs(organization),
        },
        status=status,
    )


@organization_view("see", post="act")
def wording(request: SignedInRequest, organization: Organization) -> HttpResponse:
    """Show what is loaded; take a file and show what it would do, or every row that is wrong with it."""
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, organization)
    form = OverlayForm(request.POST, request.FILES, packs=packs_for_wording())
    if len(request.FILES.getlist("file")) > 1:
        form.add_error("file", _("Send one file."))
    if not form.is_valid():
        return _page(request, organization, form, status=422)
    try:
        upload = read_upload(cast(SentFile, form.cleaned_data["file"]), max_bytes=MAX_BYTES)
        check, preview = preview_overlay(
            acting_user=request.user, organization=organization, pack=form.cleaned_data["pack"], upload=upload
        )
    except UploadRefused as error:
        form.add_error("file", str(error))
        return _page(request, organization, form, status=422)
    if preview is None:
        form.add_error("file", _("Nothing was loaded. The rows to mend are listed above."))
        return _page(request, organization, form, check, status=422)
    return redirect("wording_preview", organization.slug, preview.uuid)


@organization_view("act", post="act")
def preview(request: SignedInRequest, organization: Organization, uuid: UUID) -> HttpResponse:
    """What a file would load, and the tick that it may be loaded."""
    if request.method == "POST":
        return _confirm(request, organization, uuid)
    read_query(request.GET)
    return _preview_page(request, organization, uuid)


def _preview_page(
    request: SignedInRequest, organization: Organization, uuid: UUID, form: ConfirmForm | None = None
) -> HttpResponse:
    found = WordingPreview.objects.filter(uuid=uuid).first()
    current = overlay_of(request.user, organization, found.pack) if found is not None else None
    refuse_stale_preview(found, user=request.user, organization=organization, current=current)
    assert found is not None  # noqa: S101 (refuse_stale_preview raised otherwise)
    _known, expected = refs_of_pack(found.pack)
    missing = [ref for ref in expected if ref not in found.rows]
    matched = len(expected) - len(missing)
    context: dict[str, Any] = {
        "organization": organization,
        "preview": found,
        "title": packs_for_wording().get(found.pack, found.pack),
        "current": current,
        "matched": matched,
        "others": len(found.rows) - matched,
        "expected": len(expected),
        "missing": missing,
        "samples": list(found.rows.items())[:SAMPLES],
        "form": form or ConfirmForm(organization_name=organization.name),
        "crumbs": _crumbs(organization, _("Preview")),
    }
    return render(request, "phases/overlay_preview.html", context, status=422 if form is not None else 200)


def _confirm(request: SignedInRequest, organization: Organization, uuid: UUID) -> HttpResponse:
    form = ConfirmForm(request.POST, organization_name=organization.name)
    if not form.is_valid():
        raise VersionMissing(_("The form does not say which file it shows. Open the preview again."))
    try:
        overlay = confirm_overlay(
            acting_user=request.user,
            organization=organization,
            preview_id=uuid,
            file_sha256=form.cleaned_data["sha256"],
            holds_licence=form.cleaned_data["holds_licence"],
        )
    except RuleBroken as error:
        form.add_error("holds_licence", str(error))
        return _preview_page(request, organization, uuid, form)
    messages.success(
        request,
        ngettext(
            "%(n)s wording is loaded. It shows on the activity pages of your projects.",
            "%(n)s wordings are loaded. They show on the activity pages of your projects.",
            overlay.wording_count,
        )
        % {"n": overlay.wording_count},
    )
    return redirect("wording", organization.slug)


@organization_view("act", post="act")
def remove(request: SignedInRequest, organization: Organization, pack: str) -> HttpResponse:
    """Ask, then remove the whole copy over a pack."""
    if request.method == "POST":
        removed = remove_overlay(
            acting_user=request.user, organization=organization, pack=pack, overlay_id=_overlay_id(request)
        )
        if removed is None:
            messages.info(request, _("No copy was loaded any more; nothing is left to remove."))
        else:
            messages.success(request, _("The copy is removed, every row of it."))
        return redirect("wording", organization.slug)
    read_query(request.GET)
    overlay = overlay_of(request.user, organization, pack)
    if overlay is None:
        return redirect("wording", organization.slug)
    context = {
        "organization": organization,
        "overlay": overlay,
        "title": packs_for_wording().get(pack, pack),
        "crumbs": _crumbs(organization, _("Remove")),
    }
    return render(request, "phases/overlay_remove.html", context)


def _overlay_id(request: SignedInRequest) -> UUID:
    try:
        return UUID(request.POST.get("overlay", ""))
    except ValueError as error:
        raise VersionMissing(_("The form does not say which copy it is about. Reload the page.")) from error
