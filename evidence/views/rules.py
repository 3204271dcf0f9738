"""The rules of a project for its evidence: everybody reads them, managers change them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from evidence.choices import EvidenceKind
from evidence.forms.rules import RulesForm, filled
from evidence.selectors.integrity import last_whole_check
from evidence.selectors.retention import rules_of
from evidence.services.rules import set_rules
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


@project_view("evidence.view", post="evidence.manage")
def rules(request: ProjectRequest, project: Project) -> HttpResponse:
    """GET: the rules. POST: change them."""
    if request.method != "POST":
        read_query(request.GET)
        now = rules_of(project)
        return _page(request, project, filled(now), now.version)
    version = parse_version(request.POST.get("version"))
    form = RulesForm(single_values(request.POST))
    if form.is_valid():
        try:
            set_rules(
                acting_user=request.user,
                project=project,
                version=version,
                proof_needed=form.cleaned_data["proof_needed"],
                keep_months=form.keep_months(),
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except StaleWrite as error:
            hidden = [(name, request.POST.get(name, "")) for name in form.fields]
            hidden.append(("version", str(rules_of(project).version)))
            back = reverse("evidence_rules", args=[project.slug])
            return conflict(request, error, action=request.path, hidden=hidden, back=back)
        else:
            messages.success(request, _("The rules are saved."))
            return redirect("evidence_rules", project.slug)
    return _page(request, project, form, version, status=422)


def _page(request: ProjectRequest, project: Project, form: RulesForm, version: int, status: int = 200) -> HttpResponse:
    now = rules_of(project)
    context = {
        "project": project,
        "form": form,
        "version": version,
        "rules": now,
        "kept": [(kind.label, now.months(kind.value)) for kind in EvidenceKind],
        "may_change": bool(request.access.can("evidence.manage")),
        "checked_at": last_whole_check(),
    }
    return render(request, "evidence/rules.html", context, status=status)
