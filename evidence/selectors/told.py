"""What mails say of evidence: what is asked, given and settled, comes due or is overdue, and what expires."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from evidence.choices import ItemState, RequestState
from evidence.models import EvidenceItem, EvidenceRequest
from evidence.selectors.requests import WAITS
from notifications.models import Notice
from notifications.registry import Line
from phases.selectors.my_work import own_parties
from phases.selectors.work_projects import work_projects


def asked_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Requests that still wait for evidence of the person's. Two queries."""
    lines = {}
    for notice, request in _theirs(person, notices):
        if request.state != notice.facts.get("state"):
            continue
        day = date_format(request.due, "D j M Y")
        who = _who(request.settled_by if request.state == RequestState.SENT_BACK else request.asked_by)
        if request.state == RequestState.SENT_BACK:
            said, subject = _("%(who)s sent it back. It is due on %(day)s."), _("Sent back: %(what)s")
        else:
            said, subject = _("%(who)s asks you for evidence by %(day)s."), _("Evidence asked: %(what)s")
        lines[notice.pk] = _line(request, said % {"who": who, "day": day}, subject, quote=_words(request))
    return lines


def given_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Requests whose evidence still waits for a word that the person may say. Three queries."""
    projects = work_projects(person)
    lines = {}
    for notice, request in _with_requests(notices):
        seen = projects.get(request.project_id)
        if request.state != RequestState.GIVEN or seen is None or not seen.access.can("evidence.ask"):
            continue
        said = _("Evidence was given for %(who)s. It waits for your word.") % {"who": request.asked_of}
        lines[notice.pk] = _line(request, said, _("Evidence given: %(what)s"))
    return lines


def settled_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """What became of requests that the person was asked. Two queries."""
    lines = {}
    for notice, request in _theirs(person, notices):
        if request.state != notice.facts.get("state"):
            continue
        if request.state == RequestState.ACCEPTED:
            said, subject = _("%(who)s accepted it."), _("Evidence accepted: %(what)s")
        elif request.state == RequestState.CANCELLED:
            said, subject = _("%(who)s took the request back. Nothing is left to do."), _("No longer asked: %(what)s")
        else:
            continue
        said = said % {"who": _who(request.settled_by)}
        lines[notice.pk] = _line(request, said, subject, quote=request.words)
    return lines


def due_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Requests that still wait and whose day has not passed. Two queries."""
    lines = {}
    for notice, request in _theirs(person, notices):
        left = (request.due - clock.today(request.project.time_zone)).days
        if request.state not in WAITS or left < 0:
            continue
        day = date_format(request.due, "D j M Y")
        ahead = ngettext("in %(n)d day", "in %(n)d days", left) % {"n": left} if left else _("today")
        said = _("Evidence is due on %(day)s, %(ahead)s.") % {"day": day, "ahead": ahead}
        lines[notice.pk] = _line(request, said, _("Evidence due soon: %(what)s"))
    return lines


def overdue_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Requests that still wait and whose day has passed. Two queries."""
    lines = {}
    for notice, request in _theirs(person, notices):
        late = (clock.today(request.project.time_zone) - request.due).days
        if request.state not in WAITS or late <= 0:
            continue
        said = ngettext(
            "Evidence is %(n)d day late, it was due on %(day)s.",
            "Evidence is %(n)d days late, it was due on %(day)s.",
            late,
        ) % {"n": late, "day": date_format(request.due, "D j M Y")}
        lines[notice.pk] = _line(request, said, _("Evidence overdue: %(what)s"))
    return lines


def fresh_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Items that still count and expire, or expired, on the day that was noted; the person's to see to. One query."""
    items = {
        item.pk: item
        for item in EvidenceItem.objects.current()
        .filter(pk__in={notice.subject for notice in notices}, valid_until__isnull=False)
        .select_related("project")
        .annotate(owned_by=F("owner__user"))
    }
    lines = {}
    for notice in notices:
        item: Any = items.get(notice.subject)
        if item is None or item.project_id != notice.project_id or item.state != ItemState.CURRENT:
            continue
        if item.valid_until.isoformat() != notice.facts.get("valid_until"):
            continue
        left = (item.valid_until - clock.today(item.project.time_zone)).days
        expired = bool(notice.facts.get("expired"))
        # Who is told late that it was to expire is told that it has, once.
        if expired != (left < 0):
            continue
        day = date_format(item.valid_until, "D j M Y")
        if expired:
            said, subject = _("It expired: it was valid until %(day)s."), _("Expired: %(what)s")
        else:
            said, subject = _("It is valid until %(day)s. Add a newer revision before."), _("Expires soon: %(what)s")
        lines[notice.pk] = Line(
            thing=f"evidence {item.pk}",
            title=f"{item.key} {item.title}",
            said=said % {"day": day},
            path=reverse("evidence_item", args=[item.project.slug, item.key]),
            subject=subject % {"what": f"{item.key} {item.title}"[:120]},
            place=(item.valid_until.isoformat(), item.pk),
        )
    return lines


def reminded_requests(first: date, last: date) -> Any:
    """Requests that wait for evidence and are due from `first` to `last`; for `services.reminders` to narrow."""
    return EvidenceRequest.objects.filter(state__in=WAITS, due__gte=first, due__lte=last).annotate(
        zone=F("project__time_zone")
    )


def reminded_items(first: date, last: date) -> Any:
    """Items that count and are valid until a day from `first` to `last`; for `services.reminders` to narrow."""
    return (
        EvidenceItem.objects.current()
        .filter(valid_until__gte=first, valid_until__lte=last)
        .annotate(zone=F("project__time_zone"))
    )


def _with_requests(notices: Sequence[Notice]) -> list[tuple[Notice, EvidenceRequest]]:
    found = EvidenceRequest.objects.filter(pk__in={notice.subject for notice in notices}).select_related(
        "project", "asked_by", "settled_by", "asked_of", "activity"
    )
    requests = {request.pk: request for request in found}
    return [
        (notice, requests[notice.subject])
        for notice in notices
        if notice.subject in requests and requests[notice.subject].project_id == notice.project_id
    ]


def _theirs(person: User, notices: Sequence[Notice]) -> list[tuple[Notice, EvidenceRequest]]:
    """Requests that are still asked of the person, alone or in a group."""
    own = {row["pk"] for row in own_parties(person)}
    return [(notice, request) for notice, request in _with_requests(notices) if request.asked_of_id in own]


def _who(person: User | None) -> str:
    return str(person) if person is not None else _("Somebody")


def _words(request: EvidenceRequest) -> str:
    return request.words if request.state == RequestState.SENT_BACK else request.text


def _line(request: EvidenceRequest, said: str, subject: str, *, quote: str = "") -> Line:
    what = Truncator(" ".join(request.text.split())).chars(90)
    return Line(
        thing=f"evidence request {request.pk}",
        title=f"{request.key} {what}",
        said=said,
        path=reverse("evidence_request", args=[request.project.slug, request.key]),
        subject=subject % {"what": what},
        quote=quote,
        place=(request.due.isoformat(), request.pk),
    )
