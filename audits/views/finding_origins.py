"""Where findings come from and go to: gaps of an assessment taken over, a finding that becomes an improvement."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import ImprovementSource
from audits.selectors.gap_findings import gaps_of, last_locked
from audits.services.gap_findings import take_over_gaps
from audits.services.improvements import ImprovementFacts, propose_improvement
from audits.views.finding import found_or_404, show
from common.exceptions import RuleBroken
from common.query import choice, read_query
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("audits.manage", post="audits.manage")
def take_over(request: ProjectRequest, project: Project) -> HttpResponse:
    """The gaps of the last locked assessment, item by item, before they become findings."""
    minor = False
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("minor",))
        minor = choice("minor", values["minor"], ("1",)) == "1"
    assessment = last_locked(project)
    problem = ""
    if request.method == "POST":
        minor = request.POST.get("minor") == "1"
        if assessment is None or request.POST.get("assessment") != assessment.key:
            problem = _("Another assessment was locked meanwhile. Its gaps are below; nothing was taken over.")
        else:
            try:
                made = take_over_gaps(
                    acting_user=request.user,
                    project=project,
                    assessment=assessment,
                    refs=request.POST.getlist("ref")[:500],
                )
            except RuleBroken as error:
                problem = str(error)
            else:
                said = ngettext("%(n)d gap is a finding now.", "%(n)d gaps are findings now.", len(made))
                messages.success(request, said % {"n": len(made)})
                return redirect("findings", project.slug)
    gaps = gaps_of(project, assessment, minor=minor) if assessment is not None else []
    context = {
        "project": project,
        "assessment": assessment,
        "gaps": gaps,
        "left": sum(not gap.taken for gap in gaps),
        "minor": minor,
        "problem": problem,
    }
    return render(request, "audits/findings_take_over.html", context, status=422 if problem else 200)


@project_view(post="improvements.propose")
def improve(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Propose an improvement that comes from an observation or an opportunity."""
    line = found_or_404(request, project, ref)
    finding = line.finding
    if finding.is_nonconformity:
        problem = _("A nonconformity is corrected; an improvement comes on top.")
        return show(request, project, line, problem=problem, status=422)
    facts = ImprovementFacts(
        title=finding.title[:160],
        source=ImprovementSource.FINDING,
        description=finding.found,
        component=finding.component,
        owner=finding.owner,
    )
    try:
        made = propose_improvement(acting_user=request.user, project=project, facts=facts, finding=finding)
    except RuleBroken as error:
        return show(request, project, line, problem=str(error), status=422)
    messages.success(request, _("%(made)s is proposed; %(ref)s leads to it.") % {"made": made.ref, "ref": ref})
    return redirect("improvement", project.slug, made.ref)
