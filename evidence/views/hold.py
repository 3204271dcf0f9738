"""Legal hold, put on an item and lifted on its page."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import single_values
from evidence.services.disposal import hold_item
from evidence.views.items import found_item, item_page
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


@project_view(post="evidence.dispose")
def hold(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Put it under legal hold, or lift the hold; a reason is asked for either way."""
    found = found_item(request, project, key)
    data = single_values(request.POST)
    if data.get("hold") not in ("on", "off"):
        raise BadRequest("hold is on or off")
    wanted = data["hold"] == "on"
    why = data.get("why", "")
    try:
        hold_item(
            acting_user=request.user,
            project=project,
            key=key,
            version=parse_version(data.get("version")),
            hold=wanted,
            why=why,
        )
    except RuleBroken as error:
        return item_page(request, project, found, problem=str(error), status=422, typed_hold=why)
    said = _("%(key)s is under legal hold.") if wanted else _("The legal hold of %(key)s is lifted.")
    messages.success(request, said % {"key": key})
    return redirect("evidence_item", project.slug, key)
