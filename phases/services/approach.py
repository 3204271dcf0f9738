"""Another approach for a running project: rows that nobody has begun move, go and come."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken
from phases.choices import Approach, Origin
from phases.domain.approaches import came_from
from phases.domain.planning import Row
from phases.domain.replay import MOVED_TO, REMOVED
from phases.models import Contributor, Package, Phase, PhaseActivity, PlanRules, ProjectActivity
from phases.selectors.approach import ApproachChange, approach_change, rules_of
from phases.selectors.as_of import records_of
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.services.ground import ground_of
from phases.services.hand_out import hand_out
from phases.services.make_rows import Placed, add_phases, make_packages
from phases.services.placing import WayOfWorking, check_way
from phases.services.rows import key_of
from phases.services.telling import tell_new_rows
from projects.models import Project
from projects.services.guards import require_capability, write_versioned


class PlanMoved(RuleBroken):
    """The plan has changed since the preview was made: something else would move now."""


@transaction.atomic
def change_approach(
    *,
    acting_user: User | None,
    project: Project,
    way: WayOfWorking,
    version: int | None = None,
    seen: str | None = None,
) -> ApproachChange:
    """Let the plan go by another approach, and be that of a very small entity or not. Returns what moved.

    Rows that the approach places elsewhere move with their party, get a date in their new phase and keep their
    identity; what it does not ask for a second time goes; what it asks for anew comes. Activities that have begun, were
    left out or tailored by hand, would touch a closed phase or lose what somebody gave a row stay as they are.
    `version` is that of the rules that a person saw, `seen` the `ApproachChange.seen` of their preview (None: no person
    saw one). Raises RuleBroken for a way that is not sound, PlanMoved for a preview that no longer holds, StaleWrite
    where the rules have changed.
    """
    require_capability(acting_user, "phases.tailor", project)
    texts = texts_for(project)
    way = check_way(way, texts)
    rules = rules_of(project)
    change = approach_change(project, way.approach, way.component_phases, rules.component_order)
    before = way_of(rules)
    write_versioned(
        rules,
        version=rules.version if version is None else version,
        values={
            "approach": way.approach,
            "component_phases": dict(way.component_phases),
            "very_small": way.very_small,
        },
        shown=_words(before),
        sent=_words(way),
    )
    if seen is not None and seen != change.seen:
        raise PlanMoved(_("Something else would move now than was shown to you. Look at it again, then save."))
    if before == way and not change.changes:
        return change
    said = _differences(before, way)
    removed, drafts = _carry_out(acting_user, project, change, texts)
    facts: dict[str, Any] = {
        **said,
        "rows moved": change.moved,
        "rows added": change.new,
        "phase activities removed": change.gone,
    }
    if removed:
        facts[REMOVED] = removed
    record_events(
        stream_id=project.uuid,
        acting_user=acting_user,
        drafts=[*drafts, Draft("change approach", "project", project.slug, project.name, facts)],
    )
    return change


def _words(way: WayOfWorking) -> dict[str, str]:
    chosen = ", ".join(f"{code} {phase}" for code, phase in sorted(way.component_phases.items()))
    words = {
        _("Approach"): str(Approach(way.approach).label),
        _("Very small entity"): _("Yes") if way.very_small else _("No"),
    }
    return {**words, _("Phases of components"): chosen} if chosen else words


def _differences(before: WayOfWorking, after: WayOfWorking) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if before.approach != after.approach:
        said["approach"] = [before.approach, after.approach]
    if dict(before.component_phases) != dict(after.component_phases):
        said["component phases"] = [dict(before.component_phases), dict(after.component_phases)]
    if before.very_small != after.very_small:
        said["very small entity"] = [before.very_small, after.very_small]
    return said


def _carry_out(
    acting_user: User | None, project: Project, change: ApproachChange, texts: CatalogueTexts
) -> tuple[list[dict[str, Any]], list[Draft]]:
    """Remove, move and add rows, in this order. Returns the removed ones as they stood, and the events."""
    if not change.changes:
        return [], []
    removed = _remove(project, change)
    phases = list(Phase.objects.filter(project=project).order_by("number"))
    drafts = _move(project, change, phases, texts)
    drafts += _add(acting_user, project, change, phases, texts)
    moved = [pk for each in change.steps for pk, _number in each.step.moves]
    if Package.objects.filter(project=project, owner__isnull=False).exists():
        drafts += hand_out(project, "package", Q(pk__in=moved), acting_user=acting_user)[1]
    _drop_empty_packages(project)
    return removed, drafts


def _remove(project: Project, change: ApproachChange) -> list[dict[str, Any]]:
    rows = PhaseActivity.objects.filter(project=project, pk__in=[pk for each in change.steps for pk in each.step.gone])
    names = {f"{ref}@{number}" for ref, number in rows.values_list("activity__ref", "phase_number")}
    if not names:
        return []
    records = records_of(project, names)
    Contributor.objects.filter(project=project, phase_activity__in=rows).delete()
    rows.delete()
    return records


def _move(project: Project, change: ApproachChange, phases: list[Phase], texts: CatalogueTexts) -> list[Draft]:
    into = {pk: (each.text, number) for each in change.steps for pk, number in each.step.moves}
    rows = list(PhaseActivity.objects.filter(project=project, pk__in=into).select_related("activity"))
    rows.sort(key=lambda row: (row.activity.position, row.activity.ref, row.phase_number))
    # The days that these rows have now are free again.
    PhaseActivity.objects.filter(pk__in=into).update(due=None)
    ground = ground_of(project, phases, texts)
    due = ground.dates(
        [
            Row(place, into[row.pk][1], text.nature, row.accountable_id or next(iter(text.roles), ""), text.component)
            for place, row in enumerate(rows)
            for text in (into[row.pk][0],)
        ]
    )
    drafts = []
    for place, row in enumerate(rows):
        text, number = into[row.pk]
        key, before, day = key_of(row), row.phase_number, due.get(place)
        changes = {MOVED_TO: [before, number], "due": [row.due, day]}
        origin = came_from(text.phases, number)
        row.phase_number, row.due, row.due_is_own, row.planned_start = number, day, False, None
        row.origin = Origin.CATALOGUE if origin is None else Origin.APPROACH
        row.origin_phase = origin
        row.version += 1
        drafts.append(Draft("move by approach", "phase activity", key, "", changes))
    fields = ["phase_number", "due", "due_is_own", "planned_start", "origin", "origin_phase", "version"]
    PhaseActivity.objects.bulk_update(rows, fields, batch_size=100)
    make_packages(project, ((row.activity.component, row.phase_number) for row in rows))
    return drafts


def _add(
    acting_user: User | None, project: Project, change: ApproachChange, phases: list[Phase], texts: CatalogueTexts
) -> list[Draft]:
    wanted = [(each, number) for each in change.steps for number in each.step.new]
    if not wanted:
        return []
    activities = ProjectActivity.objects.in_bulk([each.activity for each, _number in wanted])
    placing = {
        (each.text.ref, number): Placed(Origin.APPROACH, origin)
        for each, number in wanted
        if (origin := came_from(each.text.phases, number)) is not None
    }
    pairs = [(activities[each.activity], each.text, number) for each, number in wanted]
    made = add_phases(project, pairs, ground_of(project, phases, texts), placing)
    tell_new_rows(project, acting_user, made)
    return [
        Draft(
            "add from catalogue",
            "phase activity",
            key_of(row),
            "",
            {"due": [None, row.due], "responsible party": [None, row.accountable.name if row.accountable else None]},
        )
        for row in made
    ]


def _drop_empty_packages(project: Project) -> None:
    """Packages without rows go, unless somebody gave them dates or an owner."""
    filled = set(PhaseActivity.objects.filter(project=project).values_list("activity__component", "phase_number"))
    empty = [
        pk
        for pk, component, number in Package.objects.filter(
            project=project, start__isnull=True, end__isnull=True, owner__isnull=True
        ).values_list("pk", "component", "phase_number")
        if (component, number) not in filled
    ]
    Package.objects.filter(pk__in=empty).delete()


def way_of(rules: PlanRules) -> WayOfWorking:
    """The way of working that rules say."""
    return WayOfWorking(rules.approach, dict(rules.component_phases), rules.very_small)
