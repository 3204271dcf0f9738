"""The calendar of an organization: the days of the week on which it works, and its holidays."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from projects.access import SignedInRequest, organization_view
from projects.answers import conflict
from projects.calendars import NamedDay, countries, library_version, public_holidays, regions
from projects.forms.calendar import (
    HolidayForm,
    PasteForm,
    Proposal,
    WeekForm,
    chosen_days,
    read_proposal,
)
from projects.models import Organization
from projects.permissions import can_act_for_organization
from projects.selectors.calendar import holiday_years, holidays_of, plans_of
from projects.services.calendar import (
    MOST_HOLIDAYS,
    add_holidays,
    day_words,
    remove_holidays,
    set_working_days,
)
from projects.services.guards import parse_version

PROPOSAL = ("country", "region", "first", "last")


def _crumbs(organization: Organization, *more: str) -> list[dict[str, str]]:
    here = reverse("calendar", args=[organization.slug])
    path = [(_("Portfolio"), reverse("home")), (organization.name, ""), (_("Calendar"), here)]
    return [{"label": label, "url": url} for label, url in [*path, *((word, "") for word in more)]]


def _page(
    request: SignedInRequest,
    organization: Organization,
    *,
    week: WeekForm | None = None,
    one: HolidayForm | None = None,
    paste: PasteForm | None = None,
    version: int | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with the form that was refused as it was sent. Its version then stays the one it was filled from."""
    may_change = can_act_for_organization(request.user, organization)
    holidays = holidays_of(organization)
    this_year = clock.today().year
    years = holiday_years(holidays, organization.working_days, this_year=this_year)
    plans = plans_of(request.user, organization)
    context = {
        "organization": organization,
        "may_change": bool(may_change),
        "why_not": may_change.reason,
        "version": organization.version if version is None else version,
        "week": week or WeekForm(initial={"working_days": organization.working_days}),
        "one": one or HolidayForm(),
        "paste": paste or PasteForm(standing={}),
        "problem": problem,
        "years": [{"year": year, "is_open": year.year >= this_year} for year in years],
        "total": len(holidays),
        "most": MOST_HOLIDAYS,
        "plans": plans,
        "may_recompute": any(plan.may_recompute for plan in plans),
        "crumbs": [*_crumbs(organization)[:-1], {"label": _("Calendar"), "url": ""}],
    }
    return render(request, "projects/calendar.html", context, status=status)


@organization_view("see", post="act")
def calendar(request: SignedInRequest, organization: Organization) -> HttpResponse:
    """Show the calendar; set the working days, add holidays one by one or as a list, remove some."""
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, organization)
    single_values(request.POST, multiple=("working_days", "row"))
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise BadRequest("no such act")
    return act(request, organization, parse_version(request.POST.get("version")))


def _set_week(request: SignedInRequest, organization: Organization, version: int) -> HttpResponse:
    form = WeekForm(request.POST)
    if not form.is_valid():
        return _page(request, organization, week=form, version=version, status=422)
    days = form.cleaned_data["working_days"]
    try:
        changed = set_working_days(acting_user=request.user, organization=organization, version=version, days=days)
    except StaleWrite as error:
        return _conflict(request, organization, error)
    if changed:
        messages.success(request, _("The working days are saved."))
    else:
        messages.info(request, _("These are the working days already."))
    return redirect("calendar", organization.slug)


def _add_one(request: SignedInRequest, organization: Organization, version: int) -> HttpResponse:
    form = HolidayForm(request.POST)
    if form.is_valid():
        day = NamedDay(form.cleaned_data["day"], form.cleaned_data["name"])
        try:
            add_holidays(acting_user=request.user, organization=organization, version=version, days=[day])
        except StaleWrite as error:
            return _conflict(request, organization, error)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(
                request, _("%(day)s is a holiday now: %(name)s.") % {"day": day_words(day.day), "name": day.name}
            )
            return redirect(f"{reverse('calendar', args=[organization.slug])}#y{day.day.year}")
    return _page(request, organization, one=form, version=version, status=422)


def _add_list(request: SignedInRequest, organization: Organization, version: int) -> HttpResponse:
    standing = {one.day: one.name for one in holidays_of(organization)}
    form = PasteForm(request.POST, standing=standing)
    if form.is_valid():
        days = form.cleaned_data["lines"]
        if not days:
            messages.info(request, _("Nothing was added: the calendar holds all of these days already."))
            return redirect("calendar", organization.slug)
        try:
            made = add_holidays(acting_user=request.user, organization=organization, version=version, days=days)
        except StaleWrite as error:
            return _conflict(request, organization, error)
        except RuleBroken as error:
            form.add_error("lines", str(error))
        else:
            messages.success(request, _added(len(made), form.unchanged))
            return redirect("calendar", organization.slug)
    return _page(request, organization, paste=form, version=version, status=422)


