"""A project's dates for calendar programs: the secret address, and the pages to make and end one."""

import hashlib
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _

from common import clock
from common.exceptions import RuleBroken
from common.mail import absolute_url
from common.query import read_query, single_values, whole_number
from phases.exports_calendar import CONTENT_TYPE, calendar_bytes
from phases.selectors.calendar_entries import ProjectCalendar, project_calendar
from projects.access import ProjectRequest, SignedInRequest, project_view, public_view, signed_in_view
from projects.calendar_addresses import token_of
from projects.choices import CalendarContent
from projects.models import CalendarFeed, Project
from projects.permissions import access_to
from projects.selectors.calendar_feeds import feed_behind, feeds_of
from projects.services.calendar_feeds import make_calendar_address, note_fetch, revoke_calendar_address

CAPABILITY = "phases.view"
FRESH_FOR = 300  # seconds that a program may go on with what it has
_SECOND = timedelta(seconds=1)


@public_view("GET")
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address, for programs that cannot sign in.

    What the person may see is asked anew each time. A wrong secret, one that was revoked, and a person whose role
    ended all get the same 404.
    """
    found = feed_behind(token)
    if found is None or not access_to(found.project, found.user).can(CAPABILITY):
        # In plain text: nobody looks at it, and a page would look for a session.
        return HttpResponse(
            _("There is no such calendar.\n"),
            status=404,
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "no-store"},
        )
    response = _answer(request, project_calendar(found.project, found.user, found.content), "inline")
    if request.method == "GET":
        note_fetch(found)
    return response


@project_view(CAPABILITY)
def download(request: ProjectRequest, project: Project) -> HttpResponse:
    """The same file once, for who is signed in: a calendar that keeps it will not follow the plan."""
    one, _many = read_query(request.GET, single=("content",))
    content = one["content"] or CalendarContent.MINE
    if content not in CalendarContent.values:
        raise Http404
    return _answer(request, project_calendar(project, request.user, content), "attachment")


def _answer(request: HttpRequest, calendar: ProjectCalendar, disposition: str) -> HttpResponse:
    content = calendar_bytes(calendar)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response["ETag"] = etag
    modified = None
    # Within one second two changes look the same: then only the ETag tells them apart.
    if calendar.changed_at < clock.now() - 2 * _SECOND:
        modified = int(calendar.changed_at.timestamp()) + 1
        response["Last-Modified"] = http_date(modified)
    response["Content-Disposition"] = f'{disposition}; filename="calendar.ics"'
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, max_age=FRESH_FOR)
    answer = get_conditional_response(request, etag, modified, response)
    return answer if isinstance(answer, HttpResponse) else response


def _lines(feeds: list[CalendarFeed]) -> list[dict[str, Any]]:
    return [
        {
            "feed": feed,
            "title": CalendarContent(feed.content).label,
            "address": absolute_url(reverse("calendar_feed", args=[token_of(feed.uuid)])),
        }
        for feed in feeds
    ]


@signed_in_view("GET")
def calendars(request: SignedInRequest) -> HttpResponse:
    """All addresses of the person, with when they were last read, and the projects that have none yet."""
    read_query(request.GET)
    feeds = list(feeds_of(request.user))
    projects = list(Project.objects.visible_to(request.user).order_by("name", "pk"))
    with_one = {feed.project_id for feed in feeds}
    context = {
        "lines": _lines(feeds),
        "others": [project for project in projects if project.pk not in with_one],
        "crumbs": [
            {"label": _("Portfolio"), "url": reverse("home")},
            {"label": _("My work"), "url": reverse("my_work")},
            {"label": _("My calendar"), "url": ""},
        ],
    }
    return render(request, "phases/calendars.html", context)


@project_view(CAPABILITY, post=CAPABILITY)
def project_calendar_page(request: ProjectRequest, project: Project) -> HttpResponse:
    """Make an address for this project, see it again, end it."""
    read_query(request.GET)
    if request.method == "POST":
        return _act(request, project)
    return _page(request, project)


def _page(request: ProjectRequest, project: Project, *, problem: str = "", status: int = 200) -> HttpResponse:
    lines = {line["feed"].content: line for line in _lines(list(feeds_of(request.user, project)))}
    notes = {
        CalendarContent.MINE: _("What you are accountable for and have not finished, and the last days of the phases."),
        CalendarContent.PLAN: _("The last days of all packages with open work, and of the phases."),
    }
    context = {
        "project": project,
        "kinds": [
            {"content": content.value, "title": content.label, "note": notes[content], "line": lines.get(content.value)}
            for content in CalendarContent
        ],
        "problem": problem,
    }
    return render(request, "phases/calendar.html", context, status=status)


def _act(request: ProjectRequest, project: Project) -> HttpResponse:
    data = single_values(request.POST)
    there = "calendars" if data.get("next") == "calendars" else "project_calendar"
    try:
        if data.get("do") == "make":
            make_calendar_address(acting_user=request.user, project=project, content=data.get("content", ""))
            messages.success(request, _("The address is made. Add it to your calendar program now."))
        elif data.get("do") == "revoke":
            number = whole_number("feed", data.get("feed", "")) or 0
            revoke_calendar_address(acting_user=request.user, project=project, feed_id=number)
            messages.success(request, _("The address has ended. Calendars that still ask for it get nothing."))
        else:
            raise RuleBroken(_("Choose what is to happen to the address."))
    except CalendarFeed.DoesNotExist as error:
        raise Http404 from error
    except RuleBroken as error:
        return _page(request, project, problem=str(error), status=422)
    return redirect(there) if there == "calendars" else redirect(there, slug=project.slug)
