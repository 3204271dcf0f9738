"""What items prove: activities and clauses."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from evidence.choices import ItemState
from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceItem
from evidence.selectors import seen_by
from evidence.services.telling import tell_of
from phases.choices import PhaseState
from phases.models import Phase, ProjectActivity
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require_capability

MOST_AT_ONCE = 500


@transaction.atomic
def link_activities(
    *,
    acting_user: User | None,
    project: Project,
    items: Sequence[EvidenceItem],
    refs: Sequence[str],
    phase_number: int | None = None,
    note: str = "",
    tell_trail: bool = True,
) -> int:
    """Say that each of `items` proves each of the activities `refs`; returns how many links are new.

    A link to a phase that is closed is marked as late. Links that are there already stay. One trail event an item.
    Raises NotPermitted, RuleBroken for a ref that the project does not have or an item that no longer counts, and
    EvidenceItem.DoesNotExist for one that the person may not see.
    """
    require_capability(acting_user, "evidence.add", project)
    _check_seen(acting_user, project, items)
    activities = activities_of(project, refs)
    wanted = list(activities)
    if len(wanted) * len(items) > MOST_AT_ONCE:
        raise RuleBroken(_("At most %(most)d links at once.") % {"most": MOST_AT_ONCE})
    if phase_number is not None and phase_number not in range(5):
        raise RuleBroken(_("Choose a phase from 0 to 4."), field="phase_number")
    is_late = (
        phase_number is not None
        and Phase.objects.filter(project=project, number=phase_number, state=PhaseState.CLOSED).exists()
    )
    there = set(
        ActivityEvidence.objects.filter(item__in=items, activity__in=activities.values()).values_list(
            "item_id", "activity_id"
        )
    )
    made = 0
    for item in items:
        new = [ref for ref in wanted if (item.pk, activities[ref].pk) not in there]
        ActivityEvidence.objects.bulk_create(
            [
                ActivityEvidence(
                    project=project,
                    item=item,
                    activity=activities[ref],
                    phase_number=phase_number,
                    is_late=is_late,
                    note=note[:300],
                    added_by=acting_user,
                    added_at=clock.now(),
                )
                for ref in new
            ]
        )
        made += len(new)
        if new and tell_trail:
            tell_of(acting_user, item, "prove", {"shown for": [None, new]})
    return made


def activities_of(project: Project, refs: Sequence[str]) -> dict[str, ProjectActivity]:
    """The activities that `refs` name, in their order. Raises RuleBroken for one that the plan does not have."""
    wanted = list(dict.fromkeys(refs))
    found = {row.ref: row for row in ProjectActivity.objects.filter(project=project, ref__in=wanted)}
    missing = [ref for ref in wanted if ref not in found]
    if missing:
        raise RuleBroken(_("The plan has no activity %(refs)s.") % {"refs": ", ".join(missing[:5])}, field="refs")
    return {ref: found[ref] for ref in wanted}


@transaction.atomic
def unlink_activity(*, acting_user: User | None, project: Project, item: EvidenceItem, ref: str, why: str = "") -> None:
    """Say that an item does not prove an activity after all. One trail event. Raises as `link_activities`."""
    require_capability(acting_user, "evidence.add", project)
    _check_seen(acting_user, project, [item])
    link = ActivityEvidence.objects.filter(project=project, item=item, activity__ref=ref).first()
    if link is None:
        raise RuleBroken(_("It is not linked to %(ref)s.") % {"ref": ref})
    link.delete()
    tell_of(acting_user, item, "no longer prove", {"shown for": [ref, None]}, reason=why)


@transaction.atomic
def link_clause(
    *, acting_user: User | None, project: Project, item: EvidenceItem, edition: str, clause: str, note: str = ""
) -> ClauseEvidence:
    """Say that an item proves conformity to a clause. One trail event, or none where it is said already."""
    require_capability(acting_user, "evidence.add", project)
    _check_seen(acting_user, project, [item])
    link, made = ClauseEvidence.objects.get_or_create(
        project=project,
        item=item,
        edition=edition,
        clause=clause,
        defaults={"note": note[:300], "added_by": acting_user, "added_at": clock.now()},
    )
    if made:
        tell_of(acting_user, item, "prove", {"clause": [None, f"{clause} ({edition})"]})
    return link


def _check_seen(acting_user: User | None, project: Project, items: Sequence[EvidenceItem]) -> None:
    seen = set(
        seen_by(project, access_to(project, acting_user))
        .filter(pk__in=[item.pk for item in items])
        .values_list("pk", flat=True)
    )
    for item in items:
        if item.pk not in seen:
            raise EvidenceItem.DoesNotExist
        if item.state != ItemState.CURRENT:
            raise RuleBroken(_("%(key)s no longer counts.") % {"key": item.key})
