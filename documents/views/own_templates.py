"""The templates that an organization brings along: list, add, change, stop offering."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import choice, read_query, single_values
from documents.choices import DocumentKind
from documents.forms.house import OwnTemplateForm, initial_of
from documents.library import library, template_of
from documents.models import OwnTemplate
from documents.services.house import add_template, change_template, offer_template
from documents.templates_of import own_template as as_template
from documents.views.house import crumbs
from projects.access import SignedInRequest, organization_view
from projects.models import Organization
from projects.permissions import can_act_for_organization
from projects.services.guards import parse_version


def _crumbs(organization: Organization, page: str = "") -> list[dict[str, str]]:
    here = (_("Own templates"), reverse("own_templates", args=[organization.slug]))
    return crumbs(organization, here, *([(page, "")] if page else []))


@organization_view("see")
def own_templates(request: SignedInRequest, organization: Organization) -> HttpResponse:
    """What the organization added, and what it can take over as a start."""
    read_query(request.GET)
    rows = list(OwnTemplate.objects.filter(organization=organization).select_related("changed_by"))
    taken = {row.key for row in rows}
    may_change = can_act_for_organization(request.user, organization)
    context: dict[str, Any] = {
        "organization": organization,
        "rows": [
            {
                "row": row,
                "template": as_template(row),
                "kind": DocumentKind(row.front["kind"]).label,
                "replaces": row.key in library(),
            }
            for row in rows
        ],
        "others": [each for key, each in library().items() if key not in taken],
        "may_change": bool(may_change),
        "why_not": may_change.reason,
        "crumbs": _crumbs(organization),
    }
    return render(request, "documents/own_templates.html", context)


@organization_view("act", post="act")
def new(request: SignedInRequest, organization: Organization) -> HttpResponse:
    """Add one, from nothing or from one of the library."""
    values, _lists = read_query(request.GET, single=("from",))
    start = choice("from", values["from"], library())
    template = template_of(start) if start else None
    if request.method != "POST":
        form = OwnTemplateForm(initial=initial_of(template) if template else None)
        return _form(request, organization, form, start=template)
    form = OwnTemplateForm(single_values(request.POST))
    if form.is_valid():
        try:
            row = add_template(
                acting_user=request.user,
                organization=organization,
                front=form.front(),
                body=form.cleaned_data["body"],
                start=start,
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(title)s is offered from now on.") % {"title": row.front["title"]})
            return redirect("own_templates", organization.slug)
    return _form(request, organization, form, start=template, status=422)


@organization_view("act", post="act")
def own_template(request: SignedInRequest, organization: Organization, key: str) -> HttpResponse:
    """Change one, stop offering it, or offer it again."""
    row = OwnTemplate.objects.filter(organization=organization, key=key).first()
    if row is None:
        raise Http404("no such template")
    if request.method != "POST":
        read_query(request.GET)
        return _form(request, organization, OwnTemplateForm(initial=initial_of(as_template(row))), row=row)
    sent = single_values(request.POST)
    version = parse_version(sent.get("version"))
    what = choice("do", sent.get("do", ""), ("save", "stop", "offer")) or "save"
    if what != "save":
        offer_template(
            acting_user=request.user,
            organization=organization,
            key=key,
            version=version,
            is_offered=what == "offer",
        )
        words = _("It is offered again.") if what == "offer" else _("It is offered no more. Documents of it stay.")
        messages.success(request, words)
        return redirect("own_template", organization.slug, key)
    form = OwnTemplateForm(sent)
    if form.is_valid():
        try:
            change_template(
                acting_user=request.user,
                organization=organization,
                key=key,
                version=version,
                front=form.front(),
                body=form.cleaned_data["body"],
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved. Documents that began from it stay as they are."))
            return redirect("own_templates", organization.slug)
    return _form(request, organization, form, row=row, status=422)


def _form(
    request: SignedInRequest,
    organization: Organization,
    form: OwnTemplateForm,
    *,
    row: OwnTemplate | None = None,
    start: Any = None,
    status: int = 200,
) -> HttpResponse:
    title = row.front["title"] if row is not None else _("New template")
    context = {
        "organization": organization,
        "form": form,
        "row": row,
        "start": start,
        "title": title,
        "crumbs": _crumbs(organization, title),
    }
    return render(request, "documents/own_template.html", context, status=status)
