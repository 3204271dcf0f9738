"""My work: what waits for a person in all their projects."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common.query import choice, read_query
from phases.domain.work_days import LATE, TODAY, WEEK, end_of_week
from phases.selectors.work_asked import asked_of
from phases.selectors.work_list import SECTIONS, work_list
from phases.selectors.work_projects import work_projects
from phases.services.work import undoes
from phases.views.work_row import UNDO_KEY
from projects.access import SignedInRequest, signed_in_view
from projects.registries import prepare_work_panels

ASKED = "asked"


@signed_in_view("GET")
def my_work(request: SignedInRequest) -> HttpResponse:
    """What is late, due, asked and to be verified; `project` narrows it to one, `all` shows a section whole."""
    one, _many = read_query(request.GET, single=("project", "all"))
    whole = choice("all", one["all"], (*SECTIONS, ASKED))
    known = work_projects(request.user)
    slug = choice("project", one["project"], [found.project.slug for found in known.values()])
    chosen = {pk: found for pk, found in known.items() if not slug or found.project.slug == slug}
    listed = work_list(request.user, chosen, whole=whole)
    asked = asked_of(request.user, chosen, **({"most": 300} if whole == ASKED else {}))
    panels = prepare_work_panels(request.user, chosen)
    days = {found.today for found in chosen.values()}
    today = days.pop() if len(days) == 1 else None
    own = {"project": slug} if slug else {}
    context = {
        "sections": listed.sections,
        "finished": listed.finished,
        "finished_total": listed.finished_total,
        "asked": asked,
        "today": today,
        "sunday": end_of_week(today) if today else None,
        "projects": [found.project for found in known.values()],
        "slug": slug,
        "named": len(chosen) > 1,
        "nonce": uuid4(),
        "next": reverse("my_work") + (f"?{urlencode(own)}" if own else ""),
        "all_urls": {key: f"?{urlencode({**own, 'all': key})}#{key}" for key in (*SECTIONS, ASKED)},
        "waits": any(section.total for section in listed.sections.values()) or asked.total or panels,
        "panels": panels,
        # Who has nothing of their own that presses gets what they may verify in its place.
        "presses": any(listed.sections[key].total for key in (LATE, TODAY, WEEK)),
        "undo": _undo(request),
    }
    return render(request, "phases/work.html", context)


def _undo(request: SignedInRequest) -> dict[str, Any] | None:
    """The way back from the last press, for who has no script: shown once."""
    if UNDO_KEY not in request.session:
        return None
    told: dict[str, Any] = request.session.pop(UNDO_KEY)
    return told if undoes(told["token"], acting_user=request.user, row_id=told["pk"]) else None
