"""Dates of phases: when one moves, its activities move along, and the phases after it where that is wanted."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.texts import clean_text
from phases.choices import BY_PLAN
from phases.models import Package, Phase
from phases.selectors.what_moves import WhatMoves
from phases.selectors.wishes import PhaseWish, Wishes
from phases.services.schedule import apply_wishes
from projects.models import Project
from projects.services.guards import refuse_stale, require_capability, write_versioned


@transaction.atomic
def set_phase_dates(
    *, acting_user: User | None, project: Project, wish: PhaseWish, seen: str = "", reason: str = ""
) -> WhatMoves:
    """Give a phase other dates; with `wish.shift_later` those after it keep their distance to its end.

    Packages with dates of their own move along with a phase that moves as a whole. `reason` goes into the trail.
    Raises RuleBroken (with `field`) for dates that cannot be, StaleWrite where the phase or what would move has
    changed since it was seen, Phase.DoesNotExist.
    """
    require_capability(acting_user, "phases.schedule", project)
    phase = Phase.objects.get(project=project, number=wish.number)
    words = {_("Start"): str(phase.start or ""), _("End"): str(phase.end or "")}
    sent = {_("Start"): wish.start.isoformat(), _("End"): wish.end.isoformat()}
    refuse_stale(phase, version=wish.version, shown=words, sent=sent)
    applied = apply_wishes(project, Wishes(phases=(wish,)), seen)
    drafts = []
    standing = {phase.number: phase for phase in Phase.objects.filter(project=project)}
    for move in applied.outcome.what.phases:
        moved = standing[move.number]
        write_versioned(
            moved,
            version=wish.version if move.number == wish.number else moved.version,
            values={"start": move.start_after, "end": move.end_after},
            shown=words,
            sent=sent,
        )
        changes = {"start": [move.start_before, move.start_after], "end": [move.end_before, move.end_after]}
        drafts.append(Draft("move phase", "phase", str(move.number), str(moved), changes, clean_text(reason)))
    packages = {
        (package.component, package.phase_number): package for package in Package.objects.filter(project=project)
    }
    for each in applied.outcome.what.packages:
        package = packages[each.component, each.phase]
        values = {"start": each.start_after, "end": each.end_after}
        write_versioned(package, version=package.version, values=values, shown=words, sent=sent)
        changes = {"start": [each.start_before, each.start_after], "end": [each.end_before, each.end_after]}
        drafts.append(Draft("set package", "package", f"{each.component}@{each.phase}", "", changes, BY_PLAN))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[*drafts, *applied.drafts])
    return applied.outcome.what
