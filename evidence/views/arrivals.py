"""A file that came in and is not evidence yet: being checked, held because it is here already, or stopped."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from common.exceptions import RuleBroken
from common.query import read_query
from evidence.asking import place_of
from evidence.choices import UploadState
from evidence.exceptions import NoRoom
from evidence.models import EvidenceItem, IncomingFile
from evidence.selectors.uploads import upload_of, upload_view
from evidence.services.intake import drop_upload, link_twin, take_in_upload
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("evidence.add", post="evidence.add")
def arrival(request: ProjectRequest, project: Project, uuid: UUID) -> HttpResponse:
    """How it stands, looking again by itself while it is checked; POST says what becomes of it."""
    upload = upload_of(project, request.user, uuid)
    if upload is None:
        # Cleared away, never there, or another's: the same answer for each.
        messages.warning(request, _("This file is not on its way any more."))
        return redirect("evidence", project.slug)
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, upload)
    why, key = request.POST.get("why", ""), request.POST.get("key", "")[:12]
    try:
        return _decide(request, project, upload, request.POST.get("do", ""), why, key)
    except (IncomingFile.DoesNotExist, EvidenceItem.DoesNotExist):
        # Settled in another window: the page says how it stands now.
        return redirect("evidence_arrival", project.slug, uuid)
    except RuleBroken as error:
        status = 507 if isinstance(error, NoRoom) else 422
        upload.refresh_from_db()
        return _page(request, project, upload, problem=str(error), why=why, status=status)


def _decide(
    request: ProjectRequest, project: Project, upload: IncomingFile, act: str, why: str, key: str
) -> HttpResponse:
    if act == "link":
        twin = link_twin(acting_user=request.user, upload=upload, key=key)
        messages.success(request, _("%(key)s stands for it. The file that you sent is not kept.") % {"key": twin.key})
        return redirect("evidence_item", project.slug, twin.key)
    if act == "drop":
        drop_upload(acting_user=request.user, upload=upload)
        messages.success(request, _("%(name)s is not kept.") % {"name": upload.file_name})
        return redirect("evidence", project.slug)
    if act not in ("keep", "again"):
        raise RuleBroken(_("Choose what becomes of it."))
    if act == "keep" and upload.state == UploadState.HELD and not why.strip():
        raise RuleBroken(_("Say why the same content is kept a second time: an auditor will ask."))
    take_in_upload(acting_user=request.user, upload=upload, again=why)
    return redirect("evidence_arrival", project.slug, upload.uuid)


def _page(
    request: ProjectRequest,
    project: Project,
    upload: IncomingFile,
    *,
    problem: str = "",
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    part = bool(request.headers.get("HX-Request"))
    view = upload_view(project, request.access, upload)
    if view.state == "finished" and upload.item is not None:
        asked = upload.facts.get("asked", "")
        if upload.problem:
            said = _("What you added is kept, but not given for %(key)s: %(why)s")
            messages.warning(request, said % {"key": asked, "why": upload.problem})
        else:
            messages.success(request, _("%(key)s is kept.") % {"key": upload.item.key})
        if asked and not upload.problem:
            to = place_of(project, asked) or reverse("evidence", args=[project.slug])
        else:
            to = reverse("evidence_item", args=[project.slug, upload.item.key])
        return HttpResponseClientRedirect(to) if part else redirect(to)
    if part and view.state != "checking":
        # What there is to decide needs the whole page.
        return HttpResponseClientRedirect(request.path)
    context = {"project": project, "view": view, "problem": problem, "why": why}
    return render(request, "evidence/_arriving.html" if part else "evidence/arrival.html", context, status=status)
