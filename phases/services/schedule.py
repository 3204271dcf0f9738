"""Dates of a plan change together: what the schedule moves is written with the act that moved it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import StaleWrite
from phases.choices import BY_PLAN
from phases.models import PhaseActivity
from phases.selectors.plan_state import plan_state
from phases.selectors.what_moves import Outcome, RowMove, WhatMoves, outcome_of
from phases.selectors.wishes import RowWish, Wishes
from phases.services.rows import Target, check_due, load_rows
from projects.models import Project
from projects.services.guards import require_capability


def write_moves(moves: Sequence[RowMove]) -> list[Draft]:
    """Write the due dates of `moves`; returns a draft for each. Part of a service that holds the project's lock."""
    rows = [
        PhaseActivity(pk=move.pk, due=move.after, due_is_own=move.is_own, version=F("version") + 1) for move in moves
    ]
    PhaseActivity.objects.bulk_update(rows, ["due", "due_is_own", "version"])
    return [
        Draft(
            "reschedule",
            "phase activity",
            f"{move.ref}@{move.phase}",
            "",
            {"due": [move.before, move.after]},
            "" if move.is_own else BY_PLAN,
        )
        for move in moves
    ]


def refuse_unseen(what: WhatMoves, seen: str) -> None:
    """Raise StaleWrite where `seen`, the digest of a preview, is not that of what would be written now.

    "" stands for who saw no preview and asks for none.
    """
    if seen and seen != what.digest:
        raise StaleWrite(
            _("The plan changed since you looked at this. Nothing was saved; look at what would move now."),
            current={
                _("Would move now"): ngettext("%(count)d activity", "%(count)d activities", len(what.moves))
                % {"count": len(what.moves)}
            },
            sent={},
        )


@transaction.atomic
def recompute_plan(*, acting_user: User | None, project: Project, seen: str, late: bool = False) -> WhatMoves:
    """Date everything anew that is open and that nobody dated by hand; with `late` what is late already too.

    `seen` is the digest of the preview. Raises StaleWrite where the plan has changed since. One lock of the trail.
    """
    require_capability(acting_user, "phases.schedule", project)
    what = outcome_of(plan_state(project), Wishes(everything=True, late=late)).what
    refuse_unseen(what, seen)
    drafts = write_moves(what.moves)
    if drafts:
        facts = {"moved": len(drafts), "late ones too": late}
        drafts.append(Draft("recompute", "plan", project.slug, project.name, facts))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return what


@transaction.atomic
def move_rows(*, acting_user: User | None, project: Project, wishes: Sequence[RowWish], seen: str) -> WhatMoves:
    """Give phase activities due dates of their own (or let them follow their packages again), and move what waits.

    `seen` as in `recompute_plan`. Raises StaleWrite, RuleBroken as `set_due` does, PhaseActivity.DoesNotExist.
    """
    require_capability(acting_user, "phases.schedule", project)
    for wish in wishes:
        check_due(project, wish.due)
    load_rows(project, acting_user, [Target(wish.pk, wish.version) for wish in wishes])
    state = plan_state(project)
    versions = {row.pk: row.version for row in state.rows}
    if any(versions.get(wish.pk) != wish.version for wish in wishes):
        raise StaleWrite(_("Somebody changed this activity meanwhile. Nothing was saved."), current={}, sent={})
    what = outcome_of(state, Wishes(rows=tuple(wishes))).what
    refuse_unseen(what, seen)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=write_moves(what.moves))
    return what


@dataclass(frozen=True, slots=True)
class Applied:
    """What an act changed in the plan, and the drafts of the dates that followed."""

    outcome: Outcome
    drafts: list[Draft]


def apply_wishes(project: Project, wishes: Wishes, seen: str) -> Applied:
    """Move what `wishes` move, for a service that has checked the right to it and writes its own event beside."""
    outcome = outcome_of(plan_state(project), wishes)
    refuse_unseen(outcome.what, seen)
    return Applied(outcome, write_moves(outcome.what.moves))
