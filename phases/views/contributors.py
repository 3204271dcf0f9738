"""Who contributes to one row: chosen by hand, or as the role map says."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, StaleWrite
from phases.forms.board import read_strictly
from phases.models import PhaseActivity
from phases.selectors.board_page import parties_of
from phases.selectors.row import contributors_of, row_of, title_of
from phases.services.contributors import set_row_contributors
from phases.services.rows import Target
from phases.views.board_page import board_url
from phases.views.rows import next_address
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Party, Project
from projects.services.guards import parse_version

FOLLOW, BY_HAND = "role map", "hand"


@project_view("phases.assign", post="phases.assign")
def contributors(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Show who contributes to a row, and take another choice: by hand, or back to the role map."""
    if request.method != "POST":
        read_strictly(request.GET, single=("next",))
        return _page(request, project, pk, request.GET.get("next", ""))
    version = parse_version(request.POST.get("version"))
    how, given = request.POST.get("how", ""), request.POST.getlist("party")
    if how not in (FOLLOW, BY_HAND) or any(not (pk_.isascii() and pk_.isdigit()) or len(pk_) > 15 for pk_ in given):
        raise BadRequest("contributors are chosen by hand or by the role map")
    chosen = list(Party.objects.filter(project=project, pk__in=[int(value) for value in given]))
    if len(chosen) != len(given):
        raise BadRequest("a party of another project, or one given twice")
    back = request.POST.get("next", "")
    try:
        row = set_row_contributors(
            acting_user=request.user,
            project=project,
            targets=[Target(pk, version)],
            parties=chosen if how == BY_HAND else None,
        )[0]
    except PhaseActivity.DoesNotExist as error:
        raise Http404 from error
    except StaleWrite as stale:
        now = row_of(project, pk)
        hidden = [("version", now.version), ("how", how), ("next", back), *(("party", value) for value in given)]
        return conflict(request, stale, action=request.path, hidden=hidden, back=request.path)
    except RuleBroken as refused:
        return _page(request, project, pk, back, chosen={party.pk for party in chosen}, problem=str(refused))
    said = _("Who contributes to %(ref)s is saved.") if how == BY_HAND else _("%(ref)s follows the role map again.")
    messages.success(request, said % {"ref": row.activity.ref})
    activity = reverse("activity", args=[project.slug, row.activity.ref])
    return HttpResponseRedirect(next_address(project, back, activity), status=303)


def _page(
    request: ProjectRequest, project: Project, pk: int, back: str, *, chosen: set[int] | None = None, problem: str = ""
) -> HttpResponse:
    try:
        row = row_of(project, pk)
    except PhaseActivity.DoesNotExist as error:
        raise Http404 from error
    activity = reverse("activity", args=[project.slug, row.activity.ref])
    shown = contributors_of(row) if chosen is None else chosen
    context = {
        "project": project,
        "row": row,
        "ref": row.activity.ref,
        "activity_title": title_of(project, row),
        "next": next_address(project, back, activity),
        "board_url": board_url(project, row.phase_number),
        "problem": problem,
        "choices": [
            {"party": party, "checked": party.pk in shown}
            for party in parties_of(project, request.user)
            if (party.is_active or party.pk in shown) and party.pk != row.accountable_id
        ],
    }
    return render(request, "phases/row_contributors.html", context, status=422 if problem else 200)
