"""Who may do what to a phase activity."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from common.decisions import ALLOWED, Decision, denied
from phases.domain.transitions import DONE, IN_PROGRESS, VERIFIED, Transition
from phases.domain.verifying import is_audit
from phases.models import Contributor, PhaseActivity, PlanRules
from projects.models import GroupMember, Party, Project
from projects.permissions import Access


def own_party_ids(project: Project, user: User | None) -> frozenset[int]:
    """The parties that `user` is or belongs to in `project`. Two queries."""
    if user is None:
        return frozenset()
    own = set(Party.objects.filter(project=project, user=user).values_list("pk", flat=True))
    groups = GroupMember.objects.filter(project=project, person__user=user).values_list("group_id", flat=True)
    return frozenset(own | set(groups))


def contributes_to(rows: Collection[PhaseActivity], party_ids: Collection[int]) -> frozenset[int]:
    """The ids of `rows` that one of `party_ids` contributes to. One query."""
    if not party_ids:
        return frozenset()
    return frozenset(
        Contributor.objects.filter(phase_activity__in=rows, party_id__in=party_ids).values_list(
            "phase_activity_id", flat=True
        )
    )


def with_ties(rows: QuerySet[PhaseActivity], user: User) -> QuerySet[PhaseActivity]:
    """`rows` with what ties `user` to each: `is_own` (accountable, alone or in a group), `is_helped` (contributes)."""
    mine = Q(party__user=user) | Q(party__group_members__person__user=user)
    return rows.annotate(
        is_own=Exists(
            Party.objects.filter(pk=OuterRef("accountable_id")).filter(
                Q(user=user) | Q(group_members__person__user=user)
            )
        ),
        is_helped=Exists(Contributor.objects.filter(phase_activity=OuterRef("pk")).filter(mine)),
    )


def with_size(rows: QuerySet[PhaseActivity]) -> QuerySet[PhaseActivity]:
    """`rows` with `is_very_small`: whether the project is that of a very small entity."""
    return rows.annotate(is_very_small=Exists(PlanRules.objects.filter(project=OuterRef("project"), very_small=True)))


def may_verify_own(row: PhaseActivity) -> bool:
    """Whether who reported `row` (of `with_size`) done may verify it: in a very small entity, and never an audit."""
    activity = row.activity
    return getattr(row, "is_very_small", False) and not is_audit(activity.ref, activity.component, activity.roles)


def can_report(access: Access, row: PhaseActivity, own: Collection[int], contributed: Collection[int]) -> Decision:
    """A manager reports on every row, others on rows they are accountable for or contribute to."""
    if access.can("phases.report_any"):
        return ALLOWED
    decision = access.can("phases.report")
    if not decision:
        return decision
    if row.accountable_id in own or row.pk in contributed:
        return ALLOWED
    return denied(_("This activity is another's. Its responsible party or the project manager reports on it."))


def sends_back(
    access: Access, row: PhaseActivity, after: str, own: Collection[int], contributed: Collection[int]
) -> bool:
    """Whether the person takes back what another reported done by the right to verify it, not as one who reports.

    Such a step needs words: who did the work shall know what is missing.
    """
    return (
        row.status == DONE
        and after == IN_PROGRESS
        and bool(access.can("phases.verify"))
        and row.done_by_id != access.user_id
        and not can_report(access, row, own, contributed)
    )


def can_step(
    access: Access,
    row: PhaseActivity,
    after: str,
    step: Transition,
    own: Collection[int],
    contributed: Collection[int],
) -> Decision:
    """Whether the person may take `row` to `after`, a step that the table of transitions has."""
    if sends_back(access, row, after, own, contributed):
        return ALLOWED
    if step.capability == "phases.report":
        return can_report(access, row, own, contributed)
    decision = access.can(step.capability)
    if not decision:
        return decision
    if after == VERIFIED and not access.is_system and row.done_by_id == access.user_id and not may_verify_own(row):
        return denied(_("You reported it done, so somebody else verifies it."))
    return ALLOWED
