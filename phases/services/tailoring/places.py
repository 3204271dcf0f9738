"""Where an activity stands: moving a row to another phase, and adding an activity to a further one."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken
from phases.choices import PHASE_NAMES, Origin, PhaseState, Status
from phases.domain.planning import Row
from phases.domain.replay import MOVED_TO
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity, ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import ActivityText, texts_for
from phases.selectors.tailoring import ADD_PHASE, MOVE_ROW
from phases.services.ground import ground_of
from phases.services.make_rows import add_phases, make_packages
from phases.services.reasons import check_reason
from phases.services.rows import Target, key_of, load_rows
from phases.services.telling import tell_new_rows
from projects.models import Project
from projects.services.guards import require_capability, write_versioned


def phases_of(project: Project) -> list[Phase]:
    """The phases of a project, by number; `free_place` judges them. One query."""
    return list(Phase.objects.filter(project=project).order_by("number"))


def free_place(activity: ProjectActivity, phases: Sequence[Phase], number: int, *, field: str = "phase") -> None:
    """Raise RuleBroken (at `field`) where `activity` cannot come into phase `number`: closed, unknown, or taken."""
    phase = next((each for each in phases if each.number == number), None)
    if phase is None:
        raise RuleBroken(_("There is no such phase."), field=field)
    if phase.state == PhaseState.CLOSED:
        raise RuleBroken(
            _("Phase %(number)d is closed; nothing comes into it any more.") % {"number": number}, field=field
        )
    there = PhaseActivity.objects.filter(activity=activity, phase_number=number).first()
    if there is None:
        return
    if there.status == Status.NOT_APPLICABLE:
        raise RuleBroken(
            _("%(ref)s stands in phase %(number)d already, as not applicable. Bring it back in there instead.")
            % {"ref": activity.ref, "number": number},
            field=field,
        )
    raise RuleBroken(
        _("%(ref)s stands in phase %(number)d already.") % {"ref": activity.ref, "number": number}, field=field
    )


def origin_in(activity: ProjectActivity, text: ActivityText, number: int) -> str:
    """Why a new row of `activity` stands in phase `number`."""
    if activity.part_of_id is not None:
        return Origin.PART
    if activity.catalogue_activity_id is None:
        return Origin.OWN
    return Origin.CATALOGUE if number in text.phases else Origin.ADDED


def added_facts(row: PhaseActivity) -> dict[str, Any]:
    """What the event of a new row says."""
    return {"due": [None, row.due], "responsible party": [None, row.accountable.name if row.accountable else None]}


def place_rows(
    project: Project, pairs: Sequence[tuple[ProjectActivity, ActivityText, int]], phases: Sequence[Phase], why: str
) -> list[PhaseActivity]:
    """Make a row for each of `pairs`, dated and given out, each with its origin and the justification."""
    made = add_phases(project, pairs, ground_of(project, phases, texts_for(project)))
    for row, (activity, text, number) in zip(made, pairs, strict=True):
        row.origin, row.tailored_why, row.activity = origin_in(activity, text, number), why, activity
    PhaseActivity.objects.bulk_update(made, ["origin", "tailored_why"])
    return made


@transaction.atomic
def add_to_phase(
    *, acting_user: User | None, project: Project, activity: ProjectActivity, phase: int, reason: str
) -> PhaseActivity:
    """Let `activity` be done in a further phase; the row is dated in what is left of it and given out.

    Raises RuleBroken for a phase that is closed, unknown or taken, for a split activity, and for a reason without
    words; ProjectActivity.DoesNotExist for another project's.
    """
    require_capability(acting_user, "phases.tailor", project)
    if activity.project_id != project.pk:
        raise ProjectActivity.DoesNotExist
    why = check_reason(reason, field="reason")
    phases = phases_of(project)
    free_place(activity, phases, phase)
    if activity.parts.exists():
        raise RuleBroken(
            _("%(ref)s is split. Add its parts to the phase, one by one.") % {"ref": activity.ref}, field="phase"
        )
    text = effective_text(texts_for(project), activity)
    (row,) = place_rows(project, [(activity, text, phase)], phases, why)
    tell_new_rows(project, acting_user, [row])
    draft = Draft(ADD_PHASE, "phase activity", key_of(row), "", added_facts(row), why)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[draft])
    return row


@transaction.atomic
def move_to_phase(
    *, acting_user: User | None, project: Project, target: Target, phase: int, reason: str
) -> PhaseActivity:
    """Move a row to another phase. Status, note, people and what was said of it go with it.

    It is dated anew there, unless somebody fixed its date. Raises RuleBroken for a row that is finished or not
    applicable, for a phase that is closed, unknown or taken, and for a reason without words; StaleWrite for a stale
    row.
    """
    require_capability(acting_user, "phases.tailor", project)
    why = check_reason(reason, field="reason")
    (row,), _ties = load_rows(project, acting_user, [target])
    refuse_settled(row)
    phases = phases_of(project)
    if phase == row.phase_number:
        raise RuleBroken(_("It stands in phase %(number)d already.") % {"number": phase}, field="phase")
    free_place(row.activity, phases, phase)
    values = _moved(row, phase) | {"tailored_why": why}
    if not row.due_is_own:
        values["due"] = date_in(project, row, phase, phases)
    return write_move(acting_user, project, row, target.version, values, why)


def refuse_settled(row: PhaseActivity) -> None:
    """Raise RuleBroken where `row` is finished, left out or in a rhythm, so that it stays where it is."""
    said = {"ref": row.activity.ref, "number": row.phase_number}
    if row.status == Status.NOT_APPLICABLE:
        raise RuleBroken(_("%(ref)s is not applicable in phase %(number)d. Bring it back in first.") % said)
    if row.status not in OPEN_STATUSES:
        raise RuleBroken(
            _("%(ref)s was reported done in phase %(number)d and stays there. Add it to the other phase.") % said
        )
    if row.rhythm:
        raise RuleBroken(_("%(ref)s comes round in a rhythm in operation and stays there.") % said)


def _moved(row: PhaseActivity, phase: int) -> dict[str, Any]:
    """Where the row stands then, and from where it came: back in its first place it is the catalogue's again."""
    if row.origin not in (Origin.CATALOGUE, Origin.MOVED, Origin.APPROACH):
        return {"phase_number": phase}
    first = row.phase_number if row.origin_phase is None else row.origin_phase
    if first == phase:
        return {"phase_number": phase, "origin": Origin.CATALOGUE, "origin_phase": None}
    return {"phase_number": phase, "origin": Origin.MOVED, "origin_phase": first}


