"""Proof of top management's commitment from internal audits: programmes that people at the top agreed to."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from audits.models import Programme
from common import clock
from governance.registries import Asked, Proof
from governance.selectors.commitment_papers import said_by

TAKE_PART = "4.1.1.1-a"


def programmes_agreed(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """Audit programmes that somebody at the top agreed to. One query."""
    rows = Programme.objects.filter(project=asked.project, agreed_by__isnull=False).select_related("agreed_by")
    found = [
        Proof(
            _("Agreed to the audit programme “%(title)s”") % {"title": row.title},
            clock.day_of(row.agreed_at, asked.project.time_zone),
            said_by(asked, row.agreed_by, row.agreed_at),
            reverse("audits", args=[asked.project.slug]),
        )
        for row in rows
        if row.agreed_by is not None
        and row.agreed_at is not None
        and asked.leaders.role_at(row.agreed_by_id, row.agreed_at)
    ]
    return {TAKE_PART: found} if found else {}
