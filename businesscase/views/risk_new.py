"""New risks: from nothing, from a typical one, from a challenge of the questionnaire."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from businesscase import guide
from businesscase.choices import RiskCategory
from businesscase.domain.risks import level_of
from businesscase.forms.risks import initial_from_typical
from businesscase.models import Risk
from businesscase.services.risks import report_risk
from businesscase.views.risk import form_page, make_form, refuse
from common.exceptions import RuleBroken
from common.query import read_query, single_values
from gapanalysis.selectors.challenges import challenge_row
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("risks.report", post="risks.report")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Report a risk. Who manages risks also says what is done about it."""
    whole = bool(request.access.can("risks.manage"))
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("typical", "challenge"))
        initial = _initial(values["typical"], values["challenge"])
        form = make_form(project, None, whole=whole, initial=initial)
        suggested = [each for each in guide.risks().values() if values["challenge"] in each.challenges]
        return form_page(
            request,
            project,
            form,
            from_typical=values["typical"],
            suggested=[] if values["typical"] else suggested,
        )
    form = make_form(project, None, single_values(request.POST), whole=whole)
    if form.is_valid():
        try:
            risk = report_risk(acting_user=request.user, project=project, values=form.values())
        except RuleBroken as error:
            refuse(form, error)
        else:
            said = (
                _("%(ref)s is in the register.")
                if whole
                else _("%(ref)s is in the register. A project manager will assess it.")
            )
            messages.success(request, said % {"ref": risk.ref})
            return redirect("risk", project.slug, risk.ref)
    return form_page(request, project, form, status=422)


@project_view("risks.report")
def typical(request: ProjectRequest, project: Project) -> HttpResponse:
    """Typical risks by kind; those whose words are in the register already are marked."""
    read_query(request.GET)
    taken = {title.casefold(): ref for title, ref in Risk.objects.filter(project=project).values_list("title", "ref")}
    groups = [
        (
            category.label,
            [
                {
                    "risk": each,
                    "level": level_of(each.probability, each.impact),
                    "taken": taken.get(each.title.casefold()),
                }
                for each in guide.risks().values()
                if each.category == category
            ],
        )
        for category in RiskCategory
    ]
    return render(request, "businesscase/risk_typical.html", {"project": project, "groups": groups})


def _initial(typical: str, challenge: str) -> Mapping[str, Any]:
    """What a form begins with. Raises Http404 for a typical risk or a challenge that is not there."""
    if typical:
        found = guide.risks().get(typical)
        if found is None:
            raise Http404
        return initial_from_typical(found, challenge if challenge in found.challenges else "")
    if not challenge:
        return {}
    row = challenge_row(challenge)
    if row is None:
        raise Http404
    return {
        "title": row["title"],
        "category": RiskCategory.CHANGE,
        "effect": row["consequence"],
        "response_text": row["counter"],
        "challenge": challenge,
    }