def date_in(project: Project, row: PhaseActivity, phase: int, phases: Sequence[Phase]) -> Any:
    """When `row` would be due in phase `phase`, by the rules of the plan."""
    texts = texts_for(project)
    text = effective_text(texts, row.activity)
    bearer = row.accountable_id or next(iter(text.roles), "")
    asked = Row(0, phase, row.activity.nature, bearer, row.activity.component)
    return ground_of(project, phases, texts).dates([asked]).get(0)


def write_move(
    acting_user: User | None, project: Project, row: PhaseActivity, version: int, values: dict[str, Any], why: str
) -> PhaseActivity:
    """Write a move and its event; the event's key is where the row stood."""
    key = key_of(row)
    changes: dict[str, Any] = {MOVED_TO: [row.phase_number, values["phase_number"]]}
    for name, said in (("due", "due"), ("origin", "origin"), ("origin_phase", "came from phase")):
        if name in values and values[name] != getattr(row, name):
            changes[said] = [getattr(row, name), values[name]]
    changes["why before"] = [row.tailored_why, values["tailored_why"]]
    before, after = PHASE_NAMES[row.phase_number], PHASE_NAMES[values["phase_number"]]
    write_versioned(row, version=version, values=values, shown={_("Phase"): str(before)}, sent={_("Phase"): str(after)})
    make_packages(project, [(row.activity.component, row.phase_number)])
    draft = Draft(MOVE_ROW, "phase activity", key, "", changes, why)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[draft])
    return row
