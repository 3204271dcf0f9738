"""Taking back that a row is only made better."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from phases.models import PhaseActivity
from phases.services.follow_up import set_improve_only
from phases.services.rows import Target
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


@project_view(post="phases.tailor")
def whole_again(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """The row asks for the whole work again."""
    target = Target(pk, parse_version(request.POST.get("version")))
    try:
        (row,) = set_improve_only(acting_user=request.user, project=project, targets=[target], improve_only=False)
    except PhaseActivity.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("%(ref)s asks for the whole work again.") % {"ref": row.activity.ref})
    return redirect("activity", project.slug, row.activity.ref)
