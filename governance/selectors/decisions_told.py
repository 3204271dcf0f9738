"""What mails say of decisions and actions."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from governance.choices import ActionState, DecisionState, Outcome
from governance.models import Action, Decision, Seat
from notifications.models import Notice
from notifications.registry import Line
from phases.selectors.whom import users_of
from phases.selectors.work_projects import work_projects


def called_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Decisions that still wait for the person's word. Four queries."""
    rows = _decisions(notices)
    waiting = set(
        Seat.objects.filter(decision__in=rows, member=person, choice="").values_list("decision_id", flat=True)
    )
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        row, seen = rows.get(notice.subject), projects.get(notice.project_id)
        if row is None or seen is None or not seen.access.can("governance.vote"):
            continue
        if row.state != DecisionState.ASKED or row.pk not in waiting:
            continue
        by = date_format(row.decide_by, "D j M Y")
        lines[notice.pk] = _line(
            row,
            said=_("You are called to say yes or no by %(day)s.") % {"day": by},
            subject=_("Your word by %(day)s: %(what)s") % {"day": by, "what": row},
            quote=row.background,
            place=(row.decide_by.isoformat(), row.pk),
        )
    return lines


def decided_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """What was decided. Three queries."""
    rows = _decisions(notices)
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        row, seen = rows.get(notice.subject), projects.get(notice.project_id)
        if row is None or seen is None or row.state != DecisionState.DECIDED:
            continue
        # Who only owns a condition hears of it by their action; the page of the decision is not theirs.
        if not seen.access.can("governance.view"):
            continue
        outcome = Outcome(row.outcome).label
        lines[notice.pk] = _line(
            row,
            said=_("Decided: %(outcome)s.") % {"outcome": str(outcome).lower()},
            subject=_("%(outcome)s: %(what)s") % {"outcome": outcome, "what": row},
            quote=row.words,
        )
    return lines


def action_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Actions that the person still owns, on the day that was noted. Two queries."""
    rows = {
        each.pk: each
        for each in Action.objects.filter(
            pk__in={notice.subject for notice in notices}, state=ActionState.OPEN
        ).select_related("project")
    }
    owners = users_of({each.owner_id for each in rows.values() if each.owner_id is not None})
    lines = {}
    for notice in notices:
        row = rows.get(notice.subject)
        if row is None or row.owner_id is None or person.pk not in owners.get(row.owner_id, ()):
            continue
        if notice.facts.get("due") != row.due.isoformat():
            continue
        day = date_format(row.due, "D j M Y")
        late = row.due < clock.today(row.project.time_zone)
        lines[notice.pk] = Line(
            thing=f"action {row.pk}",
            title=str(row),
            said=(_("It was due on %(day)s.") if late else _("It is due by %(day)s.")) % {"day": day},
            path=reverse("action", args=[row.project.slug, row.ref]),
            subject=(_("Overdue: %(what)s") if late else _("Due by %(day)s: %(what)s")) % {"day": day, "what": row},
            place=(row.due.isoformat(), row.pk),
        )
    return lines


def _decisions(notices: Sequence[Notice]) -> dict[int, Decision]:
    """The decisions that notices are about. One query."""
    rows = Decision.objects.filter(
        pk__in={notice.subject for notice in notices}, project__in={notice.project_id for notice in notices}
    )
    return {row.pk: row for row in rows.select_related("project").defer("frozen")}


def _line(row: Decision, *, said: str, subject: str, quote: str = "", place: tuple[str | int, ...] = ()) -> Line:
    return Line(
        thing=f"decision {row.pk}",
        title=str(row),
        said=said,
        path=reverse("decision", args=[row.project.slug, row.ref]),
        subject=subject,
        quote=quote,
        place=place or (row.pk,),
    )
