"""The house style of an organization, with a sample of how a paper looks in it."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.paper.pages import paper_context
from common.paper.paper import ControlledPaper
from common.paper.style import HouseStyle as PaperStyle
from common.paper.text import markdown_to_paper
from common.query import read_query, single_values
from documents.forms.house import HouseStyleForm
from documents.models import HouseStyle
from documents.selectors.style import style_of
from documents.services.house import save_style
from projects.access import SignedInRequest, organization_view
from projects.models import Organization
from projects.permissions import can_act_for_organization
from projects.services.guards import parse_version


def crumbs(organization: Organization, *more: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the organization."""
    path = [(_("Portfolio"), reverse("home")), (organization.name, ""), *more]
    return [{"label": label, "url": url} for label, url in path]


@organization_view("see", post="act")
def house_style(request: SignedInRequest, organization: Organization) -> HttpResponse:
    """What papers look like, and changing it."""
    row = HouseStyle.objects.filter(organization=organization).first()
    has_logo = row is not None and bool(row.logo)
    if request.method != "POST":
        read_query(request.GET)
        now = style_of(organization)
        initial = {"accent": now.accent, "typeface": now.typeface, "header": now.header, "footer": now.footer}
        return _page(request, organization, row, HouseStyleForm(initial=initial, has_logo=has_logo))
    form = HouseStyleForm(single_values(request.POST), request.FILES, has_logo=has_logo)
    if not form.is_valid():
        return _page(request, organization, row, form, status=422)
    version = parse_version(request.POST.get("version"))
    try:
        saved = save_style(acting_user=request.user, organization=organization, version=version, style=form.style())
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, organization, row, form, status=422)
    if saved is None:
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("Saved. The next PDFs look like this; what is published keeps its own."))
    return redirect("house_style", organization.slug)


def _page(
    request: SignedInRequest,
    organization: Organization,
    row: HouseStyle | None,
    form: HouseStyleForm,
    *,
    status: int = 200,
) -> HttpResponse:
    may_change = can_act_for_organization(request.user, organization)
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "version": row.version if row is not None else 0,
        "row": row,
        "style": style_of(organization),
        "has_logo": row is not None and bool(row.logo),
        "may_change": bool(may_change),
        "why_not": may_change.reason,
        "crumbs": crumbs(organization, (_("House style"), reverse("house_style", args=[organization.slug]))),
    }
    return render(request, "documents/house_style.html", context, status=status)


@organization_view("see")
def logo(request: SignedInRequest, organization: Organization) -> HttpResponse:
    """The logo, as a picture on a page."""
    read_query(request.GET)
    row = HouseStyle.objects.filter(organization=organization).first()
    if row is None or not row.logo:
        raise Http404("no logo")
    content = bytes(row.logo)
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(content, content_type=kind)


@organization_view("see")
def sample(request: SignedInRequest, organization: Organization) -> HttpResponse:
    """A paper in the house style, as a page."""
    read_query(request.GET)
    style = style_of(organization)
    text = markdown_to_paper(
        _(
            "## Purpose\n\nThis page shows how documents of %(name)s look: headings, text, lists and tables.\n\n"
            "## Rules\n\n1. Whoever takes a call writes it down before it is worked on.\n"
            "2. A priority follows from impact and urgency, not from who calls.\n\n"
            "### Times\n\n| Priority | First answer | Solved |\n|---|---|---|\n"
            "| High | 15 minutes | 4 hours |\n| Normal | 2 hours | 2 working days |\n"
        )
        % {"name": organization.name}
    )
    paper = ControlledPaper(
        title=_("A sample document"),
        organization=organization.name,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        body=text.html,
        headings=text.headings,
        number="PRO-001",
        kind=_("Procedure"),
        version="1.0",
        state=_("Published"),
        owner=_("Process owner"),
        classification=_("Internal"),
        # The logo is bytes that only the PDF carries; on a page the name stands in its place.
        style=PaperStyle(accent=style.accent, typeface=style.typeface, header=style.header, footer=style.footer),
    )
    context = {
        "organization": organization,
        "on_screen": True,
        "has_logo": bool(style.logo),
        **paper_context(paper),
    }
    return render(request, "documents/house_sample.html", context)
