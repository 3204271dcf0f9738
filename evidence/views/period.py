"""The period under audit: a page that says what it is for, and sets it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from evidence.selectors.period import period_of
from evidence.services.period import set_audit_period
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


class PeriodForm(forms.Form):
    """Its first day; empty takes it back."""

    audit_from = forms.DateField(
        label=gettext_lazy("It begins on"),
        required=False,
        help_text=gettext_lazy("Empty: nothing is called too old."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@project_view("evidence.manage", post="evidence.manage")
def period(request: ProjectRequest, project: Project) -> HttpResponse:
    """The form, and what was sent with it."""
    begins, version = period_of(project)
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, PeriodForm(initial={"audit_from": begins}), version)
    form, sent_version = PeriodForm(single_values(request.POST)), parse_version(request.POST.get("version"))
    if form.is_valid():
        try:
            set_audit_period(
                acting_user=request.user,
                project=project,
                version=sent_version,
                begins=form.cleaned_data["audit_from"],
            )
        except RuleBroken as error:
            form.add_error("audit_from", str(error))
        except StaleWrite as error:
            hidden = [("audit_from", request.POST.get("audit_from", "")), ("version", version)]
            back = reverse("evidence_period", args=[project.slug])
            return conflict(request, error, action=request.path, hidden=hidden, back=back)
        else:
            messages.success(request, _("Saved."))
            return redirect("evidence_wrong", project.slug)
    return _page(request, project, form, sent_version, status=422)


def _page(request: ProjectRequest, project: Project, form: PeriodForm, version: int, status: int = 200) -> HttpResponse:
    context = {"project": project, "form": form, "version": version}
    return render(request, "evidence/period.html", context, status=status)
