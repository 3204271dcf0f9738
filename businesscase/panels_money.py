"""What My work shows of benefits that wait for a person's word."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import ngettext

from accounts.models import User
from businesscase.domain.months import first_day
from businesscase.selectors.benefits import benefits_waiting_for
from projects.registries import SeenProject, WorkPanel, register_work_panel


def waiting_benefits(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """The benefits that `user` is named to confirm, alone or in a group; None where none waits. Two queries."""
    may = [seen.project for seen in projects.values() if seen.access.can("case.confirm")]
    waiting = benefits_waiting_for(user, may) if may else []
    if not waiting:
        return None
    total = sum(len(each.months) for each in waiting)
    return {
        "lines": [
            {
                "line": each.line,
                "project": each.line.project,
                "first": first_day(each.months[0]),
                "last": first_day(each.months[-1]),
                "count": len(each.months),
            }
            for each in waiting
        ],
        "named": len(projects) > 1,
        "waits": total,
        "waits_word": ngettext("month of a benefit to confirm", "months of benefits to confirm", total),
    }


def register() -> None:
    """Show it on My work."""
    register_work_panel("benefits", WorkPanel("businesscase/_benefits_work_panel.html", waiting_benefits), order=50)
