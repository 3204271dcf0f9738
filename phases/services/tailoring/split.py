"""Splitting an activity for several services or sites, and joining its parts again.

The whole stays, with its history, comments and note; where its work is open it becomes not applicable and its parts
take over: status, people and fixed dates. What is finished or lies in a closed phase stays with the whole.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.selectors import history_of
from audittrail.services import Draft, record_events
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line
from phases.choices import AssignedBy, PhaseState, Status
from phases.domain.replay import REMOVED, ROW_KIND
from phases.domain.transitions import OPEN_STATUSES
from phases.models import ActivityLink, Contributor, PhaseActivity, ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.tailoring import ACTIVITY_KIND, ADD_PART, BE_PART, JOIN, SPLIT_UP
from phases.services.reasons import check_reason
from phases.services.rows import Target, change_status, key_of
from phases.services.tailoring.own import next_number, rows_of_activity
from phases.services.tailoring.places import added_facts, phases_of, place_rows
from phases.services.tailoring.removal import refuse_reported, remove_rows
from phases.services.tailoring.restore import restore_drafts
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

LONGEST_NAME = 80
LONGEST_TITLE = 220
FEWEST, MOST = 2, 20


def _names(names: Sequence[str]) -> list[str]:
    found = [clean_line(name) for name in names if clean_line(name)]
    if not FEWEST <= len(found) <= MOST:
        raise RuleBroken(
            _("Name %(fewest)d to %(most)d services or sites, one a line.") % {"fewest": FEWEST, "most": MOST},
            field="names",
        )
    if len({name.casefold() for name in found}) != len(found):
        raise RuleBroken(_("Two parts have the same name."), field="names")
    if any(len(name) > LONGEST_NAME for name in found):
        raise RuleBroken(_("A name has %(most)d characters at most.") % {"most": LONGEST_NAME}, field="names")
    return found


def splittable(activity: ProjectActivity, rows: Sequence[PhaseActivity], closed: Sequence[int]) -> list[PhaseActivity]:
    """The rows that parts would take over. Raises RuleBroken, with why, where the activity cannot be split."""
    if activity.part_of_id is not None:
        raise RuleBroken(_("%(ref)s is a part already. Split the whole instead.") % {"ref": activity.ref})
    if activity.parts.exists():
        raise RuleBroken(_("%(ref)s is split already. Join its parts first.") % {"ref": activity.ref})
    found = [row for row in rows if row.status in OPEN_STATUSES and row.phase_number not in closed]
    if not found:
        raise RuleBroken(_("Nothing of %(ref)s is open, so there is nothing to split.") % {"ref": activity.ref})
    return found


@transaction.atomic
def split(
    *,
    acting_user: User | None,
    project: Project,
    activity: ProjectActivity,
    names: Sequence[str],
    reason: str,
    version: int | None = None,
) -> list[ProjectActivity]:
    """Make a part of `activity` for each of `names`; returns the parts, `CH.i/1` on.

    Each part stands in the phases in which the whole has open work. `version` is that of the activity that a person
    saw. Raises RuleBroken where nothing is open or it is split already, and at the field that is wrong; StaleWrite
    where the activity has changed since.
    """
    require_capability(acting_user, "phases.tailor", project)
    if activity.project_id != project.pk:
        raise ProjectActivity.DoesNotExist
    named = _names(names)
    why = check_reason(reason, field="reason")
    phases = phases_of(project)
    closed = [phase.number for phase in phases if phase.state == PhaseState.CLOSED]
    rows = splittable(activity, rows_of_activity(activity), closed)
    write_versioned(
        activity,
        version=activity.version if version is None else version,
        values={},
        shown={_("Title"): activity.title},
        sent={_("Parts"): ", ".join(named)},
    )
    texts = texts_for(project)
    whole = effective_text(texts, activity)
    prefix = f"{activity.ref}/"
    first = next_number(project, prefix)
    parts = ProjectActivity.objects.bulk_create(
        ProjectActivity(
            project=project,
            catalogue_activity_id=activity.catalogue_activity_id,
            ref=f"{prefix}{number}",
            component=activity.component,
            position=activity.position,
            title=f"{whole.title}: {name}"[:LONGEST_TITLE],
            nature=activity.nature,
            is_key=activity.is_key,
            is_supplement=activity.is_supplement,
            part_of=activity,
            part_name=name,
            description=activity.description,
            roles=activity.roles,
            clauses_2011=activity.clauses_2011,
            clauses_2018=activity.clauses_2018,
            effort=activity.effort,
        )
        for number, name in enumerate(named, start=first)
    )
    _copy_links(project, activity, parts)
    sources = {row.phase_number: row for row in rows}
    pairs = [(part, effective_text(texts, part), number) for part in parts for number in sources]
    made = place_rows(project, pairs, phases, why)
    _take_over(project, made, sources)
    listed = ", ".join(f"{part.ref} {part.part_name}" for part in parts)
    change_status(
        acting_user=acting_user,
        project=project,
        targets=[Target(row.pk, row.version) for row in rows],
        status=Status.NOT_APPLICABLE,
        text=_("Split into %(parts)s. %(why)s") % {"parts": listed, "why": why},
    )
    drafts = [
        Draft(SPLIT_UP, ACTIVITY_KIND, activity.ref, "", {"parts": [None, listed]}, why),
        *(Draft(BE_PART, ACTIVITY_KIND, part.ref, part.title, {"part of": [None, activity.ref]}) for part in parts),
        *(Draft(ADD_PART, "phase activity", key_of(row), "", added_facts(row), why) for row in made),
    ]
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return parts


def _copy_links(project: Project, activity: ProjectActivity, parts: Sequence[ProjectActivity]) -> None:
    """Let parts wait, and be waited for, as the whole does."""
    links = list(ActivityLink.objects.filter(project=project, before=activity))
    links += ActivityLink.objects.filter(project=project, after=activity)
    ActivityLink.objects.bulk_create(
        ActivityLink(
            project=project,
            before_id=part.pk if link.before_id == activity.pk else link.before_id,
            after_id=part.pk if link.after_id == activity.pk else link.after_id,
            from_catalogue=link.from_catalogue,
        )
        for link in links
        for part in parts
    )


def _take_over(project: Project, made: Sequence[PhaseActivity], sources: dict[int, PhaseActivity]) -> None:
    """Let each part go on where the whole stands: status and reason, who was chosen by hand, a date that was fixed."""
    now = clock.now()
    by_hand = []
    for row in made:
        source = sources[row.phase_number]
        if source.status != Status.NOT_STARTED:
            row.status, row.reason, row.status_since = source.status, source.reason, now
        if source.assigned_by == AssignedBy.HAND:
            row.accountable, row.assigned_by = source.accountable, source.assigned_by
        if source.due_is_own:
            row.due, row.due_is_own = source.due, True
        row.operating_since, row.rhythm = source.operating_since, source.rhythm
        if source.contributors_by_hand:
            row.contributors_by_hand = True
            by_hand.append((row, source))
    fields = ["status", "reason", "status_since", "accountable", "assigned_by", "due", "due_is_own"]
    fields += ["operating_since", "rhythm", "contributors_by_hand"]
    PhaseActivity.objects.bulk_update(made, fields)
    if by_hand:
        Contributor.objects.filter(project=project, phase_activity__in=[row for row, _source in by_hand]).delete()
        Contributor.objects.bulk_create(
            Contributor(project=project, phase_activity=row, party_id=helper)
            for row, source in by_hand
            for helper in source.contributors.values_list("party_id", flat=True)
        )


def _split_phases(project: Project, rows: Sequence[PhaseActivity]) -> set[int]:
    """The phases in which parts took over from the whole; a part may have been added to others since. One query."""
    keys = [key_of(row) for row in rows]
    told = history_of(project.uuid, ROW_KIND, keys).filter(action=ADD_PART).values_list("key", flat=True)
    return {int(key.rpartition("@")[2]) for key in told}


def refuse_joining(project: Project, activity: ProjectActivity) -> tuple[list[ProjectActivity], list[PhaseActivity]]:
    """The parts of `activity` and their rows. Raises RuleBroken where they cannot be joined."""
    parts = list(activity.parts.order_by("pk"))
    if not parts:
        raise RuleBroken(_("%(ref)s is not split.") % {"ref": activity.ref})
    rows = list(PhaseActivity.objects.filter(activity__in=parts).select_related("activity"))
    refuse_reported(project, rows, refs=[part.ref for part in parts])
    return parts, rows


@transaction.atomic
def join(
    *,
    acting_user: User | None,
    project: Project,
    activity: ProjectActivity,
    reason: str,
    version: int | None = None,
) -> ProjectActivity:
    """Take the parts of `activity` out and let the whole apply again, as it stood before it was split.

    Raises RuleBroken where it is not split, where something was reported or said on a part, or a part lies in a
    closed phase; StaleWrite where the activity has changed since.
    """
    require_capability(acting_user, "phases.tailor", project)
    if activity.project_id != project.pk:
        raise ProjectActivity.DoesNotExist
    why = check_reason(reason, field="reason")
    parts, rows = refuse_joining(project, activity)
    write_versioned(
        activity,
        version=activity.version if version is None else version,
        values={},
        shown={_("Title"): activity.title},
        sent={_("Parts"): _("none")},
    )
    split_in = _split_phases(project, rows)
    wholes = [
        row
        for row in rows_of_activity(activity)
        if row.phase_number in split_in and row.status == Status.NOT_APPLICABLE
    ]
    changes: dict[str, Any] = {"parts": [", ".join(f"{part.ref} {part.part_name}" for part in parts), None]}
    changes[REMOVED] = remove_rows(project, rows, parts)
    drafts = [Draft(JOIN, ACTIVITY_KIND, activity.ref, "", changes, why)]
    drafts += restore_drafts(project, wholes, why)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return activity
