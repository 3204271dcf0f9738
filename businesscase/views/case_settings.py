"""The settings of a case: its horizon and its discount rate."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from businesscase import guide
from businesscase.forms.points import SettingsForm
from businesscase.services.cases import change_settings
from businesscase.views.case_pages import CasePage, begun_page
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


@project_view("case.view", post="case.edit")
def settings(request: ProjectRequest, project: Project, kind: str) -> HttpResponse:
    """Read and change them."""
    page = begun_page(request, project, kind)
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, page, SettingsForm(initial=SettingsForm.initial_of(page.case)))
    form = SettingsForm(single_values(request.POST))
    if form.is_valid():
        try:
            change_settings(
                acting_user=request.user,
                case=page.case,
                version=parse_version(request.POST.get("version")),
                **form.values(),
            )
        except StaleWrite as stale:
            page.case.refresh_from_db()
            typed = [(name, request.POST.get(name, "")) for name in form.fields]
            url = page.settings_url
            return conflict(request, stale, action=url, hidden=[*typed, ("version", page.case.version)], back=url)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved. All figures follow."))
            return redirect(page.points_url)
    return _page(request, page, form, status=422)


def _page(request: ProjectRequest, page: CasePage, form: SettingsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "project": page.project,
        "page": page,
        "form": form,
        "version": request.POST.get("version", page.case.version),
        "explained": guide.figures()["discount rate"],
    }
    return render(request, "businesscase/settings.html", context, status=status)
