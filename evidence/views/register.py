"""The register: what there is, filtered, linked in bulk, exported as seen."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.exceptions import RuleBroken
from common.query import choice, form_nonce, read_query, whole_number
from common.workbook_out import FORMATS, XLSX, table_response
from evidence.choices import EvidenceKind, ItemState
from evidence.domain.freshness import Freshness
from evidence.exports import COLUMNS, register_table
from evidence.forms.items import refs_of
from evidence.jobs import EXPORT_KINDS
from evidence.models import EvidenceItem
from evidence.selectors import seen_by
from evidence.selectors.listing import SORTS, RegisterQuery, counts_of, filtered
from evidence.selectors.register import each_register_row, register_rows
from evidence.selectors.uploads import uploads_on_their_way
from evidence.services.links import link_activities
from jobs.services.request import request_job
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project

PER_PAGE = 50
#: A file of more rows takes a page too long to make, and a worker of the web with it.
MOST_AT_ONCE = 5000
SORT_WORDS = (
    ("added", gettext_lazy("Newest first")),
    ("key", gettext_lazy("By key")),
    ("title", gettext_lazy("By title")),
    ("collected", gettext_lazy("Collected last")),
    ("valid", gettext_lazy("Expires first")),
)
_NAMES = ("q", "kind", "freshness", "ref", "clause", "owner", "state", "unlinked", "older", "sort", "page", "format")


def read_register_query(query: QueryDict) -> tuple[RegisterQuery, dict[str, str]]:
    """What the address asks for, and its other values. Raises BadRequest for what the page does not know."""
    values, _lists = read_query(query, single=_NAMES)
    return (
        RegisterQuery(
            text=values["q"],
            kind=choice("kind", values["kind"], EvidenceKind.values),
            freshness=choice("freshness", values["freshness"], [each.value for each in Freshness]),
            ref=values["ref"],
            clause=values["clause"],
            owner=whole_number("owner", values["owner"]),
            state=choice("state", values["state"], ItemState.values),
            unlinked=choice("unlinked", values["unlinked"], ["1"]) == "1",
            older=choice("older", values["older"], ["1"]) == "1",
            sort=choice("sort", values["sort"], list(SORTS)) or "added",
        ),
        dict(values),
    )


@project_view("evidence.view")
def register(request: ProjectRequest, project: Project) -> HttpResponse:
    """A page of the register."""
    return _page(request, project)


def _page(
    request: ProjectRequest,
    project: Project,
    *,
    problem: str = "",
    typed: str = "",
    chosen: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    query, values = read_register_query(request.GET)
    paginator = Paginator(
        filtered(project, request.access, query).select_related("revision", "owner", "added_by"), PER_PAGE
    )
    number = whole_number("page", values["page"]) or 1
    if not 1 <= number <= paginator.num_pages:
        raise BadRequest("page has no such value")
    page = paginator.page(number)
    context: dict[str, Any] = {
        "project": project,
        "query": query,
        "values": values,
        "is_filtered": any(
            values[name] for name in ("q", "kind", "freshness", "ref", "clause", "owner", "state", "unlinked", "older")
        ),
        "page_obj": page,
        "rows": register_rows(project, request.access, page.object_list),
        "counts": counts_of(project, request.access),
        "kinds": EvidenceKind.choices,
        "sorts": SORT_WORDS,
        "states": ItemState.choices,
        "freshness": [each.value for each in Freshness],
        "owners": Party.objects.filter(project=project).order_by("name"),
        "in_background": paginator.count > MOST_AT_ONCE,
        "nonce": uuid4(),
        "may_add": bool(request.access.can("evidence.add")),
        "on_their_way": uploads_on_their_way(project, request.user),
        "problem": problem,
        "typed": typed,
        "chosen": chosen,
    }
    return render(request, "evidence/register.html", context, status=status)


@project_view("evidence.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register as seen, as a file; a long one is made by a job, which a form asks for."""
    query, values = read_register_query(request.GET)
    form = choice("format", values["format"], FORMATS) or "csv"
    items = filtered(project, request.access, query)
    if items.count() > MOST_AT_ONCE:
        asked = request.GET.copy()
        asked.pop("format", None)
        said = _(
            "The file of so many items is made in the background. Press the button on this page, and fetch it then."
        )
        messages.info(request, said)
        there = reverse("evidence", args=[project.slug])
        return redirect(f"{there}?{asked.urlencode()}" if asked else there)
    rows = each_register_row(project, request.access, items)
    return table_response(form, f"{project.slug}-evidence", COLUMNS, register_table(rows))


@project_view(post="evidence.view")
def export_in_background(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for the register as the address names it, as a file; the same form sent twice makes one job."""
    query, _values = read_register_query(request.GET)
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce", "format"))
    form = choice("format", values["format"], FORMATS) or XLSX
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=EXPORT_KINDS[form],
        parameters={"query": asdict(query)},
        idempotency_key=f"evidence export {project.pk} {request.user.pk} {form} {form_nonce(values['nonce'])}",
    )
    return redirect("job", job.pk)


@project_view(post="evidence.add")
def link(request: ProjectRequest, project: Project) -> HttpResponse:
    """Link the chosen items to activities, all at once."""
    keys = tuple(dict.fromkeys(request.POST.getlist("item")))[:200]
    typed = request.POST.get("refs", "")[:2000]
    items = list(seen_by(project, request.access).filter(key__in=keys))
    for item in items:
        item.project = project
    if not items:
        return _page(request, project, problem=_("Choose at least one item."), typed=typed, status=422)
    refs = refs_of(typed)
    if not refs:
        return _page(
            request, project, problem=_("Name the activities that they prove."), typed=typed, chosen=keys, status=422
        )
    try:
        made = link_activities(acting_user=request.user, project=project, items=items, refs=refs)
    except RuleBroken as error:
        return _page(request, project, problem=str(error), typed=typed, chosen=keys, status=422)
    except EvidenceItem.DoesNotExist:
        return _page(request, project, problem=_("One of them is gone."), typed=typed, chosen=keys, status=422)
    messages.success(request, ngettext("%(n)d link is new.", "%(n)d links are new.", made) % {"n": made})
    return redirect("evidence", project.slug)
