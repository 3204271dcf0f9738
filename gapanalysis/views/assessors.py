"""Who answers what."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import MOST_VALUES, read_query, whole_number
from gapanalysis.models import Assessment
from gapanalysis.selectors.assessors import added, as_given, given_in, suggestions_for, without_assessor
from gapanalysis.selectors.progress import progress_by_section
from gapanalysis.services.assessments import set_assessors
from gapanalysis.views.overview import found_assessment
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project
from projects.services.guards import parse_version

ALL, SOME = "all", "some"
GIVE, TAKE, SUGGESTED = "give", "take", "suggested"


@project_view("gap.view", post="gap.manage")
def assessors(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Who has which sections; managers give and take them, one party at a time or as the plan suggests."""
    assessment = found_assessment(project, key)
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("party",))
        return _page(request, project, assessment, chosen=whole_number("party", values["party"]))
    action = request.POST.get("action", "")
    if action not in (GIVE, TAKE, SUGGESTED):
        raise BadRequest("no such act")
    given = as_given(given_in(assessment))
    try:
        if action == SUGGESTED:
            for pair in request.POST.getlist("pair")[:MOST_VALUES]:
                party, section = _pair(project, pair)
                given = added(given, party, [section])
            said = _("The sections were given as the plan suggests.")
        else:
            party = _party(project, request.POST.get("party", ""))
            if action == TAKE:
                given.pop(party, None)
                said = _("%(name)s answers no more here.") % {"name": party.name}
            else:
                sections = request.POST.getlist("section")[:MOST_VALUES]
                whole = request.POST.get("what") == ALL
                if not whole and not sections:
                    raise RuleBroken(
                        _("Tick the sections that %(name)s answers, or choose all.") % {"name": party.name}
                    )
                given[party] = [] if whole else sections
                said = _("%(name)s has their sections.") % {"name": party.name}
        set_assessors(
            acting_user=request.user,
            project=project,
            assessment=assessment,
            given=given,
            version=parse_version(request.POST.get("version")),
        )
    except RuleBroken as error:
        return _page(
            request,
            project,
            assessment,
            chosen=whole_number("party", request.POST.get("party", "")),
            ticked=request.POST.getlist("section"),
            problem=str(error),
            status=422,
        )
    messages.success(request, said)
    return redirect("gap_assessors", project.slug, key)


def _party(project: Project, text: str) -> Party:
    number = whole_number("party", text)
    if number is None:
        raise RuleBroken(_("Choose who answers."))
    party = Party.objects.filter(project=project, pk=number).first()
    if party is None:
        raise Http404
    return party


def _pair(project: Project, text: str) -> tuple[Party, str]:
    number, _colon, section = text.partition(":")
    return _party(project, number), section


def _page(
    request: ProjectRequest,
    project: Project,
    assessment: Assessment,
    *,
    chosen: int | None = None,
    ticked: Sequence[str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    lines = progress_by_section(assessment)
    given = given_in(assessment)
    nobody = without_assessor([line.section for line in lines], given)
    may_manage = bool(request.access.can("gap.manage")) and not assessment.is_locked
    one = next((each for each in given if each.party.pk == chosen), None)
    parties = list(Party.objects.filter(project=project, is_active=True).select_related("user").order_by("name"))
    if chosen is not None and chosen not in {party.pk for party in parties} and one is None:
        raise Http404
    suggestions = suggestions_for(project, assessment, nobody) if may_manage and nobody else []
    suggested = {each.section for each in suggestions}
    context = {
        "project": project,
        "assessment": assessment,
        "given": given,
        "choices": [
            {
                "line": line,
                "has": [each for each in given if each.has(line.section)],
                "ticked": line.section in (ticked if ticked is not None else one.sections if one else ()),
            }
            for line in lines
        ],
        "nobody": [line for line in lines if line.section in nobody],
        "unsuggested": [line for line in lines if line.section in nobody and line.section not in suggested],
        "suggestions": suggestions,
        "parties": parties,
        "chosen": chosen,
        "one": one,
        "whole": bool(one and not one.sections) and not ticked,
        "problem": problem,
        "may_manage": may_manage,
    }
    return render(request, "gapanalysis/assessors.html", context, status=status)
