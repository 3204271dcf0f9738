"""What the frame of every page needs."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.models import Project
from projects.permissions import Access
from projects.registries import nav_items


def _user_items(request: HttpRequest) -> list[dict[str, str]]:
    """What the user's menu leads to, besides the account."""
    items = [
        {"label": _("My work"), "url": reverse("my_work"), "icon": "check2-square", "key": "w"},
        {"label": _("My calendar"), "url": reverse("calendars"), "icon": "calendar3"},
        {"label": _("Activity catalogue"), "url": reverse("catalogues"), "icon": "book"},
        {"label": _("Jobs and exports"), "url": reverse("jobs"), "icon": "hourglass-split"},
        {"label": _("Mail"), "url": reverse("mail_settings"), "icon": "envelope"},
    ]
    if getattr(request, "user", None) is not None and request.user.is_superuser:
        items.append({"label": _("Installation"), "url": reverse("installation_jobs"), "icon": "gear"})
    return items


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template variable `shell`: sidebar and top bar of the project this request is in, or of none."""
    project: Project | None = getattr(request, "project", None)
    access: Access | None = getattr(request, "access", None)
    if project is None or access is None:
        return {"shell": {"search_url": "", "sections": [], "user_items": _user_items(request)}}
    home = reverse("dashboard", args=[project.slug])
    sections: list[dict[str, Any]] = []
    matches: list[dict[str, Any]] = []
    for item in nav_items:
        if not access.can(item.capability):
            continue
        title = str(item.section)
        if not sections or sections[-1]["title"] != title:
            sections.append({"title": title, "items": []})
        for entry in item.entries(project):
            line = {
                "label": entry.label,
                "url": entry.url,
                "icon": entry.icon or item.icon,
                "phase_state": entry.state,
                "note": entry.note,
                "key": entry.key,
                "current": False,
            }
            sections[-1]["items"].append(line)
            # The overview's address begins every other one of the project, so it is current only by itself.
            if request.path == entry.url or (entry.url != home and request.path.startswith(entry.url)):
                matches.append(line)
    if matches:
        max(matches, key=lambda line: len(line["url"]))["current"] = True
    return {
        "shell": {
            "project_name": project.name,
            "organization_name": project.organization.name,
            "project_url": home,
            "initials": project.initials,
            "search_url": reverse("search", args=[project.slug]),
            "sections": sections,
            "user_items": _user_items(request),
        }
    }
