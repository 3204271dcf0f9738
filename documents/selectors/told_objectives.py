"""What mails say of objectives: the value of a month is missing."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Max
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from documents.choices import ObjectiveState
from documents.models import Objective
from notifications.models import Notice
from notifications.registry import Line


def value_lines(_person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Objectives that are pursued and still have no value for the month that was noted, or a later one. One query."""
    found = {
        each.pk: each
        for each in Objective.objects.filter(pk__in={notice.subject for notice in notices}, state=ObjectiveState.ACTIVE)
        .annotate(newest=Max("values__month"))
        .select_related("project")
    }
    lines = {}
    for notice in notices:
        objective, wanted = found.get(notice.subject), _month(notice)
        if objective is None or wanted is None:
            continue
        newest = objective.newest
        if newest is not None and newest.isoformat() >= wanted:
            continue
        month = date_format(date.fromisoformat(wanted), "F Y")
        lines[notice.pk] = Line(
            thing=f"objective {objective.pk}",
            title=str(objective),
            said=_("Its value of %(month)s is missing. Write it, or say that it is settled.") % {"month": month},
            path=reverse("objective", args=[objective.project.slug, objective.key]) + "#values",
            subject=_("Value of %(month)s missing: %(what)s") % {"month": month, "what": objective},
            place=(wanted, objective.pk),
        )
    return lines


def _month(notice: Notice) -> str | None:
    month = notice.facts.get("month")
    return month if isinstance(month, str) else None