def _added(count: int, unchanged: int) -> str:
    said = ngettext("%(count)d holiday is added.", "%(count)d holidays are added.", count) % {"count": count}
    if unchanged:
        said += " " + ngettext("%(count)d was there already.", "%(count)d were there already.", unchanged) % {
            "count": unchanged
        }
    return said


def _remove(request: SignedInRequest, organization: Organization, version: int) -> HttpResponse:
    days = chosen_days(request.POST)
    try:
        gone = remove_holidays(acting_user=request.user, organization=organization, version=version, days=days)
    except StaleWrite as error:
        return _conflict(request, organization, error)
    except RuleBroken as error:
        return _page(request, organization, problem=str(error), status=422)
    messages.success(
        request,
        ngettext("%(count)d holiday is removed.", "%(count)d holidays are removed.", len(gone)) % {"count": len(gone)},
    )
    return redirect("calendar", organization.slug)


ACTS: dict[str, Callable[[SignedInRequest, Organization, int], HttpResponse]] = {
    "week": _set_week,
    "add": _add_one,
    "paste": _add_list,
    "remove": _remove,
}


def _conflict(request: SignedInRequest, organization: Organization, error: StaleWrite) -> HttpResponse:
    """409 with both texts, and the form once more with the version of now."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "version")
        for value in values
    ]
    return conflict(
        request,
        error,
        action=request.path,
        hidden=[*sent, ("version", Organization.objects.get(pk=organization.pk).version)],
        back=reverse("calendar", args=[organization.slug]),
    )


@organization_view("act", post="act")
def propose(request: SignedInRequest, organization: Organization) -> HttpResponse:
    """The public holidays of a country or region, and the ticks that take them into the calendar."""
    this_year = clock.today().year
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=PROPOSAL)
        asked = read_proposal(values, this_year=this_year)
        return _proposal_page(request, organization, asked, status=400 if asked.problem else 200)
    data = single_values(request.POST, multiple=("row",))
    asked = read_proposal({name: data.get(name, "").strip() for name in PROPOSAL}, this_year=this_year)
    version = parse_version(data.get("version"))
    if asked.problem or not asked.country:
        raise BadRequest("no public holidays were proposed for this")
    known = {one.day: one for one in public_holidays(asked.country, asked.region, asked.years)}
    days = chosen_days(data)
    if not known.keys() >= set(days):
        raise BadRequest("row names a day that was not proposed")
    try:
        made = add_holidays(
            acting_user=request.user, organization=organization, version=version, days=[known[day] for day in days]
        )
    except StaleWrite as error:
        return _conflict(request, organization, error)
    except RuleBroken as error:
        return _proposal_page(
            request, organization, replace(asked, problem=str(error)), ticked=days, version=version, status=422
        )
    messages.success(request, _added(len(made), 0))
    return redirect("calendar", organization.slug)


def _proposal_page(
    request: SignedInRequest,
    organization: Organization,
    asked: Proposal,
    *,
    ticked: Sequence[date] | None = None,
    version: int | None = None,
    status: int = 200,
) -> HttpResponse:
    is_readable = bool(asked.country) and status != 400
    known = public_holidays(asked.country, asked.region, asked.years) if is_readable else []
    standing = {one.day: one.name for one in holidays_of(organization)}
    lines: dict[int, list[dict[str, Any]]] = {}
    for one in known:
        counts = one.day.weekday() in organization.working_days
        new = one.day not in standing
        lines.setdefault(one.day.year, []).append(
            {
                "day": one.day,
                "name": one.name,
                "counts": counts,
                "standing": standing.get(one.day, ""),
                # A Sunday is no loss to leave out, where nobody works on Sundays anyway.
                "ticked": new and (counts if ticked is None else one.day in ticked),
            }
        )
    context = {
        "organization": organization,
        "asked": asked,
        "version": organization.version if version is None else version,
        "countries": list(countries().items()),
        "regions": [
            (f"{asked.country}-{code}", name, code == asked.region) for code, name in regions(asked.country).items()
        ]
        if asked.country
        else [],
        "years": list(lines.items()),
        "is_asked": is_readable,
        "count": len(known),
        "new": sum(one.day not in standing for one in known),
        "source": f"holidays {library_version()}",
        "crumbs": _crumbs(organization, _("Public holidays")),
    }
    return render(request, "projects/calendar_propose.html", context, status=status)
